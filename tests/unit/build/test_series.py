"""Listings whose articles run over several lines, in several languages."""

from dataclasses import dataclass

import pytest

from galley.build.dump.layouts import choose
from galley.build.dump.reading import Reading
from galley.build.page import Page
from galley.build.source import Source
from galley.record import Part
from tests.unit.build.pages import PROSE


@dataclass(frozen=True)
class Words:
    """What a page in one language says."""

    head: str
    date: str
    caption: str
    subhead: str
    titles: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...]


WORDS = {
    "en": Words(
        "Tag: Harbour", "3 May 2024", "The quay in the morning. Photo: Ann Lee", "A long winter",
        ("Island ferry stops for the winter", "Bakers on the quay store flour", "Keeper counts the ships again", "School buys a second boiler", "Lighthouse gets a new lamp"),
        (("Harbour", "Ferry", "Winter"), ("Harbour", "Bread"), ("Ships", "Harbour", "Ferry"), ("School",), ("Harbour", "Winter", "Ships")),
    ),
    "de": Words(
        "Schlagwort: Hafen", "3. Mai 2024", "Der Kai am Morgen. Foto: Anna Lehmann", "Ein langer Winter",
        ("Inselfähre fährt im Winter nicht", "Bäcker am Kai legen Vorräte an", "Wärter zählt wieder die Schiffe", "Schule kauft einen zweiten Kessel", "Leuchtturm bekommt eine neue Lampe"),
        (("Hafen", "Fähre", "Winter"), ("Hafen", "Brot"), ("Schiffe", "Hafen", "Fähre"), ("Schule",), ("Hafen", "Winter", "Schiffe")),
    ),
    "fr": Words(
        "Étiquette : Port", "3 mai 2024", "Le quai au matin. Photo : Anne Lebrun", "Un long hiver",
        ("Le bac de l’île s’arrête pour l’hiver", "Les boulangers du quai stockent la farine", "Le gardien compte encore les navires", "L’école achète une seconde chaudière", "Le phare reçoit une nouvelle lampe"),
        (("Port", "Bac", "Hiver"), ("Port", "Pain"), ("Navires", "Port", "Bac"), ("École",), ("Port", "Hiver", "Navires")),
    ),
    "ru": Words(
        "Тег: Порт", "3 мая 2024", "Набережная утром. Фото: Анна Лебедева", "Долгая зима",
        ("Остров на зиму остаётся без парома", "Пекари на набережной запасают муку", "Смотритель снова считает корабли", "Школа купила второй котёл", "На маяке сменили лампу"),
        (("Порт", "Паром", "Зима"), ("Порт", "Хлеб"), ("Корабли", "Порт", "Паром"), ("Школа",), ("Порт", "Зима", "Корабли")),
    ),
}  # fmt: skip
TEXTS = [(0, 1), (2,), (1, 0, 2), (0,), (2, 1)]  # which paragraphs each article has
SEVERAL = 2


def paragraphs(language: str, number: int) -> list[str]:
    """Return the text of an article, its subhead too, one paragraph a line."""
    found = [f"{PROSE[language][at]} {PROSE[language][at]}" for at in TEXTS[number]]
    return [found[0], WORDS[language].subhead, *found[1:]] if len(found) > SEVERAL else found


def listing(language: str, *, tags: str, blank: str, date: str = "below") -> str:
    """Return a page: how its `tags` are written, where `blank` lines are, and the `date`."""
    words, blocks = WORDS[language], []
    for number, title in enumerate(words.titles):
        text = paragraphs(language, number)
        shown = [*text[:1], words.caption, *text[1:]] if len(text) == SEVERAL else text
        own = words.tags[number]
        row = {"lines": own, "commas": ("Tags: " + ", ".join(own),)}
        end = row.get(tags) or tuple("#" + tag for tag in own)
        head = {"above": [words.date, title], "below": [title, words.date]}.get(date, [title])
        blocks.append(("\n\n" if blank == "all" else "\n").join((*head, *shown, *end)))
    return words.head + "\n" + ("\n" if blank == "none" else "\n\n").join(blocks) + "\n"


def read(page: str) -> Reading:
    """Return what is read from a page."""
    found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    return found


def check(page: str, language: str) -> None:
    """Hold the articles of a page against what it was made of."""
    reading, words = read(page), WORDS[language]
    titles = [page[draft.title.start : draft.title.end] for draft in reading.drafts]
    assert (reading.layout, titles) == ("listing", list(words.titles))
    for number, draft in enumerate(reading.drafts):
        own = [s for s in reading.slices if s.article == number and s.part is Part.TAG]
        assert [page[s.start : s.end].lstrip("#") for s in own] == list(words.tags[number])
        text = [page[start:end] for start, end in draft.text]
        assert text == paragraphs(language, number)


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("blank", ["none", "articles", "all"])
@pytest.mark.parametrize("tags", ["lines", "commas", "hashes"])
def test_articles_are_cut(language: str, blank: str, tags: str) -> None:
    """Titles, tags and texts are those of each article, with subheads but without captions."""
    check(listing(language, tags=tags, blank=blank), language)


@pytest.mark.parametrize("language", WORDS)
def test_dates_above_headlines(language: str) -> None:
    """A date over a headline is that article's, and not of the one before."""
    page = listing(language, tags="lines", blank="articles", date="above")
    check(page, language)
    assert {draft.published for draft in read(page).drafts} == {"2024-05-03"}


@pytest.mark.parametrize("language", WORDS)
def test_no_dates(language: str) -> None:
    """Tags that recur tell the articles where nothing else does but the page's head."""
    check(listing(language, tags="lines", blank="articles", date="none"), language)


def test_links_are_no_tags() -> None:
    """What stands below "read also" is neither tag nor headline, what leads on is no tag."""
    page = listing("en", tags="lines", blank="articles")
    links = "\nRead also:\nA storm is on its way to the coast\nWhat the town paid for its new bridge\nHarbour\n"
    page = page.replace("\nHarbour\nBread\n", links + "Bread\n") + "\n1 2 3 … 14 Next\nImprint\n"
    check(page, "en")


def test_one_article_is_no_listing() -> None:
    """A page with one article, its tags and links to others is read as one."""
    words = WORDS["en"]
    prose = [sentence for _ in range(3) for sentence in PROSE["en"]]
    links = [line for title in words.titles for line in (title, words.date)]
    page = "\n\n".join([words.head, words.titles[0], *prose, *words.tags[0], "Read also", *links])
    reading = read(page)
    assert (reading.layout, len(reading.drafts)) == ("page", 1)


def test_every_byte_has_a_part() -> None:
    """What the parts of a page leave out is white space."""
    page = listing("de", tags="commas", blank="all") + "\n← Ältere Beiträge\n"
    last = 0
    for piece in sorted(read(page).slices):
        assert not page[last : piece.start].strip()
        last = piece.end
    assert not page[last:].strip()
