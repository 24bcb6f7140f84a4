"""Whether older releases can be read by the schema and vocabularies as they are now.

The schemas are compared; where the data files of a release are here, its rows are checked as
well, and what they show stands above what the schemas let expect.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from galley.errors import ReleaseError
from galley.hashing import sha256_file
from galley.manifest import FILE_NAME
from galley.record import Record
from galley.releases.history import CONTRACT, Release, find_release, list_releases
from galley.releases.version import Level, Version
from galley.schema.check import Checker
from galley.schema.contract import Contract
from galley.schema.evolution import Change, Rows, compare_labels, compare_schemas, fill
from galley.schema.issue import Issue
from galley.schema.rows import ParquetRows

_SHOWN = 5  # issues


@dataclass(frozen=True)
class Reader:
    """What releases are to be read by.

    Attributes:
        contract: The schema.
        labels: The entity labels, in the order of their numbers.
        tags: The tags.
        taxonomy: The hash of `tags.yaml`.
    """

    contract: Contract
    labels: tuple[str, ...]
    tags: frozenset[str]
    taxonomy: str


@dataclass
class Compatibility:
    """What the reader makes of one release.

    Attributes:
        name: Its version, or the path of the schema that was compared.
        changes: How the contracts differ.
        rows: How many rows were checked; None if the schemas alone decided.
        invalid: How many of them are not what the reader expects.
        issues: What is wrong with the first of them.
    """

    name: str
    changes: list[Change] = field(default_factory=list)
    rows: int | None = None
    invalid: int = 0
    issues: list[Issue] = field(default_factory=list)

    @property
    def readable(self) -> bool | None:
        """Whether all rows can be read; None where only the data files could tell."""
        if self.rows is not None:
            return not self.invalid
        verdicts = {change.rows for change in self.changes}
        if Rows.INVALID in verdicts:
            return False
        return None if verdicts & {Rows.DEPENDS, Rows.UNKNOWN} else True

    @property
    def level(self) -> Level:
        """How far the changes raise the version."""
        return max((Level[change.level] for change in self.changes), default=Level.NONE)

    def to_json(self) -> dict[str, Any]:
        """Return the release's part of what `--json` prints."""
        return {
            "release": self.name,
            "readable": self.readable,
            "rows": self.rows,
            "invalid": self.invalid,
            "level": self.level.name,
            "migration": self.readable is False,
            "changes": [change.to_json() for change in self.changes],
            "issues": [issue.to_json() for issue in self.issues],
        }


def compare_releases(folder: Path, reader: Reader, against: str | None) -> list[Compatibility]:
    """Return what `reader` makes of releases, by version.

    Args:
        folder: `releases/`.
        reader: What they are to be read by.
        against: A version, the folder of a release, or a schema file; None for all releases.

    Raises:
        ReleaseError: There is no such release, or a file of it is damaged.
    """
    if against is None:
        return [_compare_release(release, reader) for release in list_releases(folder)]
    path = Path(against)
    if path.is_file():
        old = _read_schema(path)
        changes = compare_schemas(old.document, reader.contract.document)
        return [Compatibility(against, list(changes))]
    release = _open_release(path) if path.is_dir() else find_release(folder, against)
    return [_compare_release(release, reader)]


def _compare_release(release: Release, reader: Reader) -> Compatibility:
    old = _read_schema(release.path / CONTRACT)
    labels = _find_labels(release.features)
    found = Compatibility(
        str(release.version),
        [
            *compare_schemas(old.document, reader.contract.document),
            *compare_labels(labels, reader.labels),
        ],
    )
    files = [name for name in release.manifest.files if name.startswith("data/")]
    if all((release.path / name).is_file() for name in files):
        found.rows = 0
        for name in files:
            _check_file(release, name, old, reader=reader, found=found)
    elif release.manifest.inputs.get("taxonomy") != reader.taxonomy:
        found.changes.append(Change("tags[]", "unknown", "another tags.yaml", ""))
    return found


def _open_release(folder: Path) -> Release:
    release = Release(Version(0, 0, 0), folder)
    if not (folder / FILE_NAME).is_file() or "version" not in release.manifest.facts:
        raise ReleaseError(
            f"{folder} holds no release",
            code="no_release",
            hint="name a version, the folder of one, or a schema file",
        )
    return Release(Version.parse(release.manifest.facts["version"]), folder)


def _read_schema(path: Path) -> Contract:
    """Read a schema that may lack fields which this version of Galley needs."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        dict(document["properties"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"{path} is no schema of records: {error!r}",
            code="schema_unreadable",
            hint="restore it from git",
        ) from error
    return Contract(document)


def _find_labels(node: Any) -> list[str]:
    """Return the labels of the first ClassLabel in `node`."""
    if not isinstance(node, dict):
        return []
    if node.get("_type") == "ClassLabel":
        return list(node["names"])
    return next(filter(None, map(_find_labels, node.values())), [])


def _check_file(
    release: Release, name: str, old: Contract, *, reader: Reader, found: Compatibility
) -> None:
    path = release.path / name
    if sha256_file(path) != release.manifest.files[name]["sha256"]:
        raise ReleaseError(
            f"{path} is not the file that the manifest names",
            code="data_damaged",
            hint=f"`galley verify {release.path}` says more",
        )
    checker = Checker(reader.contract)
    unknown: set[str] = set()
    for number, row in ParquetRows(path, old):
        record = fill(reader.contract.document, row)
        issues = [*checker.issues(record), *_check_labels(record, reader)]
        unknown |= set(record.get("tags") or ()) - reader.tags
        found.rows = (found.rows or 0) + 1
        found.invalid += bool(issues)
        for issue in issues[: max(_SHOWN - len(found.issues), 0)]:
            where = f"{name}:{number}: {issue.path}"
            found.issues.append(Issue(where, issue.code, issue.expected, issue.got))
    known = {change.old for change in found.changes if change.kind == "tag_removed"}
    for tag in sorted(unknown - known):
        found.changes.append(Change("tags[]", "tag_removed", tag, "not in tags.yaml"))


def _check_labels(record: Record, reader: Reader) -> Iterator[Issue]:
    """Yield the labels that have no number any more: no release can hold them."""
    for number, entity in enumerate(record.get("entities") or ()):
        if entity.get("label") not in reader.labels:
            path = f"$.entities[{number}].label"
            yield Issue(path, "label_unknown", "a label of entities.yaml", str(entity.get("label")))
