"""What files gave in the build before: those that did not change are not read again."""

from collections.abc import Iterator
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from galley.build.cover import COLUMNS, Cover, Row
from galley.build.extraction import Extraction
from galley.build.shard import Shard
from galley.build.spill import PARTS, Spill
from galley.files import is_remote, remove_tree

_SUFFIX = ".past"


class Known(NamedTuple):
    """What a file gave, and the sketches of its texts if there are any."""

    extraction: Extraction
    sketches: Any


class Past:
    """The files of a spill that stand in a shard still, as they were.

    Args:
        spill: The spill.
        keys: What decides about each file of the shard, by name.
    """

    def __init__(self, spill: Spill, keys: dict[str, str]) -> None:
        self._spill, self._keys = spill, keys
        self._files = self._read()
        self._next = next(self._files, None)

    @classmethod
    def of(cls, shard: Shard, folder: Path) -> "Past | None":
        """Put the spill in `folder` aside and return it, if a file of it can be used again."""
        spill = Spill(folder)
        if is_remote(folder) or not spill.fits(shard.common, whole=False):
            return None
        if not set(shard.keys.items()) & set(spill.keys_of_files().items()):
            return None
        aside = folder.with_suffix(_SUFFIX)
        remove_tree(aside)
        return cls(Spill(folder.rename(aside)), shard.keys)

    def take(self, name: str) -> Known | None:
        """Return what the file `name` gave; None if it changed. Files are asked for in order."""
        while self._next is not None and self._next[0] < name:
            self._next = next(self._files, None)
        return self._next[1] if self._next is not None and self._next[0] == name else None

    def forget(self) -> None:
        """Remove what was put aside."""
        remove_tree(self._spill.folder)

    def _read(self) -> Iterator[tuple[str, Known]]:
        summary = self._spill.summary
        records = chain.from_iterable(batch.to_pylist() for batch in self._spill.records())
        lines = chain.from_iterable(map(_lines, self._spill.account()))
        accounts = groupby(lines, itemgetter(0))
        refused = self._spill.refused()
        number, rows = next(accounts, (-1, iter(())))
        first = 0
        for index, (name, count) in enumerate(zip(summary.files, summary.records, strict=True)):
            own, account = list(islice(records, count)), Cover(name)
            if number == index:
                account.rows = [_row(row, first) for _, row in rows]
                number, rows = next(accounts, (-1, iter(())))
            if self._keys.get(name) == summary.keys[index]:
                found = Extraction(own, account, refused.get(name, []), summary.sizes[index])
                places = np.arange(first, first + count)
                yield name, Known(found, self._spill.sketches(places) if summary.sketched else None)
            first += count


def _lines(batch: pa.RecordBatch) -> Iterator[tuple[int, Row]]:
    """Yield the rows of an account, each with the number of its file."""
    columns = [_values(batch[name]) for name in COLUMNS]
    return zip(_values(batch["file"]), zip(*columns, strict=True), strict=True)


def _values(column: Any) -> list[Any]:
    """Return the values of a column: numbers sooner than `to_pylist` would."""
    if column.null_count == len(column) or not pa.types.is_integer(column.type):
        return column.to_pylist() if column.null_count < len(column) else [None] * len(column)
    values: list[Any] = column.fill_null(0).to_numpy().tolist()
    for place in np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False)).tolist():
        values[place] = None
    return values


def _row(row: Any, first: int) -> Row:
    """Return a row of the account as an extraction has it."""
    start, end, part, record, *rest = row
    return (start, end, PARTS[part], None if record is None else record - first, *rest)
