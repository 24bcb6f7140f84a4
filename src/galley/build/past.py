"""What files gave in the build before: those that did not change are not read again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from galley.build.shard import Shard
from galley.build.source import SourceFile
from galley.build.spill import Spill
from galley.files import is_remote, remove_tree

_SUFFIX = ".past"


class Batch(NamedTuple):
    """Some records of a spill.

    Attributes:
        records: As they wait.
        keys: What their identity is looked up by.
        sketches: Of their texts, one below another; None where there are none.
    """

    records: pa.RecordBatch
    keys: pa.RecordBatch
    sketches: Any

    def slice(self, start: int, stop: int) -> "Batch":
        """Return some of them."""
        own = slice(start, stop)
        sketches = None if self.sketches is None else self.sketches[own]
        return Batch(self.records[own], self.keys[own], sketches)


@dataclass(frozen=True)
class Stretch:
    """What files gave that follow each other, then and now, and did not change.

    Attributes:
        number: The first of them, in the spill.
        first: Its first record.
        files: How many records each of them gave, by name.
        sizes: Bytes of each.
        refused: For each of those with any, its entries of the quarantine.
        records: The records, to be taken once.
        account: The rows of the account, no file's in two batches; to be taken once.
    """

    number: int
    first: int
    files: dict[str, int]
    sizes: list[int]
    refused: list[list[dict[str, Any]]]
    records: Iterator[Batch]
    account: Iterator[pa.RecordBatch]


class Past:
    """The files of a spill that stand in a shard still, as they were.

    Args:
        spill: The spill.
        keys: What decides about each file of the shard, by name.
    """

    def __init__(self, spill: Spill, keys: dict[str, str]) -> None:
        self._spill, summary = spill, spill.summary
        same = zip(summary.files, summary.keys, strict=True)
        known = ((n, name) for n, (name, key) in enumerate(same) if keys.get(name) == key)
        self._numbers = {name: number for number, name in known}
        self._firsts = [0, *accumulate(summary.records)]
        self._refused = spill.refused()
        self._records = _Forward(_counted(spill.records()))
        self._keys = _Forward(_counted(spill.keys_in_batches()))
        self._account = _Forward((rows["file"].to_numpy(), rows) for rows in spill.account())

    @classmethod
    def of(cls, shard: Shard, folder: Path) -> "Past | None":
        """Put the spill in `folder` aside and return it, if a file of it can be used again."""
        spill = Spill(folder)
        if is_remote(folder) or not spill.fits(shard.common, whole=False):
            return None
        keys = shard.keys()
        if not set(keys.items()) & set(spill.keys_of_files().items()):
            return None
        aside = folder.with_suffix(_SUFFIX)
        remove_tree(aside)
        return cls(Spill(folder.rename(aside)), keys)

    def divide(self, files: Sequence[SourceFile]) -> Iterator[SourceFile | Stretch]:
        """Yield the files that are to be read, and between them what the others gave.

        Args:
            files: Of the shard, by name.
        """
        run = range(0)
        for file in files:
            number = self._numbers.get(file.name)
            if run and number != run.stop:
                yield self._stretch(run)
                run = range(0)
            if number is None:
                yield file
            else:
                run = range(run.start if run else number, number + 1)
        if run:
            yield self._stretch(run)

    def forget(self) -> None:
        """Remove what was put aside."""
        remove_tree(self._spill.folder)

    def _stretch(self, run: range) -> Stretch:
        summary, own = self._spill.summary, slice(run.start, run.stop)
        names = summary.files[own]
        rows = range(self._firsts[run.start], self._firsts[run.stop])
        return Stretch(
            run.start,
            rows.start,
            dict(zip(names, summary.records[own], strict=True)),
            summary.sizes[own],
            [self._refused[name] for name in names if name in self._refused],
            self._batches(rows),
            self._account.take(run),
        )

    def _batches(self, rows: range) -> Iterator[Batch]:
        start = rows.start
        for records, keys in zip(self._records.take(rows), self._keys.take(rows), strict=True):
            stop = start + len(records)
            sketched = self._spill.summary.sketched
            sketches = self._spill.sketches(np.arange(start, stop)) if sketched else None
            yield Batch(records, keys, sketches)
            start = stop


class _Forward:
    """Rows that are taken in their order.

    Args:
        batches: Of the rows; before each the places of its rows, ascending.
    """

    def __init__(self, batches: Iterator[tuple[Any, pa.RecordBatch]]) -> None:
        self._batches = batches
        self._next = next(batches, None)

    def take(self, places: range) -> Iterator[pa.RecordBatch]:
        """Yield the rows at some places."""
        while self._next is not None:
            own, batch = self._next
            start, stop = np.searchsorted(own, (places.start, places.stop)).tolist()
            if start < stop:
                yield batch.slice(start, stop - start)
            if stop < len(own):
                return
            self._next = next(self._batches, None)


def _counted(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[Any, pa.RecordBatch]]:
    """Yield batches, each with the numbers of its rows."""
    start = 0
    for batch in batches:
        yield np.arange(start, start + len(batch)), batch
        start += len(batch)
