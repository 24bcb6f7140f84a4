"""`releases/CHANGELOG.md`: what each version changed, with the hash of its manifest.

In the form of Keep a Changelog. People may write between the lines of an entry: nothing but
the heading and the line with the hash is ever read back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from galley.releases.diff import Change
from galley.releases.version import Version

_HEAD = """# Changelog

The releases of this dataset, newest first. The numbers follow semantic versioning: a field or
label taken away or a record in another split raises the first (below 1.0.0 the second), records,
fields or labels added and records taken away the second, everything else the third.
"""
_ENTRY = re.compile(r"^## \[([0-9]+\.[0-9]+\.[0-9]+)\]", re.MULTILINE)
_HASH = re.compile(r"^Manifest: sha256 `([0-9a-f]{64})`$", re.MULTILINE)


@dataclass(frozen=True)
class Note:
    """One entry of the changelog.

    Attributes:
        version: The release.
        date: The day it was cut, if it has one.
        manifest: The SHA-256 of its manifest.
        change: What it changed; None for the first release.
        records: How many records it holds.
    """

    version: Version
    date: str | None
    manifest: str
    change: Change | None
    records: int

    def render(self) -> str:
        """Return the entry in Markdown."""
        heading = f"## [{self.version}]" + (f" - {self.date}" if self.date else "")
        lines = [heading, "", f"Manifest: sha256 `{self.manifest}`"]
        for title, items in self._sections():
            if items:
                lines += ["", f"### {title}", "", *(f"- {item}" for item in items)]
        return "\n".join(lines) + "\n"

    def _sections(self) -> Iterator[tuple[str, list[str]]]:
        if self.change is None:
            yield "Added", [f"The first release: {count(self.records, 'record')}."]
        else:
            yield from describe(self.change).items()


def describe(change: Change) -> dict[str, list[str]]:
    """Return sentences on `change` under the titles of Keep a Changelog, empty ones too."""
    other = len(change.changed) - len({*change.corrected, *change.retexted})
    changed = [
        _records(change.corrected, "corrected by people for the first time"),
        _records(change.retexted, "with another text"),
        f"{count(other, 'record')} with other tags, entities or metadata." if other else "",
        _records(change.moved, "in another split", listed=True),
        _named(change.fields_retyped, "Fields of another type"),
    ]
    added = [
        _records(change.added, "added"),
        _named(change.fields_added, "Fields"),
        _named(change.labels_added, "Labels"),
    ]
    removed = [
        _records(change.removed, "removed", listed=True),
        _named(change.fields_removed, "Fields"),
        _named(change.labels_removed, "Labels gone or renumbered"),
    ]
    if not any((*added, *changed, *removed)):
        changed = ["The dataset card, the datasheet or the bytes of the files; no row changed."]
    sections = {"Added": added, "Changed": changed, "Removed": removed}
    return {title: [line for line in lines if line] for title, lines in sections.items()}


def count(number: int, noun: str) -> str:
    """Return `1 record`, `2 records`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _records(ids: list[str], what: str, *, listed: bool = False) -> str:
    if not ids:
        return ""
    names = ": " + ", ".join(f"`{name}`" for name in ids) if listed else ""
    return f"{count(len(ids), 'record')} {what}{names}."


def _named(names: list[str], what: str) -> str:
    return f"{what}: {', '.join(f'`{name}`' for name in names)}." if names else ""


def insert(text: str, note: Note, *, newest: Version | None) -> str:
    """Return the changelog `text` with `note` on top.

    Args:
        text: The changelog so far; empty for none.
        note: The new entry.
        newest: The newest release on disk. Entries above it announce a release that a killed
            run did not finish: they are dropped.
    """
    head, entries = _parse(text)
    kept = [entry for version, entry in entries if newest is not None and version <= newest]
    parts = (head or _HEAD, note.render(), *kept)
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)  # one blank line between two


def manifest_hash(text: str, version: Version) -> str | None:
    """Return the hash that the changelog `text` gives for the manifest of `version`, if any."""
    for found, entry in _parse(text)[1]:
        match = _HASH.search(entry)
        if found == version and match is not None:
            return match[1]
    return None


def _parse(text: str) -> tuple[str, list[tuple[Version, str]]]:
    """Return what stands before the first entry, and the entries with their versions."""
    found = list(_ENTRY.finditer(text))
    bounds = [*(match.start() for match in found), len(text)]
    entries = [
        (Version.parse(match[1]), text[start:end])
        for match, (start, end) in zip(found, pairwise(bounds), strict=True)
    ]
    return text[: bounds[0]], entries
