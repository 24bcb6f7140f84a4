"""What two sides of a diff are: a release, or the working state that would be the next one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from galley.errors import ReleaseError
from galley.record import Record
from galley.releases.check_rows import load_codec
from galley.releases.diff import State
from galley.releases.history import Release
from galley.releases.index import Entry

if TYPE_CHECKING:
    from galley.releases.write import Draft

WORKING, NOTHING = ".", "nothing"
_BATCH = 1000


@dataclass(frozen=True)
class Snapshot:
    """One side of a diff.

    Attributes:
        name: The version, or `.` for the working state.
        state: Its index and features.
        records: Yields its records, in any order; their `text` may be left out. None where the
            Parquet is not there.
    """

    name: str
    state: State
    records: Callable[[], Iterator[Record]] | None


def of_release(release: Release) -> Snapshot:
    """Return the snapshot of a release: with its records if the data files are there."""
    here = not missing_files(release)
    return Snapshot(
        name=str(release.version),
        state=State(_by_id(release.entries), release.features),
        records=(lambda: read_records(release, without=("text",))) if here else None,
    )


def of_draft(draft: "Draft") -> Snapshot:
    """Return the snapshot of what would be released now."""
    version = "0.0.0" if draft.last is None else str(draft.last.version)
    entries = draft.entries(version)

    def records() -> Iterator[Record]:
        for start in range(0, len(entries), _BATCH):
            table = draft.rows.select(entries[start : start + _BATCH]).drop_columns("text")
            yield from map(draft.rows.codec.decode, table.to_pylist())

    return Snapshot(WORKING, State(_by_id(entries), draft.features.to_dict()), records)


def of_nothing() -> Snapshot:
    """Return what there is before the first release."""
    return Snapshot(NOTHING, State({}, {}), lambda: iter(()))


def missing_files(release: Release) -> list[str]:
    """Return the data files of `release` that are not there, sorted."""
    return sorted({entry.file for entry in release.entries if not _here(release, entry)})


def read_records(release: Release, *, without: tuple[str, ...] = ()) -> Iterator[Record]:
    """Yield the records of `release` as they were released, in the order of its index.

    Args:
        release: With its data files.
        without: Top-level fields that are left out.

    Raises:
        ReleaseError: A data file is not there, or is not the release's.
    """
    if absent := missing_files(release):
        raise ReleaseError(
            f"the release {release.version} has no {absent[0]}: data files are not committed",
            code="data_missing",
            hint=f"`galley release --rebuild {release.version}` makes them again",
        )
    codec = load_codec(release)
    streams = {
        path: _rows(release, path, without=without)
        for path in {entry.file for entry in release.entries}
    }
    for entry in release.entries:
        row = next(streams[entry.file], None)
        if row is None or row["id"] != entry.id:
            raise ReleaseError(
                f"{release.path / entry.file} does not hold the rows of the index: "
                f"expected {entry.id}, got {row and row['id']}",
                code="data_damaged",
                hint=f"`galley release --rebuild {release.version}` makes it again",
            )
        yield codec.decode(row)


def _rows(release: Release, path: str, *, without: tuple[str, ...]) -> Iterator[Record]:
    file = pq.ParquetFile(release.path / path)
    columns = [name for name in file.schema_arrow.names if name not in without]
    for batch in file.iter_batches(_BATCH, columns=columns):
        yield from batch.to_pylist()


def _here(release: Release, entry: Entry) -> bool:
    return (release.path / entry.file).is_file()


def _by_id(entries: list[Entry]) -> dict[str, Entry]:
    return {entry.id: entry for entry in entries}
