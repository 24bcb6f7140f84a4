"""Listings in scripts whose characters are wide: few of them say much, and names have no capitals."""

import pytest

from galley.build.dump.layouts import choose
from galley.build.dump.reading import Reading
from galley.build.page import Page
from galley.build.source import Source
from galley.record import Part

CHINESE = {
    "旧桥封闭三个月": ["交通", "水"],
    "渡船为何迟到三天": ["交通"],
    "灯塔昨夜再次熄灭": ["天文", "海洋", "气候变化"],
    "面包师囤积面粉": ["粮食", "冬天"],
    "学校买下第二台锅炉": ["教育"],
}
JAPANESE = {
    "古い橋が三カ月通行止め": ["交通", "水"],
    "渡し船はなぜ遅れたか": ["交通"],
    "灯台の明かりが再び消える": ["天文", "海"],
    "パン屋が小麦粉を蓄える": ["食料", "冬"],
    "学校が二台目のボイラー購入": ["教育"],
}
TEXTS = {
    "zh": "市议会周一开会,讨论了三个小时。最后谁也没有改变主意,河水照常流淌。居民表示理解。",
    "ja": "市議会は月曜日に三時間議論した。結局、誰も考えを変えず、川はいつも通り流れている。",
}
NAMES = {"zh": ["王小明", "李芳", "张伟"], "ja": ["佐藤花子", "山田太郎", "鈴木一郎"]}
DECKS = {"zh": "市长周一晚上对记者表示,安全第一。", "ja": "市長は月曜の夜、安全が第一だと述べた。"}
ARTICLES = [("zh", CHINESE), ("ja", JAPANESE)]


def read(lines: list[str]) -> Reading:
    """Return the reading of a page with these lines."""
    page = Page("page.txt", "0" * 64, "\n".join(lines), "utf-8")
    found = choose(page, Source("test"))
    assert isinstance(found, Reading)
    return found


def tags(lines: list[str]) -> dict[str, list[str]]:
    """Return the tags of each title that is read from a listing."""
    found, text = read(lines), "\n".join(lines)
    assert found.layout == "listing"
    own = [[text[p.start : p.end] for p in found.slices if p[2:] == (Part.TAG, number)] for number in range(len(found.drafts))]  # fmt: skip
    return {text[slice(*draft.title)]: row for draft, row in zip(found.drafts, own, strict=True)}


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(("language", "articles"), ARTICLES)
def test_names_are_no_tags(language: str, articles: dict[str, list[str]], *, last: bool) -> None:
    """A name that begins with a family name, at one end of all tails, is the author's."""
    lines = []
    for number, (title, row) in enumerate(articles.items()):
        name = [NAMES[language][number % 3]]
        tail = [*row, *name] if last else [*name, *row]
        lines += [title, TEXTS[language] * 3, *tail]
    assert tags(["#交通", *lines]) == articles


@pytest.mark.parametrize(("language", "articles"), ARTICLES)
def test_short_texts_below_decks(language: str, articles: dict[str, list[str]]) -> None:
    """A headline of seven characters is one, and eighty of them are a text."""
    lines = [
        line
        for title, row in articles.items()
        for line in (title, DECKS[language], TEXTS[language] * 2, *row)
    ]
    assert tags(["#交通", *lines]) == articles


@pytest.mark.parametrize(("language", "articles"), ARTICLES)
def test_a_page_that_repeats_its_headline(language: str, articles: dict[str, list[str]]) -> None:
    """It has one article, however short its paragraphs are."""
    title = next(iter(articles)) + "，" + DECKS[language][:-1]
    menu = [tag for row in articles.values() for tag in row]
    text = [TEXTS[language], TEXTS[language] * 2, TEXTS[language]]
    found = read([f"{title} | 港", TEXTS[language], *menu, title, *text, *menu, *articles])
    assert found.layout == "page"
    assert found.drafts[0].title.end - found.drafts[0].title.start == len(title)
