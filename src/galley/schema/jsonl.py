"""Check JSON Lines from outside, plain or compressed, a block of lines at a time."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa

from galley.errors import SchemaError, SourceError
from galley.schema.arrow import arrow_schema
from galley.schema.characters import runs
from galley.schema.check import Checker
from galley.schema.contract import Contract
from galley.schema.findings import Findings
from galley.schema.issue import Issue
from galley.schema.pool import keep
from galley.schema.rules import UnknownRuleError
from galley.schema.screen import Screen

# What a compressed file begins with, and what Arrow calls that.
_COMPRESSED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_BUFFER = 1 << 20
_BLOCK = 1 << 21  # of what is unpacked here
_LEAST, _MOST = 1 << 20, 1 << 23  # of what is read where it is looked at
_PARTS = 8  # of what is left: the last ones are small, so that all end at about the same time
_LONGEST = 1 << 30  # a block that Arrow is asked to read

Span = tuple[int, int]  # the bytes of some lines of a file, from one to before another


@dataclass(frozen=True)
class JsonLines:
    """A file of JSON Lines.

    Attributes:
        path: The file.
        contract: What each line should be.
    """

    path: Path
    contract: Contract

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """Go to another process without what was made here."""
        return keep, (JsonLines, self.path, self.contract)

    @property
    def column_issues(self) -> list[Issue]:
        """What concerns the whole file: nothing."""
        return []

    @cached_property
    def checker(self) -> Checker:
        """Checks a line."""
        return Checker(self.contract)

    @cached_property
    def _screen(self) -> Screen | None:
        """Finds the lines that may be wrong, if it can be done for the contract."""
        try:
            screen = Screen(self.contract)
            arrow_schema(self.contract)
        except (UnknownRuleError, SchemaError):
            return None
        # Arrow does not tell a field that is null from one that is not there.
        return screen if screen.rule.complete else None

    @cached_property
    def _form(self) -> Any:
        import pyarrow.json as pj  # noqa: PLC0415 - not for Parquet

        schema = arrow_schema(self.contract)
        return pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")

    def prepare(self) -> None:
        """Make what each process would make for itself."""
        if self._screen is not None:
            _ = self._form

    def pieces(self) -> Iterator[Span | bytes]:
        """Yield all lines, in blocks: where they are, or what they are where that is packed.

        Raises:
            SourceError: The file is no JSON Lines at all, or cannot be decompressed.
        """
        try:
            with io.BufferedReader(io.FileIO(self.path), _BUFFER) as raw:
                stream = _decompressed(raw)
                _check_start(self.path, stream)
                yield from _spans(self.path) if stream is raw else _blocks(stream)
        except OSError as error:
            raise self._unreadable(error) from error

    def check(self, piece: Span | bytes, limit: int | None) -> Findings:
        """Check the lines of `piece`; those that are blank do not count.

        Raises:
            SourceError: They cannot be read.
        """
        block = piece if isinstance(piece, bytes) else self._read(*piece)
        batch = self._parse(block)
        if batch is not None and self._screen is not None:
            suspects = self._screen.suspects(batch).tolist()
            found = Findings(limit, len(batch), len(batch))
            if not suspects:
                return found
        lines = block.removesuffix(b"\n").split(b"\n")
        if batch is None or self._screen is None:
            suspects = [number for number, line in enumerate(lines) if line.strip()]
            found = Findings(limit, len(lines), len(suspects))
        found.check(((number + 1, _load(lines[number])) for number in suspects), self.checker)
        return found

    def _read(self, start: int, stop: int) -> bytes:
        try:
            with self.path.open("rb", buffering=0) as file:
                file.seek(start)
                return file.read(stop - start)
        except OSError as error:
            raise self._unreadable(error) from error

    def _parse(self, block: bytes) -> pa.RecordBatch | None:
        """Return some lines as a batch, or None where Arrow might not read what JSON says."""
        import pyarrow.json as pj  # noqa: PLC0415 - not for Parquet

        data = np.frombuffer(block, dtype=np.uint8)
        if (
            self._screen is None
            or len(block) > _LONGEST
            or not (number := _count_objects(block, data))
        ):
            return None
        reading = pj.ReadOptions(use_threads=False, block_size=len(block) + 1)
        try:
            table = pj.read_json(pa.BufferReader(block), reading, self._form)
        except pa.ArrowException:
            return None
        batches = table.combine_chunks().to_batches()
        if len(batches) != 1 or len(batches[0]) != number:
            return None
        named = self._screen.rule.count_names(batches[0].to_struct_array())
        return batches[0] if named == _count_names(data) else None

    def _unreadable(self, error: OSError) -> SourceError:
        return SourceError(
            f"cannot read {self.path}: {error.strerror or error}",
            code="unreadable",
            hint="check its permissions; if it is damaged or cut short, fetch it again",
        )


def _count_objects(block: bytes, data: Any) -> int:
    """Return how many lines there are if each is one object by its ends, so that a row is a line.

    Else, or if there are none, return 0.
    """
    ends = np.array(_ends(block))
    starts = np.append(0, ends[:-1] + 1)
    if (ends - starts < 2).any() or (data[starts] != ord("{")).any():
        return 0
    last = data[ends - 1]
    last = np.where(last == ord("\r"), data[ends - 2], last)
    return len(ends) if (last == ord("}")).all() else 0


def _count_names(data: Any) -> int:
    """Return how often an object in some lines of JSON names a field, at most.

    In a string, a quotation mark stands behind a backslash.
    """
    number = 0
    for run in runs(len(data) - 2):
        before, marks, colons = (data[run.start + on : run.stop + on] for on in range(3))
        names = marks == ord('"')
        names &= colons == ord(":")
        names &= before != ord("\\")
        number += int(np.count_nonzero(names))
    return number


def _ends(block: bytes) -> list[int]:
    """Return where each line ends."""
    find, end, ends = block.find, -1, []
    while (end := find(b"\n", end + 1)) >= 0:
        ends.append(end)
    return ends if block[-1:] == b"\n" else [*ends, len(block)]


def _spans(path: Path) -> Iterator[Span]:
    """Yield where some lines begin and end, until the file does."""
    with path.open("rb") as file:
        start, size = 0, file.seek(0, io.SEEK_END)
        while start < size:
            step = min(max((size - start) // _PARTS, _LEAST), _MOST)
            file.seek(min(start + step, size) - 1)
            file.readline()
            yield start, file.tell()
            start = file.tell()


def _blocks(stream: "io.BufferedReader[Any]") -> Iterator[bytes]:
    waiting: list[bytes] = []
    while data := stream.read(_BLOCK):
        head, end, tail = data.rpartition(b"\n")
        if end:
            yield b"".join([*waiting, head, end])
            waiting = []
        waiting.append(tail)
    if any(waiting):
        yield b"".join(waiting)


def _decompressed(raw: "io.BufferedReader[Any]") -> "io.BufferedReader[Any]":
    start = raw.read(4)
    raw.seek(0)
    for magic, name in _COMPRESSED.items():
        if start.startswith(magic):
            return io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(raw), name), _BUFFER)
    return raw


def _check_start(path: Path, stream: "io.BufferedReader[Any]") -> None:
    """Raise if what `stream` begins with is no line of JSON Lines."""
    start = stream.peek(_BUFFER)[:4096]
    if b"\0" in start:
        raise SourceError(
            f"{path} is neither Parquet nor JSON Lines in UTF-8",
            code="not_jsonl",
            hint="convert it: one JSON object a line, in UTF-8",
        )
    first = start.lstrip().partition(b"\n")[0].strip()
    if first in {b"[", b"{"} or first.startswith((b"[{", b"[ {")):
        raise SourceError(
            f"{path} is one JSON document over many lines, not JSON Lines",
            code="not_jsonl",
            hint="`jq -c '.[]' FILE > FILE.jsonl` puts each object of a list on a line of its own",
        )


def _load(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8").rstrip(), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        return Issue("", "not_utf8", "UTF-8", f"byte {error.start} is 0x{line[error.start]:02x}")
    except json.JSONDecodeError as error:
        return Issue("", "not_json", "a JSON value", f"character {error.pos + 1}: {error.msg}")
    except (ValueError, RecursionError) as error:
        return Issue("", "not_json", "a JSON value", str(error)[:80])


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant}, which is no JSON")
