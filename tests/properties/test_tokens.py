"""Tokens cover what is to be read, at their places, in any script."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from galley.annotations.suggesters.crf import tags_of
from galley.annotations.suggesters.names import Names
from galley.annotations.suggesters.tokens import tokenize, tokenize_lines

TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("aé ́ \n東京ภาไทย𝕏🚢हिन्दी")),
    max_size=60,
)


@given(TEXTS)
def test_tokens_are_slices(text: str) -> None:
    """Each token is the slice that it says; between tokens is nothing but white space."""
    last = 0
    for token in tokenize(text):
        assert text[token.start : token.end] == token.text != ""
        assert not text[last : token.start].strip()
        last = token.end
    assert not text[last:].strip()


@given(TEXTS)
def test_lines_hold_all_tokens(text: str) -> None:
    """No token is lost, and none has a line break on both sides of it in one line."""
    lines = list(tokenize_lines(text))
    assert [token for line in lines for token in line] == tokenize(text)
    assert all("\n" not in text[a.end : b.start] for line in lines for a, b in pairwise(line))


@given(TEXTS, st.data())
def test_spans_are_tagged(text: str, data: st.DataObject) -> None:
    """The tokens of a span that ends with tokens are tagged, the first of them so, and no other."""
    for line in tokenize_lines(text):
        first = data.draw(st.integers(0, len(line) - 1))
        last = data.draw(st.integers(first, len(line) - 1))
        entity = {"start": line[first].start, "end": line[last].end, "label": "X", "text": ""}
        after = len(line) - last - 1
        tags = ["O"] * first + ["B-X"] + ["I-X"] * (last - first) + ["O"] * after
        assert tags_of(line, [entity]) == tags


@given(TEXTS, st.lists(st.text("aé東ภ🚢 ", min_size=1, max_size=3), max_size=4))
def test_names_are_found_at_their_places(text: str, names: list[str]) -> None:
    """What is found is a name that stands there, and finds do not overlap."""
    last = 0
    for start, end in Names(names).find(text):
        assert text[start:end] in names
        assert start >= last
        last = end
