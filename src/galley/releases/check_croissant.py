"""Check the Croissant file: loaders believe its hashes, and read the fields that it names."""

import json
from collections.abc import Iterator
from typing import Any

from galley.releases.check_card import differences
from galley.releases.check_rows import load_codec
from galley.releases.croissant import FILE_NAME, describe_content
from galley.releases.history import Release
from galley.schema.issue import Issue


def check_croissant(release: Release) -> Iterator[Issue]:
    """Yield where what the Croissant file says of the data is not what the manifest says.

    Only what a reader acts on is compared: other versions of Galley may word the rest otherwise.
    """
    if FILE_NAME not in release.manifest.files:
        return  # it is as old as that
    codec = load_codec(release)
    files = {
        path: entry for path, entry in release.manifest.files.items() if path.startswith("data/")
    }
    expected = {
        "version": str(release.version),
        **describe_content(codec.contract, codec.names, files),
    }
    try:
        claims = _claims(json.loads((release.path / FILE_NAME).read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield Issue(FILE_NAME, "croissant_unreadable", "a Croissant document", repr(error))
        return
    yield from differences(_claims(expected), claims, f"{FILE_NAME}: $")


def _claims(document: Any) -> dict[str, Any]:
    """Return the files and fields of a Croissant document by their names."""
    sets = {item["@id"]: item for item in document["recordSet"]}
    return {
        "version": document["version"],
        "distribution": {
            item["contentUrl"]: {name: item[name] for name in ("contentSize", "sha256")}
            for item in document["distribution"]
        },
        "labels": [row["labels/name"] for row in sets.pop("labels")["data"]],
        "recordSet": {name: dict(_fields(item["field"])) for name, item in sets.items()},
    }


def _fields(fields: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield each field with its type and the place in the files that it is read from."""
    for field in fields:
        yield field["@id"], [field.get("dataType"), field["source"]]
        yield from _fields(field.get("subField", []))
