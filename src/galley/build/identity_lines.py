"""The lines of `build/identity.jsonl` as arrays, some at a time.

A line that is as Galley writes it has all of its digits at known places; many such are read at
once. Others are read one by one.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from galley.build.identity import KEPT, Keys
from galley.errors import WorkspaceError
from galley.files import locate_jsonl
from galley.hashing import canonical_json

KINDS = Keys._fields  # lines of other kinds are few
OTHER = -1  # instead of the number of a kind

ID, _KEY, _SKETCH = 16, 32, 4 * KEPT  # bytes
_END = ord("\n")
_LETTER = np.uint8(ord("a") ^ ord("0"))
_BLOCK = 1 << 20
_LINES = 10_000


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
    done = start = 0
    for block in _blocks(path):
        if (lines := _parse(block, start)) is None:
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
    """Return the lines of a block, or None where one of them is no identity line."""
    data = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(data == _END) + 1
    ends = ends if block.endswith(b"\n") else np.append(ends, len(block))
    starts = np.append(0, ends[:-1])
    rows, left = _Rows.make(len(ends)), np.ones(len(ends), dtype=bool)
    for form in _FORMS:
        size = len(form.model)
        some = np.flatnonzero(ends - starts == size)
        if len(some):
            left[rows.take(some, form, sliding_window_view(data, size)[starts[some]])] = False
    for row in np.flatnonzero(left).tolist():
        try:
            line = json.loads(block[starts[row] : ends[row]].decode("utf-8"))
        except (ValueError, RecursionError):
            return None
        if not _is_line(line):
            return None
        rows.put(row, line)
    return rows.lines(starts + start)


class _Form(NamedTuple):
    """How Galley writes lines of one kind: but for the digits all of them are the same.

    Attributes:
        kind: Its number.
        model: Such a line, in bytes; its digits are zeros.
        digits: Where these stand: of the id, of the key, of a sketch.
        first: For each byte how many of those from the model's on may stand there,
        then: and how many of those from `a` on.
    """

    kind: int
    model: Any
    digits: list[slice]
    first: Any
    then: Any

    @classmethod
    def make(cls, kind: str, **more: str) -> "_Form":
        """Return how lines of a kind are written that have `more` than an id and a key."""
        line = canonical_json({"id": "0" * 2 * ID, "kind": kind, "key": "0" * 2 * _KEY} | more)
        model = np.frombuffer(f"{line}\n".encode(), dtype=np.uint8)
        free = model == ord("0")
        first, then = (
            np.where(free, some, one).astype(np.uint8) for some, one in ((10, 1), (6, 0))
        )
        digits = [slice(*found.span()) for found in re.finditer("0+", line)]
        return cls(KINDS.index(kind), model, digits, first, then)

    def differ(self, lines: Any) -> tuple[Any, Any]:
        """Return how lines of this length, a row of bytes each, differ from the model.

        Returns:
            First, which of them do so in nothing but digits.
        """
        odd = lines ^ self.model  # of digits 0 to 9, of letters what `a` has, and up to 5 more
        return ((odd < self.first) | (odd - _LETTER < self.then)).all(axis=1), odd


_FORMS = [*map(_Form.make, KINDS), _Form.make("text", sketch="0" * 2 * _SKETCH)]


class _Rows(NamedTuple):
    """Lines, to be filled in one by one or many at once; see `Lines`."""

    ids: Any
    kinds: Any
    keys: Any
    others: list[tuple[str, str, str]]

    @classmethod
    def make(cls, count: int) -> "_Rows":
        """Return so many lines, all of them of another kind."""
        ids, keys = (np.empty((count, size), dtype=np.uint8) for size in (ID, _KEY))
        return cls(ids, np.full(count, OTHER, dtype=np.int32), keys, [])

    def take(self, rows: Any, form: _Form, found: Any) -> Any:
        """Take what `found` says, a line in each row, and return which of `rows` are of a form."""
        fits, odd = form.differ(found)
        rows = rows[fits]
        self.kinds[rows] = form.kind
        for target, own in zip((self.ids, self.keys), form.digits, strict=False):
            digits = odd[fits, own]
            values = (digits & 15) + (digits >> 6) * 9
            target[rows] = values[:, ::2] << 4 | values[:, 1::2]
        return rows

    def put(self, row: int, line: dict[str, str]) -> None:
        """Take one line."""
        self.ids[row] = _unpack(line["id"])
        if line["kind"] in KINDS:
            self.kinds[row], self.keys[row] = KINDS.index(line["kind"]), _unpack(line["key"])
        else:
            self.others.append((line["id"], line["kind"], line["key"]))

    def lines(self, starts: Any) -> Lines:
        """Return all of them, where each is filled in."""
        keys = self.keys[self.kinds != OTHER].view(np.uint64)
        return Lines(self.ids.view(f"V{ID}")[:, 0], self.kinds, keys, self.others, starts)


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
        rows = _Rows.make(len(some))
        for row, (_, _, line) in enumerate(some):
            rows.put(row, line)
        yield rows.lines(np.array([begin for _, begin, _ in some], dtype=np.int64))


def _is_line(line: Any) -> bool:
    if not isinstance(line, dict) or not isinstance(line.get("kind"), str):
        return False
    size = 2 * (_KEY if line["kind"] in KINDS else ID)
    hashes = [(line.get("id"), 2 * ID), (line.get("key"), size)]
    if "sketch" in line:
        hashes.append((line["sketch"], 2 * _SKETCH))
    return all(isinstance(it, str) and re.fullmatch(f"[0-9a-f]{{{n}}}", it) for it, n in hashes)


def _unpack(digits: str) -> Any:
    return np.frombuffer(bytes.fromhex(digits), dtype=np.uint8)
