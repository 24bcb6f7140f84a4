"""Listings and single pages that differ from the known ones."""

from pathlib import Path
from time import process_time

from galley.build.dump.groups import find_groups
from galley.build.dump.kinds import Kinds
from galley.build.dump.layouts import choose, rank
from galley.build.dump.reading import Reading
from galley.build.lines import split_lines
from galley.build.page import Page
from galley.build.source import Source
from galley.record import Part

EXAMPLES = Path(__file__).parents[3] / "build" / "raw"
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
    assert find_groups(lines, Kinds(lines)) == []
    assert find_groups(lines[1:], Kinds(lines[1:])) == []
    lines = split_lines(f"By Ada Quill\n{LONG}")
    assert find_groups(lines, Kinds(lines)) == []


def tags_of(text: str) -> list[list[str]]:
    """Return the tags of each article of a page."""
    found = reading(text)
    return [
        [text[p.start : p.end] for p in found.slices if p.part is Part.TAG and p.article == number]
        for number in range(len(found.drafts))
    ]


def listing(*, head: list[str], tail: list[str]) -> str:
    """Return a listing whose articles have `head` below their title and `tail` below their text."""
    titles = ("The old bridge is closed", "The new bridge is too narrow", "No bridge at all, then?")
    groups = [[title, *head, LONG.strip(), *tail] for title in titles]
    return "\n".join(["Tag: Bridges", "", *(line for group in groups for line in group), ""])


def test_lines_that_are_no_tags() -> None:
    """Dates, bylines, pointers, counts of comments and words for tags are none of the tags."""
    for line in (
        "Published 3 May 2024, 14:05", "By Ada Quill", "By Ada Quill | 3 May 2024", "vor 3 Stunden",
        "Autor: Ada Quill", "Weiterlesen →", "Lire la suite", "12 Kommentare", "Leave a comment",
        "コメント5件", "Tags:", "Schlagwörter",
    ):  # fmt: skip
        text = listing(head=[], tail=[line, "Roads", "Rivers"])
        assert tags_of(text) == [["Roads", "Rivers"]] * 3, line


def test_lines_that_several_articles_share() -> None:
    """Buttons below every article, a sentence about the author, a related title: no tags."""
    for tail in (
        ["Facebook", "X", "WhatsApp"], ["Facebook | X | WhatsApp"], ["Ada Quill writes about rivers."],
        ["Lees ook: Is there another bridge?"],
    ):  # fmt: skip
        assert tags_of(listing(head=[], tail=[*tail, "Roads"])) == [["Roads"]] * 3, tail


def test_notices_are_no_articles() -> None:
    """A notice about cookies, a call to sign up: long enough for a text, but none."""
    cookies = (
        "We use cookies on this website. By reading on you accept that we keep what you read here."
    )
    page = listing(head=[], tail=["Roads"])
    for text in (page.replace("Bridges", f"Bridges\n{cookies}"), f"{cookies}\n{page}"):
        titles = [text[slice(*draft.title)] for draft in reading(text).drafts]
        assert len(titles) == 3
        assert titles[0] == "The old bridge is closed"
        assert cookies not in " ".join(pieces(text, Part.TEXT))


def test_a_decisive_listing_is_read_as_before() -> None:
    """What is chosen at once is what a comparison of both readers gives."""
    page = Page("page.txt", "0" * 64, listing(head=[], tail=["Roads"]), "utf-8")
    readings = rank(page, Source("test", languages=("en",)))
    assert [found.layout for found in readings] == ["listing", "page"]
    assert reading(page.text) == readings[0]


def test_a_decisive_page_is_read_as_before() -> None:
    """A single page is chosen before it is read as a listing, where it would be chosen after."""
    files = sorted(EXAMPLES.rglob("*.txt"))
    pages = [Page(file.name, "0" * 64, file.read_text("utf-8"), "utf-8") for file in files]
    source = Source("test", languages=("en", "de", "fr", "es"))
    best = [(rank(page, source), choose(page, source)) for page in pages]
    assert all(found == readings[0] for readings, found in best if isinstance(found, Reading))
    assert {found.layout for _, found in best if isinstance(found, Reading)} == {"listing", "page"}


def test_language_of_each_article() -> None:
    """Articles of one page may be in several languages, whatever the one before is in."""
    german = (
        "Der Rat der alten Stadt traf sich am Montag und sprach drei Stunden über die Brücke. " * 4
    )
    texts = [LONG.strip(), german.strip(), german.strip(), LONG.strip()]
    lines = [line for text in texts for line in ("Nobody crosses the old river", text, "Roads")]
    page = Page("page.txt", "0" * 64, "\n".join(["Tag: Bridges", "", *lines]), "utf-8")
    found = choose(page, Source("test", languages=("en", "de")))
    assert isinstance(found, Reading)
    assert [draft.language for draft in found.drafts] == ["en", "de", "de", "en"]


def test_tags_in_one_line() -> None:
    """A comma, a bar, a bullet, a hash may part tags; a word before them is none of them."""
    for line in (
        "Roads, Rivers & Seas", "Roads | Rivers & Seas", "Roads • Rivers & Seas", "Roads / Rivers & Seas",
        "#Roads #Rivers & Seas", "Filed under: Roads, Rivers & Seas", "Tags: Roads; Rivers & Seas",
    ):  # fmt: skip
        assert tags_of(listing(head=[], tail=[line])) == [["Roads", "Rivers & Seas"]] * 3, line


def test_lines_between_title_and_text() -> None:
    """A name, a deck, a date between headline and text leave the headline the headline."""
    deck = "Nobody knows when the next ferry leaves."
    for head in (
        ["Ada Quill"],
        [deck],
        ["3 May 2024"],
        [deck, "Ada Quill"],
        ["By Ada Quill", deck],
    ):
        found = reading(text := listing(head=head, tail=["Roads"]))
        titles = [text[slice(*draft.title)] for draft in found.drafts]
        assert titles[0] == "The old bridge is closed"
        assert len(titles) == 3, head
        assert tags_of(text) == [["Roads"]] * 3, head
        named = "Ada Quill" in " ".join(head)
        assert found.drafts[0].authors == (["Ada Quill"] if named else [])


def test_buttons_between_title_and_text() -> None:
    """A button, a row of networks, the time it takes to read, a count: no headline, no text."""
    for head in (
        ["Share", "Facebook X WhatsApp Mail"],
        ["By Ada Quill", "Teilen", "Facebook Twitter LinkedIn"],
        ["4 min read"],
        ["Por Ada Quill", "6 min de leitura"],
        ["3 мая 2024", "5 мин на чтение"],
        ["3 May 2024 by Ada Quill · No comments"],
        ["3 de Maio de 2024 por Ada Quill · 2 comentários"],
        ["Di Ada Quill | 3 maggio 2024 | Nessun commento"],
    ):
        found = reading(text := listing(head=head, tail=["Roads"]))
        assert text[slice(*found.drafts[0].title)] == "The old bridge is closed", head
        assert tags_of(text) == [["Roads"]] * 3, head
        assert pieces(text, Part.TEXT) == [LONG.strip()] * 3


def test_a_headline_that_looks_like_a_button() -> None:
    """One article may be called as buttons are, and all may be called the same."""
    text = listing(head=[], tail=["Roads"]).replace("The new bridge is too narrow", "Live")
    assert [text[slice(*draft.title)] for draft in reading(text).drafts][1] == "Live"


def test_related_articles_above_the_tags() -> None:
    """What a line announces as other articles is no tag, nor a sentence of the page."""
    other = ["Is a ferry still needed here?", "What the river takes away every spring."]
    tails = [["Read also:", *other], ["Lees ook:", "A tower without a bell"], []]
    titles = ("The old bridge is closed", "The new bridge is too narrow", "No bridge at all, then?")
    for label in ("More about:", "Meer over:", "Теги:"):
        groups = [
            [title, LONG.strip(), *tail, label, "Roads", name]
            for title, tail, name in zip(titles, tails, ("Rivers", "Trade", "Tolls"), strict=True)
        ]
        text = "\n\n".join(["Tag: Bridges", *(line for group in groups for line in group)])
        assert tags_of(text) == [["Roads", name] for name in ("Rivers", "Trade", "Tolls")], label


def test_notices_between_articles() -> None:
    """A notice about cookies between two articles makes no other page of a listing."""
    notice = "We use cookies to make this site better. You can change the settings at any time."
    lines = listing(head=["3 May 2024, 14:05"], tail=["Share", "Facebook X Mail", "Tags:", "Roads"])
    page = "\n\n".join(line for line in lines.splitlines() if line)
    text = page.replace("The new", f"{notice}\n\nAccept all\n\nSettings\n\nThe new")
    assert tags_of(text) == [["Roads"]] * 3


def test_credits_in_brackets() -> None:
    """A credit that says itself what it is ends a caption: the sentence before it."""
    caption, rest = "The mayor looks at the cracks.", "Nobody was hurt."
    for credit in (
        "(Photo: Ann Lee/AFP)", "(Foto: Ann Lee/dpa)", "[Crédit photo : Ann Lee]", "（图：周宁/新华社）",
    ):  # fmt: skip
        text = listing(head=[], tail=["Roads"]).replace(
            LONG.strip(), f"{LONG}{caption} {credit} {rest}"
        )
        assert pieces(text, Part.CAPTION) == [caption] * 3, credit
        assert pieces(text, Part.CREDIT) == [credit] * 3
        assert pieces(text, Part.TEXT) == [LONG.strip(), rest] * 3


def test_foot_of_a_listing() -> None:
    """What leads to the next page is no tag of the last article."""
    for foot in (
        "Older posts",
        "1 2 3 Next",
        "1 2 3 … 14 Suivant",
        "« Previous",
        "Seite 2 von 9",
        "Mehr laden",
        "次のページ",
    ):
        assert tags_of(listing(head=[], tail=["Roads"]) + foot) == [["Roads"]] * 3, foot


def test_header_that_names_its_tag_otherwise() -> None:
    """A path, a word after the tag, a bare name that an article has as tag."""
    for head in (
        "Home > Tags > Klima",
        "Beiträge mit Schlagwort Klima",
        "「Klima」の記事一覧",
        "Archivo de la etiqueta: Klima",
        "Все материалы по теме: Klima",
        "Showing 1–12 of 214 articles\nTag: Klima",
        "One",
        "#One",
        "Dossier One",
        "One — all the news",
    ):
        text = f"{head}\n\nThe old bridge is closed\n{LONG}\nOne\nTwo\n"
        wanted = "One" if "One" in head else "Klima"
        assert reading(text).drafts[0].listing_tags == [wanted], head


def test_long_stretches_of_blanks_cost_nothing() -> None:
    """A line with a hundred thousand blanks is read in no time, and not looked through for steps."""
    started = process_time()
    text = f"A bridge too late\n\nA bridge too late\n\nIt rained.{' ' * 100_000}{LONG}\n\n{LONG}\n"
    assert len(pieces(text, Part.TEXT)) == 2
    assert process_time() - started < 10


def test_long_runs_cost_nothing() -> None:
    """A run of a hundred thousand signs takes no time that grows with its square, anywhere."""
    runs = (
        "a" + " " * 100_000 + "b",
        "a | " * 25_000,
        "#a " * 33_000,
        "Tags:" + "\t" * 100_000 + "x",
    )
    started = process_time()
    for run in runs:
        reading(f"{run}\n\nMenu\n\nA bridge too late\n\n{LONG}\n\n{LONG}\n")
        reading(f"The Site\n\n{run}\n\nA bridge too late\n\n{LONG}\n\n{LONG}\n")
        reading(listing(head=[], tail=["Roads"]) + run)
    reading("\n\n".join(["A bridge too late", LONG, *(["It rained, it is said."] * 6_000), LONG]))
    assert process_time() - started < 10


def test_one_article_in_lines_of_all_lengths_is_no_listing() -> None:
    """Short sentences and items of a list between paragraphs are no headlines of others."""
    foot = ["Share", "Facebook", "Print", "Related articles", "A tower without a bell", "Ferries"]
    sentences = ("The bridge is old.", "Nobody knows how old.")
    items = ("- a crack in the north pillar", "- rust on both of its towers")
    for between in (sentences, items):
        lines = [line for short in between for line in (short, LONG.strip())]
        text = "\n".join(["A bridge too late for Marlow Sound", "By Ada Quill", *lines, *foot])
        assert reading(text).layout == "page", between


def test_a_short_page_without_blank_lines_is_no_listing() -> None:
    """A paragraph over another one is no headline, whatever short lines stand around them."""
    title, first = (
        "Landslide closes the road to the hut",
        (
            "A landslide took a hundred metres of the road in the night. Nobody was hurt, says the police."
        ),
    )
    rest = [
        "The keeper of the hut, Greta Halm, has food for a week. After that it is over, she says.",
        "The village hopes for help. First estimates are three million, half of it for the road.",
    ]
    around = [
        "Home | World | Sport | Weather",
        title,
        "By Tom Weir, 11.09.2025 12:05",
        "Share: X Mail",
    ]
    below = ["Read also", "The season of mushrooms begins", "Privacy policy"]
    text = "\n".join([*around, first, *rest, *below])
    found = reading(text)
    assert (found.layout, len(found.drafts)) == ("page", 1)
    assert text[slice(*found.drafts[0].title)] == title
    assert pieces(text, Part.TEXT) == [first, *rest]
