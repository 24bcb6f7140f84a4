"""What a template sets around every article of a listing, and what is no tag therefore."""

from dataclasses import dataclass

import pytest

from galley.build.dump.layouts import choose
from galley.build.dump.reading import Reading
from galley.build.page import Page
from galley.build.source import Source
from galley.record import Part

TITLES = (
    "Nobody crosses the old river",
    "A ferry that came too late",
    "What the mayor forgot to say",
    "Bakers store flour for winter",
    "The lighthouse is dark again",
)
BODY = (
    "The council of the old town met on Monday and spoke about the bridge for three hours. "
    "In the end nobody had changed his mind, and the river went on as it always does. "
)
TAGS = [
    ["Bridges", "Water"],
    ["Ferries"],
    ["Water", "Elections 2024", "Town council"],
    ["Bread", "Winter"],
    ["Night sky", "Bridges", "Ships"],
]
NAMES = ("Ann Lee", "Bo Ek", "Cy Orr", "Dee Poe", "Ed Roe")


@dataclass
class Shape:
    """How a listing sets its articles; `#` becomes a number that differs, `@` a name.

    Attributes:
        over: Lines above each title.
        above: Lines between title and text.
        below: Lines between the text and the tags.
        tags: The tags in one line, joined; where it is empty each has a line of its own.
        end: Lines after the tags.
        foot: Lines at the end of the page.
    """

    over: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    tags: str = ""
    end: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()

    def page(self) -> str:
        """Return a listing of this shape."""
        lines = ["Tag: Rivers", ""]
        for number, (title, tags) in enumerate(zip(TITLES, TAGS, strict=True)):
            head, mark, stop = self.tags.rpartition("+") if self.tags else ("", "", "")
            row = [f"{head}{stop.join(tags)}{']' * ('[' in mark + stop)}"] if self.tags else tags
            article = (*self.over, title, *self.above, BODY * 2, *self.below, *row, *self.end)
            lines += [self._filled(line, number) for line in article]
        return "\n".join((*lines, *self.foot))

    def _filled(self, line: str, number: int) -> str:
        return line.replace("#", str(3 + 7 * number)).replace("@", NAMES[number])


def check(shape: Shape) -> Reading:
    """Check that a listing is read with its titles and tags, whatever its shape."""
    text = shape.page()
    found = choose(Page("page.txt", "0" * 64, text, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    assert [text[slice(*draft.title)] for draft in found.drafts] == list(TITLES)
    own = [[p for p in found.slices if p.article == n] for n in range(len(found.drafts))]
    tags = [[text[p.start : p.end] for p in pieces if p.part is Part.TAG] for pieces in own]
    assert tags == TAGS
    assert [draft.listing_tags for draft in found.drafts] == [["Rivers"]] * len(TITLES)
    return found


@pytest.mark.parametrize(
    "line", ["1,#04 views", "Visto # veces", "瀏覽#次", "Zum ganzen Stück »", "Kept for later", "* * *", "Source: The @ Post", "Werbung"]
)  # fmt: skip
def test_a_line_below_every_article(line: str) -> None:
    """What recurs at one end of what stands below the articles is no tag, in any language."""
    check(Shape(below=(line,)))
    check(Shape(end=(line,)))


def test_several_lines_below_every_article() -> None:
    """Of what recurs there may be more than one line, a few of them names."""
    found = check(
        Shape(below=("About the author", "@"), end=("# persons like it", "Kept", "-----"))
    )
    assert [draft.authors for draft in found.drafts] == [[name] for name in NAMES]


def test_a_name_below_every_article() -> None:
    """Names that stand below all articles, and nowhere else, are those of the authors."""
    found = check(Shape(below=("@",)))
    assert [draft.authors for draft in found.drafts] == [[name] for name in NAMES]


@pytest.mark.parametrize(
    "tags", ["All about: +, ", "Tag » + » ", "Lesen Sie mehr zu: + | ", "Seen here: + · ", "[+] ["]
)
def test_tags_behind_words_that_recur(tags: str) -> None:
    """Words with a colon or an arrow that stand before the tags of all articles are none."""
    check(Shape(tags="[+] [" if tags.startswith("[") else tags))
    check(Shape(tags=tags, below=("Source: The Quay",), end=("# notes",)))


@pytest.mark.parametrize("line", ["@, our man on the quay", "Reporter: @", "Our correspondent | @"])
def test_a_line_above_every_text(line: str) -> None:
    """A line that begins or ends with the same words above all texts is no headline."""
    found = check(Shape(above=(line,)))
    assert [draft.authors for draft in found.drafts] == [[name] for name in NAMES]


@pytest.mark.parametrize(
    "line",
    ["Noted on 3 May 2024 Changed on 4 May 2024", "#:05, 2024-05-1 by the night desk of ours"],
)
def test_a_date_above_every_text(line: str) -> None:
    """A line with the digits of a date above all texts is no headline, in whatever form."""
    check(Shape(above=(line,)))


@pytest.mark.parametrize(
    "line", ["(@)", "(Text: @)", "Share it with your friends", "Article continues below"]
)
def test_a_line_below_one_article(line: str) -> None:
    """A note in brackets and a button of several words are no tags, on a short page neither."""
    text = Shape().page().replace("\nFerries\n", f"\n{line}\nFerries\n")
    found = choose(Page("page.txt", "0" * 64, text, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    tags = [text[piece.start : piece.end] for piece in found.slices if piece.part is Part.TAG]
    assert tags == [tag for tags in TAGS for tag in tags]


def test_an_offer_below_one_article() -> None:
    """What asks to sign up below the tags of an article is none of them, nor what is around it."""
    offer = "Newsletter\nSign up for our newsletter and read it all every morning.\nDo it now"
    text = Shape().page().replace("\nFerries\n", f"\nFerries\n{offer}\n")
    found = choose(Page("page.txt", "0" * 64, text, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    tags = [text[piece.start : piece.end] for piece in found.slices if piece.part is Part.TAG]
    assert tags == [tag for tags in TAGS for tag in tags]


def test_numbers_and_dates_above_the_titles() -> None:
    """They are no tags of the article before."""
    check(Shape(over=("#",)))
    check(Shape(over=("3 May 2024",), end=("Share it",)))


def test_the_foot_of_a_listing() -> None:
    """What leads on, up and out is no tag of the last article."""
    for line in ("‹ Prev 1 2 3 Next ›", "Back to top", "Volver arriba", "© 2024 The Quay. All rights reserved."):  # fmt: skip
        check(Shape(foot=(line,)))


def test_tags_above_the_rights_of_the_site() -> None:
    """The last article's only line of tags is not what announces the foot of the page."""
    foot = "© 2024 The Quay. All rights reserved."
    text = "\n".join((*Shape().page().split("\n")[:-3], "#Night #Bridges #Ships", foot))
    found = choose(Page("page.txt", "0" * 64, text, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    last = [p for p in found.slices if p.part is Part.TAG and p.article == len(TITLES) - 1]
    assert text[last[0].start : last[-1].end].endswith("#Ships")


def test_names_with_particles_below_every_article() -> None:
    """A name may have words in lower case."""
    text = Shape(below=("@",)).page().replace("Bo Ek", "Bo van den Ek")
    found = choose(Page("page.txt", "0" * 64, text, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    assert found.drafts[1].authors == ["Bo van den Ek"]


def test_pointers_with_commas_below_articles() -> None:
    """What announces another article holds no tags, though a headline may have commas."""
    text = Shape(below=("Read also: Why the @ sails",)).page()
    for name in NAMES[:3]:
        text = text.replace(f"{name} sails", f"{name} sails, and when")
    found = choose(Page("page.txt", "0" * 64, text, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    tags = [text[p.start : p.end] for p in found.slices if p.part is Part.TAG]
    assert tags == [tag for tags in TAGS for tag in tags]


def test_what_the_page_is_about() -> None:
    """A tag that all articles have is one if the head of the page names it."""
    text = Shape(below=("Rivers",)).page()
    found = choose(Page("page.txt", "0" * 64, text, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    tags = [text[piece.start : piece.end] for piece in found.slices if piece.part is Part.TAG]
    assert tags.count("Rivers") == len(TITLES)
