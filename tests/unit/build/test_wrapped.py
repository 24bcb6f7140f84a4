"""Pages whose paragraphs were broken into lines of one width."""

import textwrap

import pytest

from galley.build.dump.wrapped import split_page
from galley.build.extract import extract
from galley.build.lines import split_lines
from galley.build.source import Source
from tests.unit.build.pages import CHECKER, PROSE
from tests.unit.build.test_furniture import FOUR, ONE, THREE, TITLE, TWO

LINES = (TITLE, "News", "Sport", "Log in", TITLE, ONE, "A free ferry", TWO, THREE, FOUR, "About us")


def broken(width: int, indent: str = "") -> str:
    """Return a page with lines of one width."""
    return "\n\n".join(
        textwrap.fill(line, width, initial_indent=indent, subsequent_indent=indent)
        for line in LINES
    )


@pytest.mark.parametrize(("width", "indent"), [(78, ""), (72, "   "), (48, ""), (100, "")])
def test_broken_paragraphs(width: int, indent: str) -> None:
    """They are whole in the record, with the line ends that the page has; other fields have none."""
    page = broken(width, indent)
    found = extract("page.txt", page.encode(), source=Source("test"), checker=CHECKER)
    (record,) = found.records
    assert record["title"] == TITLE
    assert [" ".join(part.split()) for part in record["text"].split("\n\n")] == [
        *(ONE, "A free ferry", TWO, THREE, FOUR)
    ]
    assert all(line in page for line in record["text"].split("\n"))
    assert found.account.rows[0][0] == 0


def test_a_broken_headline() -> None:
    """A title is one line, whatever the page made of it."""
    page = broken(40)
    (record,) = extract("page.txt", page.encode(), source=Source("test"), checker=CHECKER).records
    assert f"{TITLE}\n" not in page
    assert record["title"] == TITLE


def test_wide_characters() -> None:
    """Text without blanks is broken anywhere."""
    parts = [part[at : at + 22] for part in PROSE["ja"] for at in range(0, len(part), 22)]
    lines = "\n".join(parts)
    assert len(split_page(lines)) < len(split_lines(lines))


@pytest.mark.parametrize(
    "text", ["\n".join(LINES), "\n\n".join(LINES), "Roads\nRivers\nOld bridges\n" * 9, ""]
)
def test_other_pages_stay(text: str) -> None:
    """Lines that end where their words end are not joined."""
    assert split_page(text) == split_lines(text)


def test_menus_break_no_page() -> None:
    """However long its menus are, a page with lines of one width is put together."""
    menu = "\n".join(f"  * {name}" for name in ("Roads", "Rivers", "Harbours", "Trains") * 9)
    text = f"{menu}\n\n{broken(76, '   ')}\n\n{menu}"
    assert ONE in {" ".join(line.text.split()) for line in split_page(text)}


def test_items_begin_lines() -> None:
    """An item of a list is none of the item before it, even if that is as wide as the page."""
    item = "* " + ONE.replace(". ", ", ")[:74]
    text = "\n".join([textwrap.fill(f"{TWO} {THREE} {FOUR} " * 3, 76), "", item, item, item])
    assert [line.text for line in split_page(text)][1:] == [item] * 3
