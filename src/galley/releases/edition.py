"""What a report is made from: a release in the making, or what would be one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from galley.record import Record
from galley.releases.diff import Change, State, compare
from galley.releases.facts import Facts
from galley.releases.history import Release
from galley.releases.index import Entry
from galley.releases.rows import Rows

UNRELEASED = "0.0.0"
"""The version of what has none yet."""
_BATCH = 500


@dataclass(frozen=True)
class Imprint:
    """What a release says of itself.

    Attributes:
        version: Its version.
        date: Its day, or None.
        ledger: The head of the ledger that it was made from.
        since: The release before; None for the first.
    """

    version: str
    date: str | None
    ledger: dict[str, Any]
    since: Release | None

    @classmethod
    def of(cls, release: Release) -> Self:
        """Return what `release`, which lies beside the one before it, says of itself."""
        inputs = release.manifest.inputs
        return cls(str(release.version), release.date, inputs["ledger"], release.previous)


@dataclass(frozen=True)
class Edition:
    """The records of a release with what is known of them.

    Attributes:
        title: Of the dataset.
        seed: What draws the records that are shown whole.
        imprint: What it says of itself.
        rows: The records, others too.
        entries: Its index.
        facts: What was measured.
    """

    title: str
    seed: str
    imprint: Imprint
    rows: Rows
    entries: list[Entry]
    facts: Facts

    @property
    def change(self) -> Change | None:
        """What is another than in the release before; None for the first."""
        since = self.imprint.since
        if since is None:
            return None
        old = {entry.id: entry for entry in since.entries}
        new = {entry.id: entry for entry in self.entries}
        features = self.rows.codec.features.to_dict()
        return compare(State(old, since.features), State(new, features))

    def records(self) -> Iterator[Record]:
        """Yield its records, in the order of the index."""
        codec = self.rows.codec
        for start in range(0, len(self.entries), _BATCH):
            table = self.rows.select(self.entries[start : start + _BATCH])
            yield from map(codec.decode, table.to_pylist())


def edition_of(release: Release, rows: Rows) -> Edition:
    """Return what a report on `release` is made from; `rows` hold its records, and may more."""
    settings = release.manifest.inputs["settings"]
    return Edition(
        title=settings["title"] or settings["name"],
        seed=settings["seed"],
        imprint=Imprint.of(release),
        rows=rows,
        entries=release.entries,
        facts=rows.measure(release.entries),
    )
