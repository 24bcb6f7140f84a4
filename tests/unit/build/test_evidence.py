"""What speaks for a layout and what against it, counted on pages whose counts are known."""

import gzip
from pathlib import Path

from galley.build.dump.evidence import Candidate
from galley.build.inspect import Inspection, inspect
from galley.build.source import Source, SourceFile
from galley.schema.check import Checker
from galley.schema.contract import Contract

CHECKER = Checker(Contract.default())
LONG = "The council of the old town met on Monday and spoke about the bridge for three hours. " * 4
LISTING = f"Tag - Bridges\n\nTwo boats lost\n{LONG}\nRoads\nRivers\nOne boat found\n{LONG}\nRoads\n"
PAGE = f"A bridge too late\n\nA bridge too late\n\n{LONG}\n\n{LONG}\n\nLeave a comment\n"


def look(text: str) -> Inspection:
    """Inspect a page in English."""
    file = SourceFile(Path("page.txt"), "page.txt", Source("test", languages=("en",)))
    return inspect(file, text.encode("utf-8"), checker=CHECKER)


def candidates(text: str) -> tuple[Candidate, Candidate]:
    """Return the layout chosen and the runner-up."""
    found = look(text)
    assert found.chosen is not None
    assert found.runner_up is not None
    return found.chosen, found.runner_up


def test_a_listing_is_chosen_for_its_groups() -> None:
    """Articles, their tag lines and the tag in the head are counted."""
    chosen, other = candidates(LISTING)
    assert chosen.layout == "listing"
    assert chosen.reasons[:3] == [
        "2 articles: a title line, and under it the whole text in one line",
        "1 to 2 tag lines follow all 2 articles",
        "the head of the page names a tag: Bridges",
    ]
    assert other.layout == "page"
    assert "all 2 paragraphs with no blank line before" in other.objections


def test_a_page_is_chosen_for_its_paragraphs() -> None:
    """Titles and paragraphs are counted, and what stands around the article is named."""
    chosen, other = candidates(PAGE)
    assert chosen.layout == "page"
    assert "the page says the title twice, the path above it included" in chosen.reasons
    assert "all 2 paragraphs set off by blank lines" in chosen.reasons
    assert "around the article: comment form" in chosen.reasons
    assert other.layout == "listing"
    assert any("would have no tags" in objection for objection in other.objections)


def test_articles_are_counted_once() -> None:
    """However many paragraphs of an article stand apart, it is one of the articles."""
    groups = [f"A bridge of a town\n\n{LONG}\n\n{LONG}\n\nRoads\n\n"] * 2
    _, other = candidates("A bridge of a town\n\n" + "".join(groups))
    said = "blank lines stand between title and text of"
    assert [line for line in other.objections if said in line] in (
        [f"{said} all 2 articles"],
        [f"{said} the article"],
    )


def test_no_layout_fits() -> None:
    """Where nothing was read, each layout says what it misses; the best stands first."""
    found = look("bread\nmilk\neggs\n")
    assert (found.chosen, found.layout, found.records) == (None, None, [])
    assert [(item.score, item.reasons) for item in found.candidates] == [(None, []), (None, [])]
    assert all(item.objections for item in found.candidates)
    assert found.quarantine[0]["hint"]


def test_pieces_are_the_page() -> None:
    """Put together they give the file again, in any encoding; bytes that are no text are shown."""
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        file = SourceFile(Path("page.txt"), "page.txt", Source("test", languages=("en",)))
        found = inspect(file, PAGE.encode(codec), checker=CHECKER)
        assert "".join(piece.text for piece in found.pieces).lstrip("\ufeff") == PAGE
    broken = inspect(file, b"A caf\xe9 in town\n", checker=CHECKER)
    assert [(piece.part, piece.text) for piece in broken.pieces] == [
        ("quarantined", "A caf\\xe9 in town\n")
    ]


def test_a_compressed_page_is_seen_unpacked() -> None:
    """Offsets and layouts are those of what is inside."""
    file = SourceFile(Path("page.txt.gz"), "page.txt.gz", Source("test", languages=("en",)))
    found = inspect(file, gzip.compress(PAGE.encode("utf-8")), checker=CHECKER)
    assert (found.layout, found.size) == ("page", len(PAGE.encode("utf-8")))
    assert "".join(piece.text for piece in found.pieces) == PAGE
