"""Listings and single pages that differ from the known ones."""

from galley.build.dump import choose
from galley.build.groups import find_groups
from galley.build.kinds import kinds_of
from galley.build.lines import split_lines
from galley.build.page import Page
from galley.build.reading import Reading
from galley.build.source import Source
from galley.record import Part

LONG = "The council of the old town met on Monday and spoke about the bridge for three hours. " * 4


def reading(text: str) -> Reading:
    """Return the reading of a page."""
    found = choose(Page("page.txt", "0" * 64, text, "utf-8"), Source("test", languages=("en",)))
    assert isinstance(found, Reading)
    return found


def pieces(text: str, part: Part) -> list[str]:
    """Return the stretches of a page that are `part`."""
    return [text[p.start : p.end] for p in reading(text).slices if p.part is part]


def test_listing_with_any_number_of_tags() -> None:
    """One to ten tags an article, titles that begin with a digit, no header: still a listing."""
    tags = [[f"Tag {n}" for n in range(count)] for count in (1, 4, 10)]
    groups = [["9 ways to cross a river", LONG, *names] for names in tags]
    text = "\n".join(line for group in groups for line in group)
    found = reading(text)
    assert found.layout == "listing"
    assert [text[slice(*draft.title)] for draft in found.drafts] == ["9 ways to cross a river"] * 3
    assert pieces(text, Part.TAG) == [name for names in tags for name in names]


def test_header_in_other_forms() -> None:
    """The tag of a listing's head is what follows its separator."""
    for head in ("Schlagwort: Klima", "Étiquette – Klima", "Tag » Klima", "Tag - Klima | The Site"):
        text = f"{head}\n\nA title\n{LONG}\nOne\nTwo\n"
        assert reading(text).drafts[0].listing_tags == ["Klima"]


def test_page_with_foreign_surroundings() -> None:
    """Breadcrumb, pointer, form and teaser around an article are none of its text."""
    text = "\n\n".join(
        [
            "A bridge too late", "Startseite › A bridge too late", LONG, "→ Leggi anche: Un altro ponte",
            "What comes next", LONG, "The Daily Bridge", "Artikelnavigation", "Skriv en kommentar",
            "Votre adresse de courriel reste secrète *", "Autre chose", "Un texte qui ne finit pas, et qui…",
        ]
    )  # fmt: skip
    assert pieces(text, Part.TEXT) == [LONG.strip(), LONG.strip()]
    assert pieces(text, Part.SUBHEAD) == ["What comes next"]
    assert pieces(text, Part.BREADCRUMB) == ["Startseite › A bridge too late"]
    assert pieces(text, Part.READ_MORE) == ["→ Leggi anche: Un altro ponte"]
    assert reading(text).drafts[0].publisher == "The Daily Bridge"
    assert len(pieces(text, Part.COMMENT_FORM)) == 2
    assert len(pieces(text, Part.TEASER)) == 2


def test_page_without_an_article_is_no_listing() -> None:
    """Bylines above the only text leave it without a headline: no group, and no error."""
    text = "A bridge too late for Marlow Sound\nBy Ada Quill\nBy Ada Quill\nBy Ada Quill"
    lines = split_lines(text)
    assert find_groups(lines, kinds_of(lines)) == []
    assert find_groups(lines[1:], kinds_of(lines[1:])) == []
    lines = split_lines(f"By Ada Quill\n{LONG}")
    assert find_groups(lines, kinds_of(lines)) == []
