"""What stands between the paragraphs of one article, and how much of it ends the article."""

import pytest

from galley.build.dump import choose
from galley.build.page import Page
from galley.build.reading import Reading
from galley.build.source import Source
from tests.unit.build.test_furniture import DECK, FOUR, ONE, OTHERS, THREE, TITLE, TWO, text


def test_subhead_below_a_box() -> None:
    """The last line below the head of a box is a subhead where it is too short for a headline."""
    assert text(ONE, "Read also:", *OTHERS, "What now?", TWO, THREE) == [
        *(ONE, "What now?", TWO, THREE)
    ]


def test_short_paragraph_below_a_box() -> None:
    """A text goes on below a box where two paragraphs follow each other soon."""
    short = "Some 20,000 cars cross it every day, all the year round."
    lines = ("Most read", *OTHERS, short, "A free ferry", TWO, THREE)
    assert text(ONE, *lines) == [ONE, short, "A free ferry", TWO, THREE]


@pytest.mark.parametrize("end", [("By Ann Lee",), ("Tags: Bridges, Rivers",), ("Leave a comment",)])
def test_last_paragraph_below_a_box(end: tuple[str, ...]) -> None:
    """A paragraph below headlines without teasers is text, if an article's end is below it."""
    assert text(ONE, "Most read", *OTHERS, TWO, *end) == [ONE, TWO]
    assert text(ONE, "Most read", *OTHERS, TWO, "About us", "Contact") == [ONE]


def test_two_sections_below_a_box() -> None:
    """A paragraph, a subhead and a paragraph below a plain list are the article's."""
    lines = (ONE, "Most read", *OTHERS, TWO, "A free ferry", FOUR)
    assert text(*lines, "Ann Lee", "About us") == [ONE, TWO, "A free ferry", FOUR]


@pytest.mark.parametrize(
    "line", ["Artikeln fortsätter efter annonsen", "Juttu jatkuu mainoksen jälkeen", "Продолжение после рекламы"]
)  # fmt: skip
def test_advertisement_in_between(line: str) -> None:
    """A line that says that an article goes on below an advertisement does not end it."""
    assert text(ONE, line, TWO, line, THREE) == [ONE, TWO, THREE]


def test_addition() -> None:
    """What was added to an article later belongs to it, under its date as a subhead."""
    later = "Update of 4 May 2024: The ferry"
    added = "It crosses every ten minutes, and those who walk or ride a bicycle pay nothing for it."
    assert text(ONE, TWO, THREE, FOUR, later, added) == [ONE, TWO, THREE, FOUR, later, added]
    assert later not in text(ONE, "4 May 2024", TWO)


def test_foot_of_a_page() -> None:
    """Below the line of a site's rights nothing is the article's, however long."""
    assert text(ONE, TWO, "© 2024 The Quay", THREE, FOUR, DECK) == [ONE, TWO]


def test_page_without_the_title_of_the_browser() -> None:
    """Where a page begins with its menu, the line above the text is the headline."""
    menu = ("Skip to content", "The Quay", "News", "Sport", "Log in", "Search", "Contact")
    headline = "A bridge nobody crosses any more"
    for below in ((), ("3 May 2024", "By Ann Lee"), ("Ann Lee", "« A ferry", "Share")):
        page = "\n\n".join((*menu, headline, *below, ONE, TWO, THREE, "Imprint"))
        found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
        assert isinstance(found, Reading)
        assert page[slice(*found.drafts[0].title)] == headline
        assert [page[slice(*span)] for span in found.drafts[0].text] == [ONE, TWO, THREE]


def test_recipe() -> None:
    """Amounts below short lines are text, and neither they nor the items of a list subheads."""
    facts = ("Time", "15 min", "In the oven", "20 – 30 min", "Serves: 4")
    lines = (TITLE, "News", "Sport", TITLE, ONE, *facts, "250 g of flour", TWO, THREE)
    page = "\n\n".join(lines)
    found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    draft = found.drafts[0]
    assert [page[span.start : span.end] for span in draft.text] == [*lines[4:]]
    assert {page[span.start : span.end] for span in draft.subheads} == {"Time", "In the oven"}
