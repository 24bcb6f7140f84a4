"""A list of the lexicon that the stems rule out has no entry that matches."""

import re

from hypothesis import given
from hypothesis import strategies as st

from galley.build.dump import lexicon
from galley.build.dump.stems import UNASKED, WORDS, first_match, is_one, may_match, stems_of

_LISTS = [key for key in lexicon.lists() if key not in UNASKED]
_ENTRIES = [(key, entry) for key in _LISTS for entry in lexicon.words(key)]


@st.composite
def _matched(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a list and a text that an entry of it matches."""
    key, entry = draw(st.sampled_from(_ENTRIES))
    words = st.from_regex(re.compile(entry, re.IGNORECASE), fullmatch=key in WORDS)
    return key, draw(words)


@given(_matched())
def test_what_matches_is_not_ruled_out(found: tuple[str, str]) -> None:
    """Each text in which an entry of a list matches may match that list."""
    key, text = found
    assert key in may_match(text)
    assert key in may_match(f"» {text}: 12")


@given(st.text(), _matched(), st.text())
def test_the_first_match_is_that_of_all_entries(
    before: str, found: tuple[str, str], after: str
) -> None:
    """A list matches first where it does when each of its entries is tried."""
    key, inner = found
    text = lexicon.fold(f"{before} {inner}{after}")
    match, first = lexicon.folded(key).search(text), first_match(key, text)
    assert (first and first.span()) == (match and match.span())


@given(_matched(), st.sampled_from(["", " ", ":", "s"]))
def test_a_whole_text_is_one_entry_or_none(found: tuple[str, str], after: str) -> None:
    """A text is a match of a list where the pattern of all its entries matches all of it."""
    key, inner = found
    text = lexicon.fold(inner + after)
    assert is_one(key, text) == bool(lexicon.folded(key).fullmatch(text))


@given(st.sampled_from(_ENTRIES), st.text())
def test_what_is_ruled_out_does_not_match(entry: tuple[str, str], text: str) -> None:
    """A list that is ruled out has no entry that matches, whatever the text."""
    key, _ = entry
    pattern = lexicon.pattern(key)
    match = pattern.fullmatch(text) if key in WORDS else pattern.search(text)
    assert key in may_match(text) or not match


def test_words_rule_out_most_lists() -> None:
    """A headline without any of the words of sites leaves next to no list to try."""
    assert not may_match("Kühle Nächte im Gebirge")
    assert not may_match("Prairies of a bygone age")  # "PR" and "by" are words, but not in it


def test_a_stem_goes_through_no_gap() -> None:
    """What may be left out or may repeat parts a stem; one of several words stands in each."""
    assert stems_of("abcd?efg+hi") == {"abc"}
    assert stems_of("abcd?hi[xy](?:j|kl)m") == {"hixjm", "hixklm", "hiyjm", "hiyklm"}
    assert stems_of("(?:to )?read|a{0,2}bc") == {"read", "bc"}
    assert stems_of(r".+ ?k|x(?=:)\.com") == {"k", "x.com"}
    assert stems_of(r"\d+(?:k)?|.k?") == {"0", ""}
    assert stems_of(r"foto\s?[:/]|[a-z]pa") == {":", "/", "pa"}
