"""The lines of `build/identity.jsonl` as arrays, some at a time.

They are read as Arrow reads JSON; only where a line is not as Galley writes it are those from
there on read one by one.
"""

import json
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from galley.build.identity import KEPT, Keys
from galley.errors import WorkspaceError
from galley.files import locate_jsonl

KINDS = Keys._fields  # lines of other kinds are few
OTHER = -1  # instead of the number of a kind

ID, _KEY, _SKETCH = 16, 32, 4 * KEPT  # bytes
_DIGITS = b"0123456789abcdef"
_END, _OPEN, _CLOSE = b"\n{}"
_BLOCK = 1 << 20
_AT_ONCE = 4  # blocks that are in memory
_LINES = 10_000
_SCHEMA = pa.schema([(name, pa.string()) for name in ("id", "kind", "key", "sketch")])
_FORM = pj.ParseOptions(explicit_schema=_SCHEMA, unexpected_field_behavior="ignore")
_NAMES = pa.array(np.array(KINDS, dtype=object), pa.string())


@dataclass(frozen=True)
class Lines:
    """Some lines.

    Attributes:
        ids: The id of each, 16 bytes.
        kinds: The number of its kind, or OTHER.
        keys: Of those that are not of another kind, the key as four numbers.
        others: Of those of another kind the id, the kind, and what it leads to.
        starts: Where each begins in the file, in bytes.
    """

    ids: Any
    kinds: Any
    keys: Any
    others: list[tuple[str, str, str]]
    starts: Any


def read_lines(path: Path) -> Iterator[Lines]:
    """Yield the lines at `path`, some at a time; none if there is no such file.

    Raises:
        WorkspaceError: A line is no identity line.
    """
    blocks, done, start = _blocks(path), 0, 0
    with ThreadPoolExecutor() as pool:  # to parse leaves the interpreter to others
        while some := list(islice(blocks, _AT_ONCE)):
            starts = accumulate(map(len, some), initial=start)
            for block, lines in zip(some, pool.map(_parse, some, starts), strict=True):
                if lines is None:
                    yield from _slowly(path, done)
                    return
                yield lines
                done, start = done + len(lines.ids), start + len(block)


def read_sketches(path: Path, starts: Iterable[int]) -> Iterator[str | None]:
    """Yield the sketch, packed, that the line at each of `starts` keeps; None for none."""
    with path.open("rb") as file:
        for start in starts:
            file.seek(start)
            yield json.loads(file.readline()).get("sketch")


def _blocks(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block + file.readline()


def _parse(block: bytes, start: int) -> Lines | None:
    """Return the lines of a block, or None where they are not all as Galley writes them.

    Arrow ends the process where a line is a bare `null`: it gets objects alone, one a line.
    """
    ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == _END)
    count = len(ends) + (not block.endswith(b"\n"))
    starts = np.append(0, ends + 1)[:count]
    if not _are_objects(block, starts):
        return None
    reading = pj.ReadOptions(use_threads=False, block_size=len(block) + 1)
    try:
        table = pj.read_json(pa.BufferReader(block), reading, _FORM).combine_chunks()
        named, keys = pc.is_in(table["kind"], value_set=_NAMES), table["key"]
        sizes = (
            (table["id"], ID),
            (keys.filter(named), _KEY),
            (keys.filter(pc.invert(named)), ID),
            (table["sketch"].drop_null(), _SKETCH),
        )
        whole = all(not _digits(column, size).translate(None, _DIGITS) for column, size in sizes)
    except (pa.ArrowException, ValueError):
        return None
    known = not any(table[name].null_count for name in ("id", "kind", "key"))
    return _lines(table, starts + start) if whole and known and len(table) == count else None


def _are_objects(block: bytes, starts: Any) -> bool:
    """Return whether each line is one object, as far as braces tell."""
    data, count = np.frombuffer(block, dtype=np.uint8), len(starts)
    lasts = np.append(starts[1:] - 1, len(block.rstrip(b"\n"))) - 1
    return (
        block.count(b"{") == block.count(b"}") == count
        and bool((data[starts] == _OPEN).all())
        and bool((data[lasts] == _CLOSE).all())
    )


def _lines(table: pa.Table, starts: Any) -> Lines:
    """Return lines as arrays, where all of them are whole."""
    kinds = pc.index_in(table["kind"], value_set=_NAMES).fill_null(OTHER).to_numpy()
    some = table.filter(pa.array(kinds != OTHER))
    rest = table.filter(pa.array(kinds == OTHER))
    return Lines(
        _bytes(table["id"], ID).view(f"V{ID}"),
        kinds,
        _bytes(some["key"], _KEY).view(np.uint64).reshape(-1, 4),
        list(zip(*(rest[name].to_pylist() for name in ("id", "kind", "key")), strict=True)),
        starts,
    )


def _slowly(path: Path, skipped: int) -> Iterator[Lines]:
    """Yield the lines at `path` but for the first ones, read one by one.

    Raises:
        WorkspaceError: One is no identity line.
    """
    lines = (line for line in locate_jsonl(path) if line[0] > skipped)
    while some := list(islice(lines, _LINES)):
        for number, _, line in some:
            if not _is_line(line):
                raise WorkspaceError(
                    f"{path}:{number} is no identity line",
                    code="identity_invalid",
                    hint="the file is append-only: restore the line from git",
                )
        starts = np.array([begin for _, begin, _ in some], dtype=np.int64)
        yield _lines(pa.Table.from_pylist([line for _, _, line in some], _SCHEMA), starts)


def _is_line(line: Any) -> bool:
    if not isinstance(line, dict) or not isinstance(line.get("kind"), str):
        return False
    size = 2 * (_KEY if line["kind"] in KINDS else ID)
    hashes = [(line.get("id"), 2 * ID), (line.get("key"), size)]
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
