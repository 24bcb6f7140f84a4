"""Titles of pages that begin with their menu, without the browser's title."""

import pytest

from galley.build.dump.layouts import choose
from galley.build.dump.reading import Reading
from galley.build.page import Page
from galley.build.source import Source
from tests.unit.build.test_furniture import FOUR, ONE, THREE, TITLE, TWO

MENU = ["News", "News", "Sport", "Weather", "Log in", "Culture"]
BYLINE = "By Ann Lee"
DATE = "3 May 2024, 14:05"


def title(*lines: str) -> str:
    """Return the title that is read from a page."""
    page = "\n".join((*lines, ONE, TWO, THREE, FOUR, "About us", "Jobs"))
    found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    return page[slice(*found.drafts[0].title)]


@pytest.mark.parametrize(
    "above",
    [
        [*MENU, TITLE, BYLINE, DATE],
        [*MENU, TITLE, DATE],
        [*MENU, DATE, TITLE],
        [*MENU, f"News › Sport › {TITLE}", TITLE, BYLINE, "Share", "E-mail"],
        ["We use cookies to show you what you like to read", "Accept", *MENU, TITLE, BYLINE],
        ["The Quay and all that is going on in town", *MENU, TITLE, BYLINE, DATE],
        [*MENU, "Subscribe to our newsletter today and read more", *MENU, TITLE, BYLINE, DATE],
        [*MENU, "A bridge and its ferry…", BYLINE, DATE],
    ],
)
def test_headline_below_a_menu(above: list[str]) -> None:
    """It is the line that a path leads to, or that the author and the date follow."""
    wanted = TITLE if TITLE in above else "A bridge and its ferry…"
    assert title(*above) == wanted


def test_short_titles_stay() -> None:
    """A title of one word that stands right above the text is none of the menu."""
    assert title("Emden – The Quay", *MENU, "Emden") == "Emden"


def test_the_browsers_title_stays() -> None:
    """It is no path, though the page names its site again."""
    site = "All the news of the Quay"
    assert title(f"{TITLE} | {site}", site, *MENU, TITLE) == TITLE


@pytest.mark.parametrize("name", ["| The Quay", "@ The Quay", "© The Quay"])
def test_name_of_the_site_is_no_headline(name: str) -> None:
    """What stands behind a headline in the browser's title is a name, wherever it is repeated."""
    browser = "Old bridge over the river is closed for three months | The Quay"
    for again in ((), ("Old Bridge Over the River Is Closed for Three Months",)):
        page = "\n\n".join((browser, "News", "Sport", *again, name, ONE, TWO, THREE, name))
        found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
        assert isinstance(found, Reading)
        title = page[slice(*found.drafts[0].title)]
        assert title == (again or (browser.removesuffix(" | The Quay"),))[0]


def test_a_path_at_the_top() -> None:
    """Its last step is the title if the page says it again, however short it is."""
    assert title("You are here: Home » North » Coast » Emden", "Emden") == "Emden"
