"""Names of months and days."""

import json

from galley.build import dates
from galley.build.dates import LANGUAGES, find_published, read_days, read_months


def test_the_names_are_those_of_the_cldr() -> None:
    """What `tools/month_names.py` wrote is what it would write now."""
    known = json.loads((dates._HERE / "months.json").read_text(encoding="utf-8"))
    assert known["months"] == {language: read_months(language) for language in LANGUAGES}
    assert set(known["days"]) == read_days()


def test_a_language_that_is_not_kept() -> None:
    """The months of a rare language are looked up when a page needs them."""
    assert find_published("3 Meurzh 2024", "br") == "2024-03-03"
