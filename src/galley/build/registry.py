"""The registry of ids as it lies on disk, held as arrays: many keys are looked up at once.

A record takes some hundred bytes of memory, and as many where its sketch is asked for; as
objects of Python it would be thousands.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from galley.build.identity import KEPT, Keys
from galley.errors import WorkspaceError
from galley.files import read_jsonl

KINDS = Keys._fields  # lines of other kinds are few
NONE, SEVERAL = -1, -2  # instead of a number: nobody has a key; who has it takes a closer look

_ID, _KEY, _SKETCH = 16, 32, 4 * KEPT  # bytes
_HEX = re.compile(f"[0-9a-f]{{{2 * _ID}}}")
_DIGITS = b"0123456789abcdef"
_BLOCK = 1 << 20
_AT_ONCE = 4  # blocks that are in memory
_LINES = 10_000
_SCHEMA = pa.schema([(name, pa.string()) for name in ("id", "kind", "key", "sketch")])
_FORM = pj.ParseOptions(explicit_schema=_SCHEMA, unexpected_field_behavior="ignore")
_NAMES = pa.array(np.array(KINDS, dtype=object), pa.string())


@dataclass(frozen=True)
class Index:
    """The keys of one kind.

    Attributes:
        marks: The first eighth of each key, a number; ascending.
        keys: The keys in that order, each as four numbers.
        owners: The number of the id that has each.
    """

    marks: Any
    keys: Any
    owners: Any

    @classmethod
    def make(cls, keys: Any, owners: Any) -> "Index":
        """Return an index of keys, in the order of the registry, of the ids `owners`."""
        order = np.argsort(keys[:, 0], kind="stable")
        return cls(keys[order, 0], keys[order], owners[order])

    def find(self, key: bytes) -> list[int]:
        """Return all that have a key, in the order of the registry."""
        mark = np.frombuffer(key, dtype=np.uint64)[0]
        place, found = int(self.marks.searchsorted(mark)), []
        while place < len(self.marks) and self.marks[place] == mark:
            if self.keys[place].tobytes() == key:
                found.append(int(self.owners[place]))
            place += 1
        return found

    def look_up(self, keys: Any) -> Any:
        """Return for each of `keys` the number of who has it, or NONE, or SEVERAL."""
        marks = np.ascontiguousarray(keys[:, 0])
        first, last = (np.searchsorted(self.marks, marks, side) for side in ("left", "right"))
        found = np.where(first == last, NONE, SEVERAL).astype(np.int32)
        one = np.flatnonzero(last - first == 1)
        sure = one[(self.keys[first[one]] == keys[one]).all(axis=1)]
        found[sure] = self.owners[first[sure]]
        return found


@dataclass(frozen=True)
class Registry:
    """The lines of `build/identity.jsonl`; an id is a number here, the oldest is 0.

    Attributes:
        path: The file.
        ids: The ids, 16 bytes each.
        indexes: The keys, by kind.
        aliases: The younger of two ids for one record to the older.
        retracted: The ids of records that were taken out.
    """

    path: Path
    ids: Any
    indexes: Mapping[str, Index]
    aliases: dict[str, str]
    retracted: set[str]

    @classmethod
    def load(cls, path: Path) -> "Registry":
        """Read the registry at `path`; where there is none, it is empty.

        Raises:
            WorkspaceError: A line is no identity line.
        """
        names, kinds, keys, others = _read(path)
        data = pa.py_buffer(names.view(np.uint8))
        coded = pa.Array.from_buffers(pa.binary(_ID), len(names), [None, data]).dictionary_encode()
        ids = np.frombuffer(coded.dictionary.buffers()[1] or b"", dtype=f"V{_ID}")
        owners = coded.indices.to_numpy()[kinds != NONE]
        kinds = kinds[kinds != NONE]
        indexes = {
            name: Index.make(keys[kinds == code], owners[kinds == code])
            for code, name in enumerate(KINDS)
        }
        aliases = {key: name for name, kind, key in others if kind == "alias"}
        retracted = {name for name, kind, _ in others if kind == "retracted"}
        return cls(path, ids[: len(coded.dictionary)], indexes, aliases, retracted)

    def number(self, name: str) -> int | None:
        """Return the number of an id; None if it is not here."""
        if not _HEX.fullmatch(name) or not len(self.ids):
            return None
        own = np.frombuffer(bytes.fromhex(name), dtype=f"S{_ID}")
        place = int(self._order[0].searchsorted(own)[0])
        if place == len(self.ids) or self._order[0][place] != own[0]:
            return None
        return int(self._order[1][place])

    def numbers(self, names: Iterable[str]) -> Any:
        """Return the numbers of those of the ids `names` that are here."""
        found = map(self.number, names)
        return np.array([number for number in found if number is not None], dtype=np.int32)

    def names(self, kind: str, key: str) -> list[str]:
        """Return the ids that have a key, in the order of the registry."""
        return [self.name(number) for number in self.indexes[kind].find(bytes.fromhex(key))]

    def name(self, number: int) -> str:
        """Return the id of that number."""
        return str(self.ids[number].tobytes().hex())

    def root(self, name: str) -> str:
        """Return the id that stands for `name`, which may be an alias."""
        while name in self.aliases:
            name = self.aliases[name]
        return name

    def look_up(self, kind: str, keys: Any) -> Any:
        """Return for each of `keys` the number of the record that has it, or NONE, or SEVERAL."""
        found = self.indexes[kind].look_up(keys)
        known = found >= 0
        found[known] = self.roots[found[known]]
        return found

    def reach(self, kind: str, marks: Any) -> tuple[Any, Any, Any]:
        """Return what the beginnings of keys may lead to.

        Returns:
            Which of `marks` lead to any record, one that each leads to, and pairs of the records
            that one mark leads to.
        """
        index = self.indexes[kind]
        first, last = (np.searchsorted(index.marks, marks, side) for side in ("left", "right"))
        which, owners = np.flatnonzero(first < last), self.roots[index.owners]
        starts, some = np.unique(first[which], return_index=True)
        sizes = (last - first)[which][some]
        inner = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        heads = np.repeat(starts, sizes)
        same = np.column_stack((owners[heads], owners[heads + inner])).astype(np.int64)
        return which, owners[first[which]].astype(np.int64), same

    @cached_property
    def roots(self) -> Any:
        """For each id the number of the one that stands for it."""
        roots = np.arange(len(self.ids), dtype=np.int32)
        for name in self.aliases:
            number, root = self.number(name), self.number(self.root(name))
            if number is not None and root is not None:
                roots[number] = root
        return roots

    @cached_property
    def sketches(self) -> tuple[Any, Any]:
        """Each sketch of a text, and before them whose they are, ascending.

        They are read when they are asked for first: of most registries nobody does.
        """
        owners, values = [np.empty(0, dtype=np.int32)], [np.empty((0, KEPT), dtype=np.uint32)]
        for table in _tables(self.path):
            some = table.filter(table["sketch"].is_valid())
            places = np.searchsorted(self._order[0], _bytes(some["id"], _ID).view(f"S{_ID}"))
            owners.append(self.roots[self._order[1][places]])
            numbers = _bytes(some["sketch"], _SKETCH).view(">u4").reshape(-1, KEPT)
            values.append(numbers.astype(np.uint32))
        whose = np.concatenate(owners)
        order = np.argsort(whose, kind="stable")
        return whose[order], np.concatenate(values)[order]

    def sketches_of(self, number: int) -> list[tuple[int, ...]]:
        """Return the sketches of the texts that a record had."""
        owners, values = self.sketches
        start, stop = (np.searchsorted(owners, number, side) for side in ("left", "right"))
        return list(map(tuple, values[start:stop].tolist()))

    @cached_property
    def _order(self) -> tuple[Any, Any]:
        """The ids, sorted, and their numbers."""
        ids = self.ids.view(f"S{_ID}")
        order = np.argsort(ids, kind="stable").astype(np.int32)
        return ids[order], order


def _read(path: Path) -> tuple[Any, Any, Any, list[tuple[str, str, str]]]:
    """Return of each line the id and the number of its kind, then the keys, and other lines."""
    names, kinds = [np.empty(0, dtype=f"V{_ID}")], [np.empty(0, dtype=np.int64)]
    keys = [np.empty((0, 4), dtype=np.uint64)]
    others: list[tuple[str, str, str]] = []
    for table in _tables(path):
        codes = pc.index_in(table["kind"], value_set=_NAMES).fill_null(NONE).to_numpy()
        names.append(_bytes(table["id"], _ID).view(f"V{_ID}"))
        kinds.append(codes.astype(np.int64))
        some = table.filter(pa.array(codes != NONE))
        keys.append(_bytes(some["key"], _KEY).view(np.uint64).reshape(-1, 4))
        rest = table.filter(pa.array(codes == NONE))
        others += zip(*(rest[name].to_pylist() for name in ("id", "kind", "key")), strict=True)
    return np.concatenate(names), np.concatenate(kinds), np.concatenate(keys), others


def _tables(path: Path) -> Iterator[pa.Table]:
    """Yield the lines at `path`, some at a time.

    Raises:
        WorkspaceError: A line is no identity line.
    """
    done = 0
    blocks = _blocks(path)
    with ThreadPoolExecutor() as pool:  # to parse leaves the interpreter to others
        while some := list(islice(blocks, _AT_ONCE)):
            for table in pool.map(_parse, some):
                if table is None:
                    yield from _slowly(path, done)
                    return
                done += len(table)
                yield table


def _blocks(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block + file.readline()


def _parse(block: bytes) -> pa.Table | None:
    """Return some lines, or None where they are not all as Galley writes them."""
    reading = pj.ReadOptions(use_threads=False, block_size=len(block) + 1)
    try:
        table = pj.read_json(pa.BufferReader(block), reading, _FORM).combine_chunks()
        named, keys = pc.is_in(table["kind"], value_set=_NAMES), table["key"]
        sizes = (
            (table["id"], _ID),
            (keys.filter(named), _KEY),
            (keys.filter(pc.invert(named)), _ID),
            (table["sketch"].drop_null(), _SKETCH),
        )
        whole = all(not _digits(column, size).translate(None, _DIGITS) for column, size in sizes)
    except (pa.ArrowException, ValueError):
        return None
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    known = not any(table[name].null_count for name in ("id", "kind", "key"))
    return table if whole and known and len(table) == lines else None


def _slowly(path: Path, skipped: int) -> Iterator[pa.Table]:
    """Yield the lines at `path` but for the first ones, read one by one.

    Raises:
        WorkspaceError: One is no identity line.
    """
    lines = (line for line in read_jsonl(path) if line[0] > skipped)
    while some := list(islice(lines, _LINES)):
        for number, line in some:
            if not _is_line(line):
                raise WorkspaceError(
                    f"{path}:{number} is no identity line",
                    code="identity_invalid",
                    hint="the file is append-only: restore the line from git",
                )
        yield pa.Table.from_pylist([line for _, line in some], _SCHEMA)


def _is_line(line: Any) -> bool:
    if not isinstance(line, dict) or not isinstance(line.get("kind"), str):
        return False
    size = 2 * (_KEY if line["kind"] in KINDS else _ID)
    hashes = [(line.get("id"), 2 * _ID), (line.get("key"), size)]
    if "sketch" in line:
        hashes.append((line["sketch"], 2 * _SKETCH))
    return all(isinstance(it, str) and re.fullmatch(f"[0-9a-f]{{{n}}}", it) for it, n in hashes)


def _bytes(column: Any, size: int) -> Any:
    """Return what the hex digits of each value stand for, one after another.

    Raises:
        ValueError: There are not so many digits in each.
    """
    return np.frombuffer(bytes.fromhex(_digits(column, size).decode("ascii")), dtype=np.uint8)


def _digits(column: Any, size: int) -> bytes:
    """Return the values of a column one after another, each of `size` bytes as hex digits.

    Raises:
        ValueError: One has another length.
    """
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pc.any(pc.not_equal(pc.binary_length(column), 2 * size)).as_py():
        raise ValueError(size)
    _, offsets, data = column.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int32)[column.offset :][: len(column) + 1]
    return bytes(data[bounds[0] : bounds[-1]]) if len(column) else b""
