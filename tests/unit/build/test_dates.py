"""Names of months and days."""

import json
import subprocess
import sys

import pytest

from galley.build import dates
from galley.build.dates import find_published, is_date_line


def test_the_names_are_those_of_the_cldr() -> None:
    """What `tools/month_names.py` wrote is what it would write now.

    It is asked in a process of its own: what Babel says of a language can depend on which
    others it was asked for before.
    """
    known = json.loads((dates._HERE / "months.json").read_text(encoding="utf-8"))
    script = (
        "import json; from galley.build.dates import LANGUAGES, read_days, read_months\n"
        "months = {language: read_months(language) for language in LANGUAGES}\n"
        "print(json.dumps({'months': months, 'days': sorted(read_days())}))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert json.loads(run.stdout) == known


def test_a_language_that_is_not_kept() -> None:
    """The months of a rare language are looked up when a page needs them."""
    assert find_published("3 Meurzh 2024", "br") == "2024-03-03"


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
