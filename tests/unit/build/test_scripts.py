"""Scripts without capitals: no word of them is one, and names of them stand in other texts."""

import pytest

from galley.build.dump.layouts import choose
from galley.build.dump.reading import Reading
from galley.build.page import Page
from galley.build.source import Source
from tests.unit.build.test_furniture import ONE, THREE, TWO, text

ARABIC = (
    "قال مدير الميناء كريم الفارس يوم الخميس إن الرصيف الشمالي سيبقى مغلقا حتى نهاية الشهر القادم "
    "لأن الرياح كسرت جزءا من جداره. وتعمل الرافعات هناك ليلا ونهارا."
)
HEBREW = (
    "מנהלת הנמל נועה ברק אמרה ביום חמישי כי הרציף הצפוני יישאר סגור עד סוף החודש הבא מפני שהרוח "
    "שברה חלק מן הקיר שלו. המנופים עובדים שם יומם ולילה."
)
HINDI = (
    "बंदरगाह की निदेशक नीता राव ने गुरुवार को कहा कि उत्तरी घाट अगले महीने के अंत तक बंद रहेगा "
    "क्योंकि हवा ने उसकी दीवार का एक हिस्सा तोड़ दिया है। वहाँ क्रेन दिन रात काम कर रही हैं।"
)
KOREAN = (
    "항구 책임자 한지우 씨는 목요일 북쪽 부두가 다음 달 말까지 닫혀 있을 것이라고 말했다 바람이 벽의 일부를 "
    "부수었기 때문이다 그곳에서는 크레인이 밤낮으로 일하고 있으며 배들은 남쪽 부두에 닿는다."
)


@pytest.mark.parametrize("paragraph", [ARABIC, HEBREW, HINDI, KOREAN])
def test_a_paragraph_begins_with_no_subhead(paragraph: str) -> None:
    """However long it is, nothing in it is a run of capitals."""
    assert text(paragraph, ONE, TWO) == [paragraph, ONE, TWO]


@pytest.mark.parametrize("name", ["राष्ट्रीय घाट समिति", "中央港务局", "هيئة ميناء الشمال"])
def test_a_name_in_another_script_is_no_subhead(name: str) -> None:
    """A sentence may begin with it, above and within a paragraph."""
    said = f"{name} Chief Ann Lee came late. {name} Officials stood at the back of the hall."
    assert text(said, ONE, THREE) == [said, ONE, THREE]


def test_a_name_in_capitals_before_such_a_script_is_no_subhead() -> None:
    """The sentence goes on behind it."""
    said = f"{ARABIC} NORTH HARBOUR AUTHORITY {ARABIC}"
    assert text(said, ONE, TWO) == [said, ONE, TWO]


def test_capitals_are_a_subhead_still() -> None:
    """In a script that has them."""
    said = f"{ONE} A WALL BREAKS The wall was old."
    assert text(said, TWO, THREE)[:3] == [ONE, "A WALL BREAKS", "The wall was old."]


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("记者 林小雨", "林小雨"),
        ("기자 한지우", "한지우"),
        ("מאת נועה ברק", "נועה ברק"),
        ("लेखिका नीता राव", "नीता राव"),
        ("كتب كريم الفارس", "كريم الفارس"),
    ],
)
def test_a_byline_without_a_colon(byline: str, name: str) -> None:
    """What stands between headline and date names who wrote it, and is no headline."""
    page = f"The North Quay Stays Closed\n{byline}\n3 May 2024\n{ONE}\n{TWO}\n{THREE}\n"
    found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    (draft,) = found.drafts
    assert (page[slice(*draft.title)], draft.authors) == ("The North Quay Stays Closed", [name])
