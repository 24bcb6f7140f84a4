"""Hold an extraction against a gold that labels every byte."""

import json
from pathlib import Path
from typing import Any

from galley.build.extract import extract
from galley.build.extraction import Extraction
from galley.build.source import Source
from galley.schema.check import Checker
from galley.schema.contract import Contract

CHECKER = Checker(Contract.default())
# A caption and its credit count as one: where the bar belongs is taste.
_SAME = {"credit": "caption"}


def read(path: Path, **source: Any) -> Extraction:
    """Extract the file at `path`."""
    return extract(path.name, path.read_bytes(), source=Source("test", **source), checker=CHECKER)


def load(path: Path) -> dict[str, Any]:
    """Read a gold file."""
    gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return gold


def labels(extraction: Extraction) -> list[str]:
    """Return the part of each byte; fail unless the rows cover the file exactly once."""
    found: list[str] = []
    for row in extraction.account:
        assert row["byte_start"] == len(found) < row["byte_end"]
        found += [_SAME.get(row["part"], str(row["part"]))] * (row["byte_end"] - row["byte_start"])
    assert len(found) == extraction.size
    return found


def agreement(extraction: Extraction, spans: list[tuple[int, int, str]]) -> float:
    """Return the share of bytes that carry the gold's part."""
    found = labels(extraction)
    wanted = [_SAME.get(part, part) for start, end, part in spans for _ in range(start, end)]
    assert len(wanted) == len(found)
    return sum(a == b for a, b in zip(found, wanted, strict=True)) / len(found)
