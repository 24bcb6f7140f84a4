"""Pages on which every link begins a line of its own."""

import re

import pytest

from galley.build.dump.broken import join_broken
from galley.build.dump.wrapped import split_page
from galley.build.lines import split_lines
from tests.unit.build.pages import read
from tests.unit.build.test_furniture import FOUR, ONE, OTHERS, THREE, TITLE, TWO

NAV = ["News", "Sport", "Log in", "E-mail"]
LINKED = {
    ONE: ["old bridge", "engineers", "led round"],
    TWO: ["the mayor", "the report"],
    THREE: ["their sales"],
    FOUR: ["a ferry", "free of charge"],
}
CASELESS = {
    "島へ渡る船は冬の間運休すると、港湾事務所が火曜日に発表した。住民は早めの買い物を求められている。": ["港湾事務所", "早めの買い物"],
    "岸壁のパン屋は小麦粉を蓄え始め、学校は二台目のボイラーを購入した。子どもたちは雪を楽しみにしている。": ["小麦粉", "雪"],
    "「もっと長い冬もあった」と、船を数える灯台守は話した。春になれば船はまた毎日やって来るという。": ["灯台守"],
}  # fmt: skip

CHINESE = {
    "记者从港务局获悉，开往小岛的渡船冬季将全部停航，居民已经开始提前采购。": ["港务局", "停航"],
    "“我们见过更长的冬天，”灯塔看守人说，学校已经买下第二台锅炉。": ["更长的冬天", "学校"],
    "面包师开始囤积面粉，因为明年春天以前没有人知道船什么时候回来。": ["囤积面粉"],
}
HINDI = {
    "नगर निगम ने पुराना पुल तीन महीने के लिए बंद कर दिया है और नाव अगले सप्ताह से चलेगी।": ["पुराना पुल", "नाव"],
    "महापौर ने कहा कि लोगों की सुरक्षा सबसे पहले है और रिपोर्ट मिलने के बाद फैसला हुआ।": ["लोगों", "महापौर"],
    "दुकानदारों को त्योहार के मौसम में बिक्री घटने की चिंता सता रही है।": ["त्योहार", "दुकानदारों"],
}  # fmt: skip


def broken(paragraph: str, links: list[str], *, blanks: bool) -> str:
    """Return a paragraph whose links stand on lines of their own, with the blanks around or not."""
    lines = re.sub("|".join(map(re.escape, links)), r"\n\g<0>\n", paragraph)
    return lines if blanks else "\n".join(line.strip() for line in lines.split("\n"))


def page(texts: dict[str, list[str]], *, blanks: bool = False) -> str:
    """Return a whole page that was broken at its links."""
    body = [broken(text, links, blanks=blanks) for text, links in texts.items()]
    return "\n".join([f"{TITLE} | The Quay", *NAV, TITLE, "3 May 2024", *body, "About us"])


@pytest.mark.parametrize("blanks", [False, True])
@pytest.mark.parametrize("texts", [LINKED, CASELESS])
def test_paragraphs_are_whole(texts: dict[str, list[str]], *, blanks: bool) -> None:
    """Each is put together again, from slices of the page that cover it exactly once."""
    raw = page(texts, blanks=blanks)
    (record,) = read(raw, "page.txt").records
    assert record["title"] == TITLE
    assert re.sub(r"\s", "", record["text"]) == re.sub(r"\s", "", "".join(texts))
    assert all(part in raw for part in record["text"].split("\n\n"))
    assert record["text"].count("\n\n") == len(texts) - 1


def test_what_is_no_sentence_stays() -> None:
    """Titles, dates and items of a menu are not joined with what follows them."""
    lines = [line.text for line in split_page(page(LINKED))]
    assert lines[:7] == [f"{TITLE} | The Quay", *NAV, TITLE, "3 May 2024"]
    assert lines[-1] == "About us"


@pytest.mark.parametrize(
    "lines",
    [
        [TITLE, *NAV, ONE, TWO, THREE, FOUR],
        [TITLE, "ferries", "bridges", "towns", ONE, OTHERS[0], "roads", "weather", TWO],
        [TITLE, "two eggs, beaten", "a cup of flour,", "sugar", "one lemon", "some butter"],
        [TITLE, ONE, "“" + OTHERS[0], "(a) the ferry", "... and more"],
    ],
)
def test_other_pages_stay(lines: list[str]) -> None:
    """Labels and items in lower case go on with no sentence."""
    text = "\n".join(lines)
    assert join_broken(text, found := split_lines(text)) is found


@pytest.mark.parametrize("texts", [CHINESE, HINDI])
def test_scripts_without_capitals(texts: dict[str, list[str]]) -> None:
    """A line that begins with a sign or a particle goes on with the one above it."""
    joined = {re.sub(r"\s", "", line.text) for line in split_page(page(texts))}
    assert joined >= {re.sub(r"\s", "", text) for text in texts}
