"""What is found out by a shorter way is what the long way finds."""

import re
import unicodedata

import pytest
import sentencex
from eld import LanguageDetector
from hypothesis import given, settings
from hypothesis import strategies as st

from galley.build.codes import Codes
from galley.build.dump import dates, lexicon
from galley.build.dump.capitals import CLOSING, SMALL, find_capitals
from galley.build.dump.search import Search
from galley.build.dump.wrapped import split_page
from galley.build.sentences import Sentences, backwards, last_start
from galley.build.tongues import tongues
from galley.build.widths import Widths, weigh
from galley.similarity import sketch
from tests.unit.build.languages import LANGUAGES

_PROSE = [text for _, text in LANGUAGES.values()]
_SIGNS = [
    "“",
    "‘",
    "`",
    "”",
    '"',
    "'",
    "(",
    ")",
    "•",
    "[",
    "]",
    "«",
    "»",
    "a)",
    "(2)",
    "2.",
    "Dr.",
    "…",
    "A.",
]
_PIECE = st.sampled_from(_PROSE).flatmap(
    lambda text: st.integers(0, len(text)).map(lambda start: text[start : start + 150])
)
_TEXT = st.lists(_PIECE | st.sampled_from(_SIGNS) | st.text(max_size=8), max_size=20)


@settings(max_examples=150)
@given(st.lists(_TEXT.map(" ".join), min_size=1, max_size=5))
def test_texts_are_as_like_languages_as_eld_says(texts: list[str]) -> None:
    """The scores of several texts are those that eld's own detector gives each of them."""
    model, detector = tongues(), LanguageDetector()
    for text, scores in zip(texts, model.scores(texts), strict=True):
        found = {
            code: score for code, score in zip(model.codes, scores.tolist(), strict=True) if score
        }
        assert found == pytest.approx(detector.detect(text).scores(), rel=1e-12)
        if found:
            assert model.codes[int(scores.argmax())] == detector.detect(text).language


@settings(max_examples=300)
@given(_TEXT.map(" ".join), st.sampled_from(["en", "de", "fr", "ru", "und"]))
def test_the_last_sentences_are_those_of_the_whole_text(text: str, language: str) -> None:
    """Where sentences begin does not depend on how much of the text was looked at."""
    whole = Sentences(text, language).spans()
    assert list(backwards(text, language)) == whole[::-1]
    assert last_start(text, language) == (whole[-1][0] if whole else 0)


@settings(max_examples=300)
@given(_TEXT.map(" ".join) | st.text(), st.sampled_from(["en", "de", "hi", "ja", "und"]))
def test_sentences_begin_where_their_lengths_say(text: str, language: str) -> None:
    """The sentences follow each other without a gap, from the start of the text to its end."""
    places = sentencex.get_sentence_boundaries(language, text)
    assert Sentences(text, language).starts == [place["start_index"] for place in places]


_CODES = st.text(st.sampled_from("aZ .!”)\u2028\u0301ßéжЖ가漢\u0e01１😀𝐀_1") | st.characters())


@settings(deadline=None)
@given(st.lists(_CODES, min_size=1, max_size=4))
def test_capitals_are_found_wherever_a_pattern_finds_them(texts: list[str]) -> None:
    """No place at which a sentence may end before capitals is left out."""
    pattern = re.compile(rf"[{re.escape(CLOSING)}](?=\s{{1,3}}[^\s{SMALL}]+\s+\S)")
    for text, places in zip(texts, find_capitals(texts), strict=True):
        assert {match.start() for match in pattern.finditer(text)} <= set(places)


@given(st.from_regex(dates._LATELY, fullmatch=True))
def test_words_for_a_while_ago_have_few_spaces(text: str) -> None:
    """A line with no space, or with many, is not searched for how long ago something was."""
    assert text.count(" ") in dates._GAPS


@settings(deadline=None)
@given(_CODES)
def test_a_text_is_as_wide_as_its_characters(text: str) -> None:
    """A stretch of a page weighs what its characters weigh, one by one."""
    wide = [unicodedata.east_asian_width(char) in "WF" for char in text]
    known = [unicodedata.category(char) != "Cn" or char > "\uffff" for char in text]
    counts = [1 + (one and other) for one, other in zip(wide, known, strict=True)]
    assert weigh(text) == Widths(Codes(text)).of(0, len(text)) == sum(counts)
    assert Widths(Codes(text)).of(1, max(len(text), 1)) == sum(counts[1:])


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="\uffff")))
def test_sketches_are_made_of_the_words_that_a_pattern_finds(text: str) -> None:
    """Two texts with the same words, found by a pattern, have the same sketch."""
    if not re.search("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", text):
        assert sketch(text) == sketch(" ".join(re.findall(r"\w+", text.casefold())))


_CLOSING = [(key, entry) for key in ("help", "thanks", "role") for entry in lexicon.words(key)]


@pytest.mark.parametrize(("key", "entry"), _CLOSING)
def test_words_that_close_an_article_have_a_stem(key: str, entry: str) -> None:
    """Whatever fits an entry of the lists holds a stem, by which it is looked for."""

    @settings(max_examples=12)
    @given(st.from_regex(re.compile(entry, re.IGNORECASE), fullmatch=True))
    def check(text: str) -> None:
        thanks, note = lexicon.may_close(f"{text} is x")
        assert note if key == "role" else thanks

    check()


@settings(deadline=None)
@given(_CODES)
def test_codes_that_are_stable_stay_what_they_are(text: str) -> None:
    """Characters that need no closer look are NFC, and so are those of them that stand first."""
    if Codes(text).are_stable():
        assert unicodedata.is_normalized("NFC", text)
        assert unicodedata.is_normalized("NFC", f"{text}e{text}")


@pytest.mark.parametrize(
    "sign", ["e\u0301", "\u0387", "\u2000", "\u212b", "\u30ab\u3099", "\uf900"]
)
def test_what_is_not_normal_is_looked_at(sign: str) -> None:
    """A page of which one character is written otherwise in NFC is not taken for normal."""
    assert not Codes(f"Äpfel, Жук, 橋 — {sign}").are_stable()
    assert Codes("Äpfel, Жук, 橋 — “so”").are_stable()


@given(_CODES, st.lists(st.integers(0, 40)))
def test_places_are_counted_in_bytes(text: str, places: list[int]) -> None:
    """A character begins in UTF-8 where those before it end."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    places = [place for place in places if place <= len(text)]
    found = Codes(text).utf8_offsets(places) if text else {}
    assert found.keys() >= set(places if text else ())
    assert all(at == len(text[:place].encode()) for place, at in found.items())


_SENTENCES = "The ferry to the island is late. Nobody at the harbour knows when it will come. "
_LINES = st.sampled_from(
    [
        *("Harbour", "Sea", "Ships at night", "2 comments", "Tags: Sea, Ships", "Share | Print"),
        *("The ferry to the island is late", "New ships are built in the old harbour again"),
        *("Read also:", "Sign up for our newsletter today.", "By Ann Lee", "3 May 2024"),
        *("The ferry was late.", "A bridge is closed until May 3.", "Page 1 of 2", "Tag - Sea"),
        *("Was this of use to you? Tell us what you think.", "Sea, Ships, Harbour, Islands"),
        *(_SENTENCES, _SENTENCES * 2, _SENTENCES * 4, _SENTENCES * 8),
    ]
)
_ARTICLE = st.lists(_LINES, min_size=1, max_size=8)


_TEMPLATE = st.lists(_LINES, max_size=4).map(
    lambda below: ["New ships are built in the old harbour again", _SENTENCES * 4, *below]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_ARTICLE, max_size=6), _TEMPLATE, st.integers(0, 6))
def test_no_listing_fits_better_than_it_may(
    articles: list[list[str]], template: list[str], times: int
) -> None:
    """How well a page fits as a listing at most, as is known before it is one, is no less."""
    for gap in ("\n", "\n\n"):
        page = "\n\n".join(
            gap.join(article) for article in [*articles, *[template] * times, ["Sea"]]
        )
        for text in (page, page.replace("\n\n", "\n")):
            search = Search(split_page(text))
            highest = search.highest
            assert search.score <= highest
