"""Spills: what was taken out of a shard's files, on disk until all shards have been seen.

An id and a cluster need a look at the whole corpus, which must never be in memory. So each
shard's records wait in a folder of their own, in batches, beside the little of them that the
look needs: their keys and their sketches. The folder outlives the build; the next one takes
it as it is if the shard's fingerprint is the same.
"""

import json
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from galley.files import is_remote
from galley.manifest import entry_of
from galley.record import Part, Record
from galley.similarity import SKETCH, sketch

RECORDS, ACCOUNT, KEYS = "records.arrow", "account.arrow", "keys.arrow"
SKETCHES, BANDS = "sketches", "bands"
QUARANTINE, SUMMARY = "quarantine.jsonl", "summary.json"

PARTS = list(Part)  # a part is kept as its number here
NUMBER_OF_BANDS = SKETCH // 4
_SKETCH = SKETCH * 4  # bytes of a sketch
_SOUGHT = 32  # sketches that are read in the time in which one is looked for
_SENT = ("totals", "_starts")  # some numbers, which other processes need, too
ACCOUNT_SCHEMA = pa.schema(
    [
        pa.field("file", pa.int32(), nullable=False),
        pa.field("byte_start", pa.int64()),
        pa.field("byte_end", pa.int64()),
        pa.field("part", pa.uint8(), nullable=False),
        pa.field("record", pa.int32()),
        pa.field("text_start", pa.int64()),
        pa.field("text_end", pa.int64()),
        pa.field("reason", pa.string()),
    ]
)
KEYS_SCHEMA = pa.schema(
    [
        pa.field("minted", pa.binary(16), nullable=False),
        pa.field("url", pa.binary(32)),
        pa.field("text", pa.binary(32), nullable=False),
        pa.field("title", pa.binary(32), nullable=False),
        pa.field("published", pa.string()),
    ]
)


@dataclass(frozen=True)
class Summary:
    """What a spill holds.

    Attributes:
        fingerprint: Of all that decided what is in it.
        common: Of what decided it of all files alike.
        files: The names of its files, sorted.
        keys: What decided it of each of them.
        sizes: Bytes of each.
        records: How many each of them gave.
        batches: How many records each batch has.
        sketched: Whether there are sketches.
        quarantined: Entries of the quarantine.
        rejected: Files with one.
        bytes: Of all files.
        parts: The size of each file of the spill, and of those that every build reads the hash.
    """

    fingerprint: str
    common: str = ""
    files: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    records: list[int] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    sketched: bool = True
    quarantined: int = 0
    rejected: int = 0
    bytes: int = 0
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)


class Totals(NamedTuple):
    """What a spill holds, counted.

    Attributes:
        fingerprint: Of all that decided what is in it.
        sketched: Whether there are sketches.
        files: Its files.
        bytes: Of all of them.
        rejected: Those with an entry of the quarantine.
        quarantined: Such entries.
    """

    fingerprint: str
    sketched: bool
    files: int
    bytes: int
    rejected: int
    quarantined: int


@dataclass(frozen=True)
class Spill:
    """What was taken out of a shard's files.

    Attributes:
        folder: Where it is.
    """

    folder: Path

    def __reduce__(self) -> tuple[type["Spill"], tuple[Path], dict[str, Any]]:
        """Go to another process without what was read here of all files."""
        return Spill, (self.folder,), {k: v for k, v in self.__dict__.items() if k in _SENT}

    @cached_property
    def summary(self) -> Summary:
        """What it holds.

        Raises:
            OSError: There is none, or it was not finished.
        """
        return self.look()

    def look(self) -> Summary:
        """Return the summary, and do not keep it: its names are most of what is in memory."""
        known = self.__dict__.get("summary")
        return known or Summary(**json.loads((self.folder / SUMMARY).read_bytes()))

    @cached_property
    def totals(self) -> Totals:
        """What it holds, counted."""
        found = self.look()
        numbers = len(found.files), found.bytes, found.rejected, found.quarantined
        return Totals(found.fingerprint, found.sketched, *numbers)

    def fits(self, fingerprint: str, *, whole: bool = True) -> bool:
        """Return whether it was finished, is not damaged, and has what `fingerprint` stands for.

        Args:
            fingerprint: Of a shard, or of what its files have in common.
            whole: Whether all files must be the same.
        """
        try:
            same = fingerprint == (self.summary.fingerprint if whole else self.summary.common)
            return same and (is_remote(self.folder) or self.summary.parts == self.parts())
        except (OSError, ValueError, TypeError):
            return False

    def parts(self) -> dict[str, dict[str, Any]]:
        """Return what the summary says of the files beside it.

        Wrong keys would stand in the registry for good, and nobody misses entries that are gone:
        these two, which are small, are looked at byte by byte.

        Raises:
            OSError: There is none.
        """
        known = {name: entry_of(self.folder / name) for name in (KEYS, QUARANTINE)}
        others = (RECORDS, ACCOUNT, SKETCHES, BANDS)
        return known | {name: {"bytes": (self.folder / name).stat().st_size} for name in others}

    def keys_of_files(self) -> dict[str, str]:
        """Return what decided about each of its files, by name."""
        return dict(zip(self.summary.files, self.summary.keys, strict=True))

    def origin(self, row: int) -> tuple[str, int]:
        """Return a hash of the file of a record and its key, and which of its records it is."""
        firsts, marks = self._origins
        number = int(np.searchsorted(firsts, row, side="right")) - 1
        return marks[number].tobytes().hex(), row - int(firsts[number])

    @cached_property
    def _origins(self) -> tuple[Any, Any]:
        """The first record of each file, and a hash of its name and key.

        All spills are asked at once: of the names themselves, which are objects, what they took
        would stay with this process.
        """
        found = self.look()
        marks = b"".join(map(_mark, found.files, found.keys))
        return np.cumsum([0, *found.records]), np.frombuffer(marks, dtype="V16")

    def refused(self) -> dict[str, list[dict[str, Any]]]:
        """Return the entries of the quarantine, by file."""
        found: dict[str, list[dict[str, Any]]] = {}
        for line in self.quarantine().splitlines():
            entry = json.loads(line)
            found.setdefault(entry["source_file"], []).append(entry)
        return found

    def __len__(self) -> int:
        """Return how many records it has."""
        return int(self._starts[-1])

    def records(self) -> Iterator[pa.RecordBatch]:
        """Yield the records, in batches, in the order of files and places."""
        yield from _read(self.folder / RECORDS)

    def account(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the account, in batches, in the order of files and places."""
        yield from _read(self.folder / ACCOUNT)

    def keys(self) -> pa.Table:
        """Return what the identity of each record is looked up by."""
        return pa.Table.from_batches(self.keys_in_batches(), schema=KEYS_SCHEMA)

    def keys_in_batches(self) -> Iterator[pa.RecordBatch]:
        """Yield what `keys` returns, in the batches of the records."""
        yield from _read(self.folder / KEYS)

    def key(self, name: str) -> pa.ChunkedArray:
        """Return one column of `keys`, and read no other."""
        fields = [KEYS_SCHEMA.get_field_index(name)]
        with _open(self.folder / KEYS, fields) as reader:
            batches = [reader.get_batch(n) for n in range(reader.num_record_batches)]
        return pa.chunked_array([batch[name] for batch in batches], KEYS_SCHEMA.field(name).type)

    def quarantine(self) -> bytes:
        """Return the entries of the quarantine, as lines of JSON."""
        return (self.folder / QUARANTINE).read_bytes()

    def pick(self, rows: list[int], columns: list[str]) -> list[Record]:
        """Return some fields of the records at `rows`, in that order."""
        found: dict[int, Record] = {}
        starts = self._starts
        with _open(self.folder / RECORDS, self._numbers(columns)) as reader:
            for number in sorted(set(np.searchsorted(starts, rows, side="right") - 1)):
                batch = reader.get_batch(int(number))
                start, stop = int(starts[number]), int(starts[number + 1])
                own = [row for row in rows if start <= row < stop]
                found.update((row, batch.slice(row - start, 1).to_pylist()[0]) for row in own)
        return [found[row] for row in rows]

    @cached_property
    def _starts(self) -> Any:
        """The first record of each batch, and how many there are.

        Who writes one shard asks all spills for it: kept whole, their summaries would take more
        memory in each process than all that it writes.
        """
        return np.cumsum([0, *self.look().batches])

    def _numbers(self, columns: list[str]) -> list[int]:
        with _open(self.folder / RECORDS) as reader:
            return [reader.schema.get_field_index(name) for name in columns]

    def sketch(self, row: int) -> tuple[int, ...]:
        """Return the sketch of a record's text; where none was kept, it is made."""
        if self.totals.sketched:
            with (self.folder / SKETCHES).open("rb") as file:  # sooner read than mapped
                file.seek(row * _SKETCH)
                return tuple(array("I", file.read(_SKETCH)))
        return sketch(self.pick([row], ["text"])[0]["text"])

    def sketches(self, rows: Any) -> Any:
        """Return the sketches at `rows`, one below another."""
        path, runs = self.folder / SKETCHES, list(_runs(rows))
        # One request to a store, rather than one for each; and so here, if it is much of the file.
        if is_remote(path) or len(runs) * _SOUGHT > len(self):
            return np.frombuffer(path.read_bytes(), dtype=np.uint32).reshape(-1, SKETCH)[rows]
        found = np.empty((len(rows), SKETCH), dtype=np.uint32)
        # Not mapped: what the system maps around each would count as this process's memory.
        with path.open("rb", buffering=0) as file:
            for own, start in runs:
                file.seek(start * _SKETCH)
                file.readinto(found[own].data.cast("B"))
        return found

    def forget(self) -> None:
        """Let go of what was read of all files."""
        for name in self.__dict__.keys() - {"folder", *_SENT}:
            del self.__dict__[name]

    def bands(self, some: range) -> Any:
        """Return some bands of all sketches, each folded to a number: a row for each band."""
        pieces, place = [np.empty((len(some), 0), dtype=np.uint64)], 0
        with (self.folder / BANDS).open("rb") as file:
            for size in np.diff(self._starts).tolist():
                file.seek((place * NUMBER_OF_BANDS + some.start * size) * 8)
                data = file.read(len(some) * size * 8)
                pieces.append(np.frombuffer(data, dtype=np.uint64).reshape(len(some), size))
                place += size
        return np.concatenate(pieces, axis=1)


def _mark(name: str, key: str) -> bytes:
    return sha256(f"{key} {name}".encode()).digest()[:16]


def _runs(rows: Any) -> Iterator[tuple[slice, int]]:
    """Yield the places in `rows` of rows that follow each other, and the first of these."""
    edges = np.flatnonzero(np.diff(rows) != 1) + 1
    bounds = [0, *edges.tolist(), len(rows)]
    for start, stop in pairwise(bounds):
        if start < stop:
            yield slice(start, stop), int(rows[start])


def _read(path: Path) -> Iterator[pa.RecordBatch]:
    with _open(path) as reader:
        for number in range(reader.num_record_batches):
            yield reader.get_batch(number)


@contextmanager
def _open(path: Path, fields: list[int] | None = None) -> Iterator[pa.ipc.RecordBatchFileReader]:
    """Yield what reads the batches of a file, of all fields or of some, by their numbers."""
    # A thread takes longer to be told of a column than to unpack it.
    options = pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False)
    with _source(path) as file, pa.ipc.open_file(file, options=options) as reader:
        yield reader


def _source(path: Path) -> Any:
    """Return what reads a file: here without Python, of which each buffer would ask."""
    return path.open("rb") if is_remote(path) else pa.OSFile(str(path))


def hex_strings(ids: Any) -> pa.Array:
    """Return ids of 16 bytes as 32 hex digits."""
    offsets = np.arange(len(ids) + 1, dtype=np.int32) * 32
    digits = ids.tobytes().hex().encode("ascii")
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(offsets), pa.py_buffer(digits))
