"""What was measured stays beside the page that is made of it."""

import re
from pathlib import Path

import pytest

from benchmarks import kept
from benchmarks.drawing import draw
from benchmarks.parts import PARTS
from benchmarks.places import CURVE, RESULTS, ROOT, STORE
from benchmarks.report import render

_AGAIN = "written by hand, or its code changed: run `.venv/bin/python -m benchmarks.kept`"
_POINT = re.compile(r'roledescription="point" transform="translate\(([^)]+)\)')
_FROM_THE_ROOT = re.compile(r"(?<![\w.])/\w")


def test_the_page_is_made_of_what_is_kept() -> None:
    """All parts are, so one that is measured anew drops no other."""
    results = kept.kept()
    assert list(results) == list(PARTS)
    assert render(results) == RESULTS.read_text(encoding="utf-8"), _AGAIN


def test_the_drawing_is_made_of_what_is_kept() -> None:
    """Its points are: letters are as wide as the fonts of a machine."""
    drawn = _POINT.findall(draw(kept.kept()["names"]["rows"]))
    assert drawn
    assert drawn == _POINT.findall(CURVE.read_text(encoding="utf-8")), _AGAIN


def test_what_is_kept_names_no_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command may say where it wrote; files that are committed do not."""
    for file in STORE.glob("*.json"):
        assert not _FROM_THE_ROOT.search(file.read_text(encoding="utf-8")), file.name
    monkeypatch.setattr(kept, "STORE", tmp_path)
    said = f'{{"out": "{ROOT}/.bench/data/build/out"}}'
    kept.keep("build", {"said": said})
    assert kept.kept() == {"build": {"said": '{"out": ".bench/data/build/out"}'}}
