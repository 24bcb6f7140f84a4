"""One Parquet file made of several, whose row groups are copied as they are.

A Parquet file ends with a footer that says where each column of each row group lies. Of a row
group that stands further behind nothing changes but these places, and its number: what did not
change since the last build is neither read nor compressed again. The bytes are those of one
writer that was given all row groups.

Source: parquet.thrift of Apache Parquet, and the compact protocol of Apache Thrift.
"""

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from galley.errors import WorkspaceError
from galley.files import replacing

_MAGIC = b"PAR1"
_END = struct.Struct("<I4s")  # the size of the footer, and the magic number again
_AT_ONCE = 1 << 20  # bytes that are copied at a time

# Kinds of values; the first two are themselves the value.
_FLAGS, _BYTE, _NUMBERS, _DOUBLE, _BINARY, _LISTS, _STRUCT = {1, 2}, 3, {4, 5, 6}, 7, 8, {9, 10}, 12
_LONG = 15  # a list of so many, or of more, has its size behind its head

# Fields, by their numbers from the outermost: how many rows a file has, its row groups; of these
# where it lies itself, where its columns do, and their pages, indexes and filters; its number.
_ROWS, _GROUPS = (3,), (4,)
_PLACES = {(4, 5), (4, 1, 2), (4, 1, 4), (4, 1, 6), *((4, 1, 3, n) for n in (9, 10, 11, 14))}
_ORDINAL = (4, 7)
_CHANGING = _PLACES | {_ROWS, _ORDINAL}

Span = tuple[tuple[int, ...], int, int]  # a field, and from where to where its value stands


def splice(path: Path, pieces: Iterable[BinaryIO]) -> None:
    """Write `path` with the row groups of all `pieces`, whole or not at all.

    Args:
        path: Of the file.
        pieces: Parquet files of one schema, written in one way; at least one. Each is read
            before the next is asked for.

    Raises:
        WorkspaceError: A piece is no such file.
    """
    footers: list[_Footer] = []
    groups: list[bytes] = []
    with replacing(path) as part, part.open("wb") as out:
        out.write(_MAGIC)
        for piece in pieces:
            footer, start = _read(piece, getattr(piece, "name", path))
            groups += footer.moved(out.tell() - len(_MAGIC), len(groups))
            _copy(piece, out, start - len(_MAGIC))
            footers.append(footer)
        data = footers[0].joined(sum(footer.rows for footer in footers), groups)
        out.write(data + _END.pack(len(data), _MAGIC))


def _read(file: BinaryIO, name: str | Path) -> tuple["_Footer", int]:
    """Return the footer of a file and where it stands; the file is left at its row groups."""
    try:
        end = file.seek(-_END.size, 2)
        size, magic = _END.unpack(file.read())
        if magic != _MAGIC:
            raise ValueError("it does not end as one")  # noqa: TRY301 - said below of which file
        start = file.seek(end - size)
        footer = _Footer(file.read(size))
    except (OSError, ValueError, IndexError) as error:
        raise WorkspaceError(
            f"cannot read the Parquet at {name}: {error}",
            code="parquet_unreadable",
            hint="run the command that wrote it again, with --force",
        ) from error
    file.seek(len(_MAGIC))
    return footer, start


def _copy(source: BinaryIO, target: BinaryIO, size: int) -> None:
    while size > 0:
        data = source.read(min(size, _AT_ONCE))
        target.write(data)
        size -= len(data)


class _Footer:
    """The metadata of a file, of which the values that may change are found.

    Args:
        data: As it stands in the file.
    """

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0
        self._spans: list[Span] = []
        self._groups: list[tuple[int, int, list[Span]]] = []  # from where to where, and in it
        self._list = (0, 0)  # from where to where all of them stand
        self._pass((), _STRUCT)
        self._count = self._spans[0]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self._value(self._count)

    def moved(self, distance: int, number: int) -> list[bytes]:
        """Return the row groups as they stand so much further behind, numbered from `number`."""
        moved: list[bytes] = []
        for start, stop, spans in self._groups:
            pieces, at = [], start
            for span in spans:
                name, first, last = span
                old = self._value(span)
                new = number + len(moved) if name == _ORDINAL else old + distance * (old > 0)
                pieces += [self._data[at:first], _signed(new)]
                at = last
            moved.append(b"".join([*pieces, self._data[at:stop]]))
        return moved

    def joined(self, rows: int, groups: list[bytes]) -> bytes:
        """Return the metadata of a file with so many rows, in these row groups."""
        data, (_, first, last), (start, stop) = self._data, self._count, self._list
        long = len(groups) >= _LONG
        head = bytes([(_LONG if long else len(groups)) << 4 | _STRUCT])
        size = _plain(len(groups)) if long else b""
        between = data[last:start]
        return b"".join([data[:first], _signed(rows), between, head, size, *groups, data[stop:]])

    def _value(self, span: Span) -> int:
        self._at = span[1]
        number = self._number()
        return number >> 1 ^ -(number & 1)

    def _number(self) -> int:
        """Read a number: seven bits a byte, the lowest first."""
        data, at, number, shift = self._data, self._at, 0, 0
        while data[at] & 0x80:
            number |= (data[at] & 0x7F) << shift
            shift += 7
            at += 1
        self._at = at + 1
        return number | data[at] << shift

    def _pass(self, name: tuple[int, ...], kind: int) -> None:
        """Go on behind the value of a field."""
        start = self._at
        if kind in _NUMBERS:
            self._number()
            if name in _CHANGING:
                self._spans.append((name, start, self._at))
        elif kind == _STRUCT:
            self._pass_struct(name)
        elif kind == _BINARY:
            size = self._number()
            self._at += size
        elif kind in _LISTS:
            self._pass_list(name)
        elif kind in {_BYTE, _DOUBLE}:
            self._at += 1 if kind == _BYTE else 8
        elif kind not in _FLAGS:
            raise ValueError(f"{kind} is no kind of value")

    def _pass_struct(self, name: tuple[int, ...]) -> None:
        number = 0
        while head := self._data[self._at]:
            self._at += 1
            if step := head >> 4:
                number += step
            else:
                number = self._number() >> 1
            self._pass((*name, number), head & 0x0F)
        self._at += 1

    def _pass_list(self, name: tuple[int, ...]) -> None:
        start, head = self._at, self._data[self._at]
        self._at += 1
        size, kind = head >> 4, head & 0x0F
        for _ in range(self._number() if size == _LONG else size):
            if kind in _FLAGS:  # here they take a byte
                self._at += 1
                continue
            first, before = self._at, len(self._spans)
            self._pass(name, kind)
            if name == _GROUPS:
                self._groups.append((first, self._at, self._spans[before:]))
        if name == _GROUPS:
            self._list = (start, self._at)


def _signed(number: int) -> bytes:
    """Return a number as it is written, with its sign in the lowest bit."""
    return _plain(number << 1 ^ number >> 63)


def _plain(number: int) -> bytes:
    """Return a number that is not negative: seven bits a byte, the lowest first."""
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)
