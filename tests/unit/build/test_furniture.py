"""What pages put around and between the paragraphs of one article, in many languages."""

import pytest

from galley.build.dump.layouts import choose
from galley.build.dump.reading import Reading
from galley.build.page import Page
from galley.build.source import Source

TITLE = "Old bridge over the river is closed for three months"
DECK = "Engineers found cracks in several places of the steel."
ONE = "The town closed the old bridge on Tuesday after engineers had found cracks in its steel. Traffic will be led round it for three months."
TWO = "“Safety comes first,” the mayor said at a meeting in the evening, an hour after she had read the report."
THREE = "Shopkeepers fear for their sales before the holidays, since half of their customers come from the other bank."
FOUR = "From next week a ferry will cross every ten minutes, free of charge, for all who walk or ride a bicycle."
OTHERS = [
    "Prices of flats rise again",
    "A storm is on its way to the coast",
    "How to bake an apple cake",
]


def text(*lines: str, above: tuple[str, ...] = (TITLE, "News", "Sport", TITLE)) -> list[str]:
    """Return the paragraphs that are read from a page."""
    page = "\n\n".join((*above, *lines))
    found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    return [page[start:end] for start, end in found.drafts[0].text]


@pytest.mark.parametrize(
    "head", ["Read also:", "Lees ook:", "Čtěte také:", "Citeşte şi:", "Přečtěte si také", "ЧИТАЙТЕ ТАКЖЕ", "관련기사", "【関連記事】"]
)  # fmt: skip
def test_box_of_links(head: str) -> None:
    """A box of links between two paragraphs ends no article, and is none of it."""
    assert text(ONE, head, *OTHERS, TWO, THREE) == [ONE, TWO, THREE]


def test_boxes_after_every_paragraph() -> None:
    """However often a page interrupts an article, it goes on."""
    lines = [ONE, "Read also:", OTHERS[0], TWO, "Read also:", OTHERS[1], THREE, FOUR]
    assert text(*lines) == [ONE, TWO, THREE, FOUR]


def test_ranking_in_between() -> None:
    """Numbers of a ranking are no text."""
    ranking = [line for number, title in enumerate(OTHERS, 1) for line in (str(number), title)]
    assert text(ONE, "Most read", *ranking, TWO, THREE) == [ONE, TWO, THREE]


def test_list_below() -> None:
    """Links below an article, each with a teaser, are none of it."""
    cards = [
        line
        for title in OTHERS
        for line in (title, "A teaser that says in a few words what it is about.")
    ]
    assert text(ONE, TWO, "Related articles", *cards, "About us") == [ONE, TWO]


def test_pointer_in_one_line() -> None:
    """A pointer may be in one line with its title, or in brackets."""
    for line in (f"Leia também: {OTHERS[1]}", f"【関連記事】 {OTHERS[1]}", f"Témata: {OTHERS[1]}"):
        assert text(ONE, line, TWO, THREE) == [ONE, TWO, THREE]


@pytest.mark.parametrize(
    "between", [("3 May 2024, 14:05",), ("Ann Lee",), ("By Ann Lee", "Listen", "Photo: Bo Ek")]
)
def test_deck(between: tuple[str, ...]) -> None:
    """A sentence above the byline announces the article."""
    assert text(DECK, *between, ONE, TWO) == [ONE, TWO]
    assert text(DECK, *between, ONE, "Read also:", *OTHERS, TWO, THREE) == [ONE, TWO, THREE]


def test_last_section() -> None:
    """A subhead with one paragraph belongs to the article that it closes."""
    assert text(ONE, TWO, "A free ferry", FOUR, "About us", "Contact") == [
        ONE,
        TWO,
        "A free ferry",
        FOUR,
    ]


def test_title_case_is_no_name() -> None:
    """Two words with capitals may be a subhead; a name is what the page says again."""
    assert text(ONE, "Shops Worry", TWO, THREE) == [ONE, "Shops Worry", TWO, THREE]


def test_note_about_the_author() -> None:
    """The author's name, said again below the text, opens a note."""
    note = "Ann Lee has written about bridges and roads since 2015, first for the radio."
    assert text("Ann Lee", "3 May 2024", ONE, TWO, "#Bridges", "Ann Lee", note) == [ONE, TWO]
    assert text("山田太郎", "2024年5月3日", ONE, TWO, "山田太郎", f"2005年入社。{note}") == [
        ONE,
        TWO,
    ]


@pytest.mark.parametrize(
    "offer",
    [
        ("Newsletter", "The news of the day in your inbox every morning, free of charge.", "Sign up"),
        ("Nieuwsbrief", "Elke ochtend het nieuws in je mailbox, uitschrijven kan altijd.", "Aanmelden"),
        ("Рассылка", "Самые важные новости каждое утро на вашу почту, без рекламы.", "Подписаться"),
        ("This article is for subscribers only", "Read all that we write for one euro a month.", "Subscribe"),
        ("Hai visto un errore? Segnalaci un errore nel testo, grazie.",),
        ("Je moet ingelogd zijn om te reageren.",),
    ],
)  # fmt: skip
def test_offer_below(offer: tuple[str, ...]) -> None:
    """What a page asks of its readers is none of the article."""
    assert text(ONE, TWO, THREE, *offer, "About us", "Contact") == [ONE, TWO, THREE]


def test_gallery_and_hashtags() -> None:
    """Counters of pictures and lines of hashtags are no subheads."""
    assert text(ONE, TWO, "1/3", "Photo: Bo Ek", "2/3", "Photo: Bo Ek", THREE, FOUR) == [
        ONE,
        TWO,
        THREE,
        FOUR,
    ]
    assert text(ONE, TWO, "#Bridges", "#Town news", "#Traffic") == [ONE, TWO]


def test_first_paragraph_above_a_subhead() -> None:
    """A paragraph that no byline follows is no deck, though a subhead or a box comes next."""
    assert text("3 May 2024", ONE, "A free ferry", TWO, THREE) == [ONE, "A free ferry", TWO, THREE]
    assert text("3 May 2024", ONE, "Read also", *OTHERS, TWO, THREE) == [ONE, TWO, THREE]


def test_chronicle() -> None:
    """Dates over paragraphs end no article; a year long past is no date of a page."""
    assert text(ONE, FOUR, "3 May 2024", TWO, "4 May 2024", THREE) == [ONE, FOUR, TWO, THREE]
    assert text(ONE, TWO, "In August 1833", THREE, FOUR) == [
        ONE,
        TWO,
        "In August 1833",
        THREE,
        FOUR,
    ]


def test_way_down_and_licence() -> None:
    """The path of a page, and under what licence it is, are none of the article."""
    path = "You are here: Home » Europe » Towns » Old bridge"
    licence = "If not said otherwise, this work is licensed under a Creative Commons licence"
    assert text(ONE, TWO, path, licence) == [ONE, TWO]


def test_site_behind_a_title() -> None:
    """The site's name is no part of a title that the page does not say again."""
    for first in ("Old bridge is closed » quay.example", "Old bridge is closed - The Quay | News"):
        page = "\n\n".join([first, "Home", ONE, TWO, THREE, "© The Quay", "About"])
        found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
        assert isinstance(found, Reading)
        assert page[slice(*found.drafts[0].title)] == "Old bridge is closed"


def test_headline_said_again_without_blank_lines() -> None:
    """A page without blank lines is one article if it says its first line again above prose."""
    page = "\n".join([TITLE, "News", "Sport", TITLE, ONE, TWO, "Read also:", *OTHERS, THREE, FOUR])
    found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    assert found.layout == "page"


def test_section_before_the_title() -> None:
    """What the browser's title says before a colon may be no part of the headline."""
    lines = [f"Town news: {TITLE}", "Home", "Sport", TITLE, ONE, TWO, THREE]
    assert text(*lines, above=()) == [ONE, TWO, THREE]


def test_long_teasers_below() -> None:
    """Links below an article, each with a long teaser, are none of it."""
    cards = [line for title in OTHERS for line in (title, f"{TWO} {THREE}")]
    assert text(ONE, TWO, "More on this topic", *cards, "About us") == [ONE, TWO]


def test_article_in_one_line() -> None:
    """One line that holds a whole article is more than the comments below it."""
    article = " ".join([ONE, TWO, THREE, FOUR] * 4)
    comment = "I have known this bridge for sixty years, and nobody ever cared for it. Shame on all of them."
    comments = ["Bo Ek", "3 May 2024", f"{comment} {comment}", comment]
    assert text(article, "Tags: bridge", *comments, above=("Another title | The Quay", "Home")) == [
        article
    ]


def test_a_menu_without_blank_lines_is_no_listing() -> None:
    """A page of one article, however tight, is none for the boxes and menus around it."""
    cookies = (
        "We and our partners use cookies to make your reading of these pages better and to show you "
        "what may be of use to you. If you go on you accept all of them, now and later."
    )
    menu = (
        "Accept",
        "Choose",
        "News",
        "Politics",
        "Economy",
        "Sport",
        "Log in",
        "Join",
        "News",
        ">",
    )
    above = ("3 May 2024 at 16:05", "Town desk", "Copy link", "E-mail", "Threads")
    short = "Some twenty thousand cars cross it on every day of the year."
    text = (ONE, "What the shopkeepers fear", TWO, short, THREE, FOUR, "Topics: World, News, Town")
    note = ("Ann Lee", "Ann Lee has written about bridges and town councils since 2015.")
    offer = ("Newsletter", "The most important news in your inbox every morning.", "Join")
    boxes = (
        "Related articles",
        *OTHERS,
        "Most read",
        *OTHERS[::-1],
        "About us",
        "Contact",
        "Privacy",
    )
    foot = ("Cookie policy", "What stands here must not be copied unless we allow it.")
    lines = (f"{TITLE} — The Quay", cookies, *menu, TITLE, *above, *text, *note, *offer, *boxes)
    page = "\n".join((*lines, *foot, "© 2023 The Quay"))
    found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    assert found.layout == "page"
