"""The records of all spills, numbered through; what is looked at of them is keys and sketches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from galley.build.identity import Keys
from galley.build.spill import KEYS_SCHEMA, NUMBER_OF_BANDS, Spill
from galley.similarity import SKETCH, Sketch, alike

_AT_ONCE = 1 << 18  # sketches whose bands are sorted in memory at a time
_A_JOB = 1 << 20  # bands of sketches: what is joined by one of them is not compared for others

Place = tuple[int, int]  # a spill, and a row in it


class Article(NamedTuple):
    """What the identity of a record is looked up by, and which version of it this is."""

    keys: Keys
    published: str | None


@dataclass(frozen=True)
class Corpus:
    """The records of a build, by number; a `Shelf` of their sketches.

    Attributes:
        spills: Where they wait; the numbers of one follow those of another.
    """

    spills: Sequence[Spill]

    def __len__(self) -> int:
        """Return how many there are."""
        return int(self.starts[-1])

    @cached_property
    def starts(self) -> Any:
        """The number of each spill's first record, and last how many there are."""
        return np.cumsum([0, *map(len, self.spills)])

    def places(self, numbers: Any) -> Any:
        """Return the places of records when files are read in the order of their names."""
        firsts, steps = self._files
        return numbers + steps[np.searchsorted(firsts, numbers, side="right") - 1]

    def in_order(self, size: int) -> Iterator[Any]:
        """Yield the numbers of all records in the order of places, some `size` at a time."""
        firsts, steps = self._files
        counts = np.diff(firsts, append=len(self))
        order = np.argsort(firsts + steps, kind="stable")
        ends = np.cumsum(counts[order])
        start = 0
        while start < len(order):
            limit = size + (ends[start - 1] if start else 0)
            some = order[start : max(start + 1, int(np.searchsorted(ends, limit, "right")))]
            before = np.cumsum(counts[some]) - counts[some]
            numbers = np.repeat(firsts[some] - before, counts[some])
            yield numbers + np.arange(len(numbers))
            start += len(some)

    @cached_property
    def _files(self) -> tuple[Any, Any]:
        """The first record of each file, and how far its place is from its number."""
        names: list[pa.Array] = []
        found: list[Any] = [np.empty(0, dtype=np.int64)]
        for spill in self.spills:
            summary = spill.look()
            names.append(pa.array(np.array(summary.files, dtype=object), pa.string()))
            found.append(np.array(summary.records, dtype=np.int64))
        counts = np.concatenate(found)
        # In UTF-8, names have the order of their characters.
        order = pc.sort_indices(pa.chunked_array(names, pa.string())).to_numpy()
        firsts, places = np.cumsum(counts) - counts, np.empty(len(counts), dtype=np.int64)
        places[order] = np.cumsum(counts[order]) - counts[order]
        return firsts, places - firsts

    def locate(self, number: int) -> Place:
        """Return where a record waits."""
        spill = int(np.searchsorted(self.starts, number, side="right")) - 1
        return spill, number - int(self.starts[spill])

    def minted(self, spill: int) -> Any:
        """Return the id that each record of a spill has if nobody knows it: 16 bytes."""
        return _values(self.spills[spill].key("minted"), "V16")[:, 0]

    def shared(self, kind: str, part: tuple[int, int]) -> Any:
        """Return records that share a key of one kind with another.

        Only the first 8 bytes are compared: a rare record too many does no harm.

        Args:
            kind: Of the keys.
            part: Which part of the keys, from 0, of how many.
        """
        marks, numbers = [np.empty(0, dtype=np.uint64)], [np.empty(0, dtype=np.int64)]
        for start, spill in zip(self.starts, self.spills, strict=False):
            keys, there = keys_as_numbers(spill.key(kind))
            rows = np.flatnonzero(there & (keys[:, 0] % np.uint64(part[1]) == part[0]))
            marks.append(keys[rows, 0])
            numbers.append(rows + start)
        one, other = neighbours(np.concatenate(marks))
        return np.concatenate(numbers)[np.union1d(one, other)]

    def articles(self, numbers: Any) -> dict[int, Article]:
        """Return what is known of the records `numbers`."""
        table = self.keys(numbers)
        keys = (map(_hex, table[kind].to_pylist()) for kind in Keys._fields)
        found = map(Article, map(Keys, *keys), table["published"].to_pylist())
        return dict(zip(numbers.tolist(), found, strict=True))

    def keys(self, numbers: Any) -> pa.Table:
        """Return what the identity of the records `numbers` is looked up by, in that order."""
        spills = np.searchsorted(self.starts, numbers, side="right") - 1
        order = np.argsort(spills, kind="stable")
        tables = [KEYS_SCHEMA.empty_table()]
        for spill in np.unique(spills).tolist():
            rows = numbers[order[spills[order] == spill]] - self.starts[spill]
            tables.append(self.spills[spill].keys().take(pa.array(rows)))
        return pa.concat_tables(tables).take(pa.array(np.argsort(order)))

    def sketch(self, number: int) -> Sketch:
        """Return the sketch of a record's text."""
        spill, row = self.locate(number)
        return self.spills[spill].sketch(row)

    def comparisons(self, among: Any, threshold: float) -> Iterator["Comparing"]:
        """Yield what finds all pairs that are alike, in parts that fit into memory."""
        packed, parts = np.packbits(among).tobytes(), -(-len(self) // _AT_ONCE)
        number = max(1, _A_JOB // max(1, len(self)))
        for first in range(0, NUMBER_OF_BANDS, number):
            bands = range(first, min(first + number, NUMBER_OF_BANDS))
            for part in range(parts):
                yield Comparing(self.spills, bands, (part, parts), packed, threshold)

    def bands(self, some: range) -> Iterator[Any]:
        """Yield these bands of all sketches."""
        return (spill.bands(some) for spill in self.spills)

    def rows(self, numbers: Any) -> Any:
        """Return the sketches of these records, one below another."""
        spills = np.searchsorted(self.starts, numbers, side="right") - 1
        found = np.empty((len(numbers), SKETCH), dtype=np.uint32)
        for spill in np.unique(spills).tolist():
            own = spills == spill
            found[own] = self.spills[spill].sketches(numbers[own] - self.starts[spill])
        return found


@dataclass(frozen=True)
class Comparing:
    """A part of a comparison of all sketches.

    Attributes:
        spills: Where the records wait.
        bands: Which bands of the sketches.
        part: Which part of the bands' keys, of how many.
        among: For each record whether it counts; eight in a byte.
        threshold: Likeness from which two are alike.
    """

    spills: Sequence[Spill]
    bands: range
    part: tuple[int, int]
    among: bytes
    threshold: float


def compare(job: Comparing) -> Any:
    """Return pairs of records whose texts are alike, see `similarity.alike`."""
    corpus, packed = Corpus(job.spills), np.frombuffer(job.among, dtype=np.uint8)
    among = np.unpackbits(packed, count=len(corpus)).astype(bool)
    return alike(corpus, job.bands, threshold=job.threshold, part=job.part, among=among)


def neighbours(marks: Any) -> tuple[Any, Any]:
    """Return pairs of places at which `marks` are equal: enough to join all that are."""
    order = np.argsort(marks, kind="stable")
    equal = np.flatnonzero(marks[order][1:] == marks[order][:-1])
    return order[equal], order[equal + 1]


def _values(column: pa.ChunkedArray, dtype: str) -> Any:
    """Return a column of binary values of one length as numbers, a row for each."""
    width = column.type.byte_width
    pieces = []
    for chunk in column.chunks:
        data = np.frombuffer(chunk.buffers()[1], dtype=np.uint8)
        own = data[chunk.offset * width : (chunk.offset + len(chunk)) * width]
        pieces.append(own.view(dtype).reshape(len(chunk), -1))
    empty = np.empty((0, width // np.dtype(dtype).itemsize), dtype=dtype)
    return np.concatenate([empty, *pieces])


def _hex(key: bytes | None) -> Any:
    return key and key.hex()


def keys_as_numbers(column: pa.ChunkedArray) -> tuple[Any, Any]:
    """Return keys, a row of numbers for each, and which of them are there."""
    return _values(column, "u8"), ~column.is_null().to_numpy()
