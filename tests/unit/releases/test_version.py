"""Versions and how they rise."""

import pytest

from galley.errors import ReleaseError
from galley.releases.version import Level, Version


@pytest.mark.parametrize("text", ["1.2", "v1.2.3", "1.2.3-rc1", "01.2.3", "1.2.3\n", "", "१.0.0"])
def test_what_is_no_version_is_refused(text: str) -> None:
    """Only three plain numbers are a version."""
    with pytest.raises(ReleaseError) as caught:
        Version.parse(text)
    assert caught.value.code == "version_invalid"


@pytest.mark.parametrize(
    ("before", "level", "after"),
    [
        ("0.1.4", Level.NONE, "0.1.4"),
        ("0.1.4", Level.PATCH, "0.1.5"),
        ("0.1.4", Level.MINOR, "0.2.0"),
        ("0.1.4", Level.MAJOR, "0.2.0"),
        ("1.2.3", Level.PATCH, "1.2.4"),
        ("1.2.3", Level.MINOR, "1.3.0"),
        ("1.2.3", Level.MAJOR, "2.0.0"),
    ],
)
def test_each_level_raises_its_number(before: str, level: Level, after: str) -> None:
    """Below 1.0.0 a MAJOR change raises the second number."""
    assert str(Version.parse(before).raised(level)) == after


def test_versions_compare_by_number() -> None:
    """0.10.0 is above 0.9.0."""
    assert Version.parse("0.10.0") > Version.parse("0.9.0")
