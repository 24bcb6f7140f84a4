"""`make audit`: what is unsafe fails it, what could not be asked is not taken for safe."""

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools.audit import PINS, judge, read_allowed

_DAY = date(2026, 11, 22)
_UNSAFE = {"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}
_SAFE = {"name": "b", "version": "1", "vulns": []}
_UNKNOWN = {"name": "c", "skip_reason": "not found"}


def test_unsafe() -> None:
    """One advisory is enough."""
    verdict = judge([_SAFE, _UNSAFE, _UNKNOWN], {}, today=_DAY)
    assert (verdict.code, verdict.asked, verdict.unknown) == (1, 2, 1)
    assert verdict.unsafe == ["unsafe: a 1: X-1, mended in 2"]


@pytest.mark.parametrize(("day", "code"), [(_DAY, 0), (date(2026, 11, 21), 1)])
def test_allowed_until_a_day(day: date, code: int) -> None:
    """The day itself counts."""
    assert judge([_UNSAFE], {"X-1": day}, today=_DAY).code == code


def test_nothing_asked_is_said() -> None:
    """Silence of the service is no good news."""
    verdict = judge([_UNKNOWN], {}, today=_DAY)
    assert verdict.code == 0
    assert list(verdict.lines())[-1].startswith("skipped: ")


def test_every_file_of_pins_is_asked_about(tmp_path: Path) -> None:
    """None is forgotten, and what is allowed has a day and a reason."""
    there = set(ROOT.glob("requirements/*.txt"))
    assert there | {PINS[-1]} == set(PINS)
    assert all(path.exists() for path in PINS)
    read_allowed(ROOT / "requirements/allowed.toml")
    (tmp_path / "a.toml").write_text('[[allowed]]\nid = "X-1"\nuntil = 2026-12-31\n')
    with pytest.raises(SystemExit):
        read_allowed(tmp_path / "a.toml")
