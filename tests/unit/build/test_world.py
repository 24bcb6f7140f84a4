"""One page in the scripts of twelve languages, arranged as sites arrange theirs: always the same article."""

from collections.abc import Callable
from pathlib import Path

import pytest

from galley.workspace.building import inspect_path

PAGES = Path(__file__).with_name("world")
AUTHORS = {
    "bn": "রহিম আহমেদ",
    "en": "Jane Miller",
    "fa": "رضا احمدی",
    "he": "דנה לוי",
    "hi": "रमेश कुमार",
    "hy": "Արամ Պետրոսյան",
    "ja": "佐藤健",
    "ka": "ნინო ბერიძე",
    "ko": "김민수",
    "ta": "ரவி குமார்",
    "th": "สมชาย ใจดี",
    "ur": "احمد علی",
}
# In the files: the site, its menu, the headline, the byline, the date, the text, and whose it is.
SITE, MENU, HEADLINE, BYLINE, DATE = range(5)
Lines = list[str]
SHAPES: dict[str, Callable[[Lines], Lines]] = {
    "whole": lambda page: page,
    "without date and byline": lambda page: [*page[:BYLINE], *page[DATE + 1 :]],
    "the date of today above": lambda page: [
        *(page[at] for at in (SITE, MENU, DATE, HEADLINE, BYLINE)),
        *page[DATE + 1 :],
    ],
    "a menu of lines": lambda page: [page[SITE], *page[MENU].split(), *page[HEADLINE:]],
    "blank lines between": lambda page: [part for line in page for part in (line, "")],
    "a browser's title": lambda page: [f"{page[HEADLINE]} - {page[SITE]}", *page],
    "nothing but the article": lambda page: [page[HEADLINE], *page[DATE + 1 : -1]],
}


def lines_of(language: str) -> Lines:
    return (PAGES / f"{language}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", AUTHORS)
def test_the_same_article(tmp_path: Path, language: str, shape: str) -> None:
    """Its headline and its paragraphs, and nothing of what stands around them."""
    page = lines_of(language)
    path = tmp_path / "page.txt"
    path.write_text("\n".join(SHAPES[shape](page)) + "\n", encoding="utf-8")
    (record,) = inspect_path(path).records
    assert (record["title"], record["language"]) == (page[HEADLINE], language)
    assert record["text"].split("\n\n") == page[DATE + 1 : -1]


@pytest.mark.parametrize("language", AUTHORS)
def test_who_wrote_it_and_when(language: str) -> None:
    """Names with what their bearers are, before them and behind; dates in any digits."""
    (record,) = inspect_path(PAGES / f"{language}.txt").records
    assert record["authors"] == [AUTHORS[language]]
    assert record["published"].startswith("2024-03-05")
