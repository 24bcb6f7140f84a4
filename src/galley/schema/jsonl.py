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
from galley.schema.check import Checker
from galley.schema.contract import Contract
from galley.schema.findings import Findings
from galley.schema.issue import Issue
from galley.schema.rules import UnknownRuleError
from galley.schema.screen import Screen

# What a compressed file begins with, and what Arrow calls that.
_COMPRESSED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_BUFFER = 1 << 20
_BLOCK = 1 << 21
_LONGEST = 1 << 30  # a block that Arrow is asked to read


@dataclass(frozen=True)
class JsonLines:
    """A file of JSON Lines.

    Attributes:
        path: The file.
        contract: What each line should be.
    """

    path: Path
    contract: Contract

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

    def pieces(self) -> Iterator[bytes]:
        """Yield all lines, in blocks.

        Raises:
            SourceError: The file is no JSON Lines at all, or cannot be decompressed.
        """
        try:
            with io.BufferedReader(io.FileIO(self.path), _BUFFER) as raw:
                stream = _decompressed(raw)
                _check_start(self.path, stream)
                yield from _blocks(stream)
        except OSError as error:
            raise SourceError(
                f"cannot read {self.path}: {error.strerror or error}",
                code="unreadable",
                hint="check its permissions; if it is damaged or cut short, fetch it again",
            ) from error

    def check(self, block: bytes, limit: int | None) -> Findings:
        """Check the lines of `block`; those that are blank do not count."""
        lines = block.removesuffix(b"\n").split(b"\n")
        batch = self._read(block, lines)
        if batch is None or self._screen is None:
            chosen = [number for number, line in enumerate(lines) if line.strip()]
            found = Findings(limit, len(lines), len(chosen))
        else:
            chosen = self._screen.suspects(batch).tolist()
            found = Findings(limit, len(lines), len(lines))
        found.check(((number + 1, _parse(lines[number])) for number in chosen), self.checker)
        return found

    def _read(self, block: bytes, lines: list[bytes]) -> pa.RecordBatch | None:
        """Return the lines as a batch, or None where Arrow might not read what JSON says."""
        import pyarrow.json as pj  # noqa: PLC0415 - not for Parquet

        # One object a line, so that a row is a line.
        whole = all(line[:1] == b"{" and line.endswith((b"}", b"}\r")) for line in lines)
        if self._screen is None or not whole or len(block) > _LONGEST:
            return None
        schema = arrow_schema(self.contract)
        form = pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
        reading = pj.ReadOptions(use_threads=False, block_size=len(block) + 1)
        try:
            table = pj.read_json(pa.BufferReader(block), reading, form)
        except pa.ArrowException:
            return None
        batches = table.combine_chunks().to_batches()
        if len(batches) != 1 or len(batches[0]) != len(lines):
            return None
        named = self._screen.rule.count_names(batches[0].to_struct_array())
        return batches[0] if named == _count_names(block) else None


def _count_names(block: bytes) -> int:
    """Return how often an object in some lines of JSON names a field, at most.

    In a string, a quotation mark stands behind a backslash.
    """
    data = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero((data[1:-1] == ord('"')) & (data[2:] == ord(":")))
    return int(np.count_nonzero(data[ends] != ord("\\")))


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


def _parse(line: bytes) -> Any:
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
