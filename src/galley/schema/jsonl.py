"""Read JSON Lines from outside, plain or compressed: each line is a value or says why not."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa

from galley.errors import SourceError
from galley.schema.issue import Issue

# What a compressed file begins with, and what Arrow calls that.
_COMPRESSED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_BUFFER = 1 << 20


def read_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield `(line number from 1, value)` for each line of `path` that is not blank, in order.

    The value of a line that is no JSON is the Issue that says so.

    Raises:
        SourceError: The file is no JSON Lines at all, or cannot be decompressed.
    """
    try:
        with io.BufferedReader(io.FileIO(path), _BUFFER) as raw:
            stream = _decompressed(raw)
            _check_start(path, stream)
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield number, _parse(line)
    except OSError as error:
        raise SourceError(
            f"cannot read {path}: {error.strerror or error}",
            code="unreadable",
            hint="check its permissions; if it is damaged or cut short, fetch it again",
        ) from error


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
