"""Offsets in other units are converted by one rule, or not at all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley.annotations.offsets import RULES, Seen, flat, normalised, repair
from galley.annotations.result import Reader
from galley.record import Span, normalise
from galley.schema.vocabulary import Taxonomy
from tests.factory import LABELS

STORM = "Storm 🌪️ hits Oslo"
LINES = "One\r\nOslo calls"


@pytest.mark.parametrize(
    ("text", "seen", "rule", "to"),
    [
        (STORM, Seen(15, 19, "Oslo"), "utf16", Span(14, 18)),
        (LINES, Seen(4, 8, "Oslo"), "crlf", Span(5, 9)),
        ("🌪\r\n🌪 Oslo", Seen(6, 10, "Oslo"), "utf16+crlf", Span(5, 9)),
        ("One\n\nOslo calls", Seen(7, 11, "Oslo"), "lf", Span(5, 9)),
        ("🌪\nOslo", Seen(4, 8, "Oslo"), "utf16+lf", Span(2, 6)),
    ],
)
def test_repaired(text: str, seen: Seen, rule: str, to: Span) -> None:
    """Each unit is recognised where only it gives what was seen."""
    found = repair([seen], text)
    assert found is not None
    assert (found.rule, found.spans) == (rule, (to,))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (STORM, [Seen(16, 20, "Oslo")]),  # no rule gives it
        (STORM, [Seen(15, 19, None)]),  # nobody saw anything
        (STORM, [Seen(15, 19, " ")]),  # white space is no evidence
        (STORM, [Seen(15, 19, "Oslo"), Seen(9, 13, "hits")]),  # two units in one annotation
    ],
)
def test_not_repaired(text: str, seen: list[Seen]) -> None:
    """Without one reading of the whole annotation there is none."""
    assert repair(seen, text) is None


def test_ambiguous() -> None:
    """Two rules that give two places are no rule."""
    # counted in UTF-16 units it is the second `o`, with LF as CRLF beside it the first one
    assert repair([Seen(4, 5, "o")], "🌪\nooy") is None
    assert repair([Seen(5, 6, "o")], "🌪\nooy") is not None


@given(st.text(st.sampled_from("aé🌪𝕏 \r\n"), min_size=1), st.data())
def test_never_wrong(text: str, data: st.DataObject) -> None:
    """Whatever the unit, a repair shows what the annotator saw."""
    places = list(RULES[data.draw(st.sampled_from(sorted(RULES)))](text))
    first = data.draw(st.integers(0, len(places) - 1))
    last = data.draw(st.integers(first, len(places) - 1))
    (start, here), (end, there) = places[first], places[last]
    found = repair([Seen(start, end, text[here:there])], text)
    if found is not None and not Seen(start, end, text[here:there]).fits(Span(start, end), text):
        (span,) = found.spans
        assert flat(text[span.start : span.end]) == flat(text[here:there]) != ""


@given(st.text(st.sampled_from("ae\u0301\r\n🌪"), min_size=1), st.data())
def test_normalised(raw: str, data: st.DataObject) -> None:
    """A span of a raw text shows the same in the text as a record has it, or is given up."""
    start = data.draw(st.integers(0, len(raw) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(raw))))
    found = normalised(span, raw)
    if found is not None:
        text = normalise(raw)
        assert text[found.start : found.end] == normalise(raw[span.start : span.end])


def test_repair_is_written_down() -> None:
    """The reader says what it repaired, and quarantines with what stands around."""
    value: dict[str, Any] = {"start": 15, "end": 19, "text": "Oslo", "labels": ["GPE"]}
    region = {"from_name": "entities", "type": "labels", "value": value}
    reader = Reader(Taxonomy("1", ()), LABELS)
    read = reader.read([region], STORM)
    assert read.repairs == [{"rule": "utf16", "from": [15, 19], "to": [14, 18]}]
    assert [entity["text"] for entity in read.entities] == ["Oslo"]
    (issue,) = reader.read([region | {"value": value | {"end": 18, "text": "Rome"}}], STORM).issues
    assert (issue.code, "hits" in issue.got) == ("span_surface", True)
