"""What stands between the paragraphs of one article, and how much of it ends the article."""

import pytest

from galley.build.dump.layouts import choose
from galley.build.dump.reading import Reading
from galley.build.page import Page
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
    assert [page[start:end] for start, end in draft.text] == [*lines[4:]]
    assert {page[start:end] for start, end in draft.subheads} == {"Time", "In the oven"}


def test_box_that_a_page_repeats() -> None:
    """What a page sets between paragraphs again and again ends no article, whatever it holds."""
    box = ("Most popular", "Gear", OTHERS[0], "Ann Lee", "Business", OTHERS[1], "Bo Sand")
    more = (f"{TWO} {THREE}", f"{THREE} {FOUR}")
    assert text(ONE, DECK, *box, *more, *box, ONE) == [ONE, DECK, *more]
    assert text(ONE, DECK, *box, *more) == [ONE, DECK]


def test_caption_above_the_date() -> None:
    """A long caption between headline and date is not the article that stands below them."""
    caption = f"In this photo of 3 May 2024, Juan Alder sorts apples. {ONE} {TWO} {THREE}"
    votes = ("Follow", "Greedy", "Typical", "Amazing", "Sign up")
    body = [
        paragraph for n in range(4) for paragraph in (f"{n}: {ONE}", f"{n}: {TWO}", f"{n}: {THREE}")
    ]
    assert text(caption, "By ANN LEE 10/5/11 09:19 PM ET", *votes, *body) == body


def test_buttons_below_the_date() -> None:
    """Buttons in small letters below a date are no list that a text begins with."""
    lines = ("2024.05.03 10:28", "Print", "+Larger letters", "hirdetés")
    assert text(ONE, *lines, f"{TWO} {THREE}", FOUR) == [f"{TWO} {THREE}", FOUR]


def test_name_of_the_headline() -> None:
    """The name of whom an article is about, below its first paragraph, begins no note."""
    above = ("Ada Quill opens a bridge", "News", "Sport", "Ada Quill opens a bridge")
    about = "Ada Quill has built bridges for thirty years, and this is the first without a river."
    said = "She said that it was the easiest of them all, since nobody would ever cross it."
    assert text(ONE, "Ada Quill", about, said, above=above) == [ONE, "Ada Quill", about, said]
    other = about.replace("Ada Quill", "Bo Sand")
    assert text(ONE, "Bo Sand", other, said, above=above) == [ONE]


@pytest.mark.parametrize(
    "line",
    [
        "The ferries are powered by hydrogen that a plant on the island makes of wind and water.",
        "Under the new act, which the town voted for after a debate on Tuesday, the use of works by schools needs no consent. The note “all rights reserved” does not change that.",
        "新规则说，图书馆可以保存读者的借书记录，但是必须写明保存多久；未经读者同意而取得的记录，每年年底都要删除。",
    ],
)  # fmt: skip
def test_words_of_a_notice_in_a_paragraph(line: str) -> None:
    """A paragraph that mentions what notices say is a paragraph."""
    assert text(ONE, line, TWO, THREE) == [ONE, line, TWO, THREE]


@pytest.mark.parametrize(
    "line", ["Powered by WordPress", "Proudly powered by Ghost", "未经书面授权，不得转载。", "© 2024 The Quay. All rights reserved."]
)  # fmt: skip
def test_notice(line: str) -> None:
    """A notice is none."""
    assert text(ONE, TWO, line, "About us") == [ONE, TWO]


def test_paragraph_that_trails_off() -> None:
    """Sentences may end in an ellipsis; a teaser is cut short within one."""
    trailing = (
        "外婆每天傍晚都在渡口等船。她说河水会记得每一个人的名字，也会记得他们带走的每一只篮子……"
    )
    rest = "星期日图书馆请来了几位老船工，给孩子们讲旧时的渡船。孩子们听得很认真，还画了一条河。"
    above = ("读诗的一天", "新闻", "体育", "读诗的一天")
    assert text(trailing, rest, above=above) == [trailing, rest]


@pytest.mark.parametrize("count", ["Comments (12)", "12 Kommentare", "コメント 12件"])
def test_a_count_of_comments_above_the_text(count: str) -> None:
    """Between the date and the text it opens no comments, whatever stands above it as a deck."""
    head = [TITLE, DECK, "By Ann Lee", "3 May 2024", count, "Share"]
    assert text(*head[1:], ONE, TWO, THREE) == [ONE, TWO, THREE]


def test_comments_below_a_short_text() -> None:
    """Where names and dates follow, what readers wrote has begun."""
    said = ["Tom", "4 May 2024", "Nobody will ever cross that river again, I am afraid of that."]
    assert text(ONE, TWO, "3 May 2024", "Comments (2)", *said, "Reply") == [ONE, TWO]
