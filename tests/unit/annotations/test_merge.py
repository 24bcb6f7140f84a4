"""Corrections before suggestions, and each for its own text only."""

from dataclasses import replace
from typing import Any

from galley.annotations.correction import corrections
from galley.annotations.merge import merge
from galley.annotations.suggestion import Suggestion
from galley.ledger import Event
from galley.record import Record
from tests.factory import make_record

RECORD = make_record()
AFTER = {"tags": ["rail"], "entities": [{"start": 2, "end": 5, "label": "PER", "text": "The"}]}


def event(kind: str = "annotated", *, at: int = 1, annotation: int = 1, **changes: Any) -> Event:
    """Return an event about the record."""
    made = Event(
        kind=kind,
        record_id=RECORD["id"],
        text_sha256=RECORD["text_sha256"],
        annotator="a",
        at=f"2026-01-01T00:00:0{at}.000000Z",
        lead_time=None,
        origin={"server": "s", "project": "p", "task": 1, "annotation": annotation},
        suggestion=None,
        before=None,
        after=AFTER if kind == "annotated" else None,
        guideline="2",
        taxonomy="3",
    )
    return replace(made, **changes)


def merged(*events: Event, suggestion: Suggestion | None = None) -> Record:
    """Return the record after `events`."""
    suggestions = {} if suggestion is None else {suggestion.record_id: suggestion}
    return next(merge([RECORD], events, suggestions))


def suggested(**changes: Any) -> Suggestion:
    """Return a suggestion for the record."""
    return replace(Suggestion(RECORD["id"], RECORD["text_sha256"], "m", ["trade"]), **changes)


def test_nothing_known() -> None:
    """A record that nobody looked at stays as built."""
    assert merged() == RECORD


def test_correction_wins() -> None:
    """What a person left stands over what a machine proposed."""
    record = merged(event(), suggestion=suggested())
    assert (record["tags"], record["entities"]) == (AFTER["tags"], AFTER["entities"])
    expected = {"status": "corrected", "annotators": 1, "guideline": "2", "taxonomy": "3"}
    assert record["annotation"] == expected


def test_suggestion_only() -> None:
    """Without a correction the suggestion is shown as one."""
    record = merged(suggestion=suggested())
    assert (record["tags"], record["annotation"]["status"]) == (["trade"], "suggested")
    assert record["annotation"]["annotators"] == 0


def test_other_text() -> None:
    """What was suggested for another text is nothing here, what a person said is carried over."""
    other = "0" * 64
    assert merged(suggestion=suggested(text_sha256=other)) == RECORD
    assert merged(event(text_sha256=other))["tags"] == ["rail"]


def test_last_word_of_an_annotation() -> None:
    """An annotation that was deleted or turned into a skip no longer stands."""
    for kind in ("deleted", "skipped"):
        assert merged(event(), event(kind, at=2))["annotation"]["status"] == "source"
    assert merged(event("skipped"), event(at=2))["annotation"]["status"] == "corrected"


def test_two_people() -> None:
    """The last annotation counts, both people are counted; each of them once."""
    later = event(at=3, annotation=2, annotator="b", after={"tags": [], "entities": []})
    record = merged(event(), event(at=2, annotation=3), later)
    assert (record["tags"], record["annotation"]["annotators"]) == ([], 2)
    gone = event("deleted", at=4, annotation=2, annotator="b")
    assert merged(event(), later, gone)["annotation"]["annotators"] == 1


def test_by_text() -> None:
    """Corrections are kept by record and text."""
    other = event(annotation=2, text_sha256="0" * 64)
    assert set(corrections([event(), other])) == {
        (RECORD["id"], RECORD["text_sha256"]),
        (RECORD["id"], "0" * 64),
    }


def test_merged_records() -> None:
    """What was said of a record goes with it into the one that it became; a later word counts."""
    alias = event(record_id="f" * 32)
    assert merged(alias) == RECORD
    (record,) = merge([RECORD], [alias], {}, aliases={"f" * 32: RECORD["id"]})
    assert (record["tags"], record["annotation"]["status"]) == (["rail"], "corrected")
    own = event(at=2, annotation=2, annotator="b", after={"tags": [], "entities": []})
    (record,) = merge([RECORD], [alias, own], {}, aliases={"f" * 32: RECORD["id"]})
    assert (record["tags"], record["annotation"]["annotators"]) == ([], 2)
