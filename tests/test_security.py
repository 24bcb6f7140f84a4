"""SECURITY.md cannot rot: what it names is there."""

import re

from galley.annotations.shape import MOST_RESULTS
from galley.config import BuildConfig
from galley.record import _HEAP
from tests.conftest import ROOT
from tests.fuzz.run import TARGETS

_TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_paths() -> None:
    """Every test that holds a promise exists, and each promise has one."""
    paths = set(re.findall(r"`((?:tests|docs)/[\w/.]+)`", _TEXT))
    assert len(paths) > 15
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
    table = _TEXT.partition("## What is promised")[2].partition("## Bounds")[0]
    rows = [row for row in table.splitlines() if row.startswith("| ")][2:]
    assert all(re.search(r"`(tests|docs)/", row) for row in rows)


def test_bounds() -> None:
    """They are those of the code."""
    assert BuildConfig().max_bytes == 1 << 30
    assert f"| {_HEAP} |" in _TEXT
    assert f"| {MOST_RESULTS:,} |" in _TEXT


def test_every_target_is_counted() -> None:
    """What is fuzzed has its row of figures."""
    figures = _TEXT.partition("## Figures")[2]
    assert [name for name in TARGETS if f"| {name} |" not in figures] == []
