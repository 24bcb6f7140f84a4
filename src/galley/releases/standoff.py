"""A release without its texts: ids, hashes, offsets and labels; and how they are put back.

For texts that may not be passed on: whoever has the same pages builds the same texts, and
`rejoin` puts the labels onto those whose hash is right. No words of a page are in it, neither
the entities' nor a file name's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galley.errors import ReleaseError
from galley.files import is_part, read_jsonl, write_jsonl
from galley.manifest import Manifest, hash_files
from galley.record import Record, Span, make_entity
from galley.releases.history import Release
from galley.releases.snapshot import read_records
from galley.schema.issue import Issue

FILE_NAME = "standoff.jsonl"
# Of a record; what a page says in words is not among them.
_KEPT = ("id", "cluster", "text_sha256", "language", "subheads", "tags", "annotation", "changed_in")


def write_standoff(release: Release, folder: Path) -> int:
    """Write the standoff form of `release` into `folder`, and return how many records it has.

    Raises:
        ReleaseError: The data files are not there, or `folder` holds something else.
    """
    there = folder.iterdir() if folder.exists() else ()
    if {path.name for path in there if not is_part(path)} - {FILE_NAME, "manifest.json"}:
        raise ReleaseError(
            f"{folder} holds something else", code="standoff_folder", hint="name another folder"
        )
    lines = [
        _strip(record) | {"split": entry.split}
        for entry, record in zip(release.entries, read_records(release), strict=True)
    ]
    write_jsonl(folder / FILE_NAME, lines)
    files = {name: entry for name, entry in hash_files(folder).items() if name == FILE_NAME}
    Manifest("standoff", {"release": release.reference}, files, {"records": len(lines)}).write(
        folder
    )
    return len(lines)


def _strip(record: Record) -> dict[str, Any]:
    entities = [
        {name: entity[name] for name in ("start", "end", "label")} for entity in record["entities"]
    ]
    return {name: record[name] for name in _KEPT} | {"entities": entities}


@dataclass(frozen=True)
class Rejoined:
    """What came of putting labels back.

    Attributes:
        records: How many have their text again.
        missing: Those whose text is not here, or is another.
    """

    records: int
    missing: list[Issue]

    def to_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {"records": self.records, "missing": [issue.to_json() for issue in self.missing]}


def rejoin(folder: Path, records: Iterable[Record], out: Path) -> Rejoined:
    """Write the records of a standoff release with their texts, as JSON Lines.

    Args:
        folder: What `write_standoff` wrote.
        records: As built from one's own copy of the pages.
        out: The file to write.

    Raises:
        ReleaseError: `folder` holds no standoff release, or a damaged one.
    """
    manifest = Manifest.load(folder)
    if manifest is None or manifest.kind != "standoff" or manifest.issues(folder):
        raise ReleaseError(
            f"{folder} is no standoff release, or a damaged one",
            code="no_standoff",
            hint="name a folder that `galley release --standoff` wrote; fetch it again",
        )
    lines = [line for _, line in read_jsonl(folder / FILE_NAME)]
    wanted = {line["text_sha256"] for line in lines}
    own = {r["text_sha256"]: r for r in records if r["text_sha256"] in wanted}
    found = [line for line in lines if line["text_sha256"] in own]
    write_jsonl(out, _joined(found, own))
    missing = [
        Issue(line["id"], "text_missing", line["text_sha256"], "no record with that text")
        for line in lines
        if line["text_sha256"] not in own
    ]
    return Rejoined(len(found), missing)


def _joined(lines: list[dict[str, Any]], own: dict[str, Record]) -> Iterator[Record]:
    for line in lines:
        record = own[line["text_sha256"]]
        entities = [
            make_entity(record["text"], Span(item["start"], item["end"]), label=item["label"])
            for item in line["entities"]
        ]
        yield record | line | {"entities": entities}
