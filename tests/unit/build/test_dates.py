"""Names of months and days."""

import json
import runpy

import pytest

from galley.build.dump import dates
from galley.build.dump.dates import find_published, is_date_line
from tests.conftest import ROOT


def test_the_names_are_those_of_the_cldr() -> None:
    """What `tools/month_names.py` wrote is what it would write now."""
    tool = runpy.run_path(str(ROOT / "tools" / "month_names.py"))
    assert json.loads((dates._HERE / "months.json").read_text(encoding="utf-8")) == tool["names"]()


def test_rare_languages() -> None:
    """A language has its own names, also in another script, and a region those of its language."""
    assert find_published("3 Meurzh 2024", "br") == "2024-03-03"
    assert find_published("3. decembar 2024", "sr-Latn") == "2024-12-03"
    assert find_published("3 de março de 2024", "pt-BR") == "2024-03-03"
    assert find_published("3 Meurzh 2024", "xx") is None


@pytest.mark.parametrize(
    "line",
    [
        "an hour ago", "vor einer Stunde", "il y a une heure", "час назад", "منذ ساعتين", "לפני שעתיים",
        "۲ ساعت پیش", "۲۳ آبان ۱۴۰۲ - ۱۶:۰۵", "Published 3 May 2024 Updated 4 May 2024",
    ],
)  # fmt: skip
def test_lines_that_only_say_when(line: str) -> None:
    """Words for one or two hours, another calendar's months, and two days in one line."""
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line", ["Vor Gericht", "From May 2023 to June 2024 the ferry was out of service"]
)
def test_lines_that_say_more_than_when(line: str) -> None:
    """A tag and a sentence are no dates."""
    assert not is_date_line(line)
