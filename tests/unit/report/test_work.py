"""What people did, counted from the ledger."""

from typing import Any

from galley.ledger import Event
from galley.report.work import Work

ADA = {"start": 0, "end": 3, "label": "PER", "text": "Ada"}
SOUND = {"start": 10, "end": 15, "label": "LOC", "text": "Sound"}
QUAY = {"start": 20, "end": 24, "label": "LOC", "text": "quay"}


def make_event(annotation: int, **changes: Any) -> Event:
    """Return an event of the annotation `annotation`."""
    values: dict[str, Any] = {
        "kind": "annotated",
        "record_id": "a" * 32,
        "text_sha256": "0" * 64,
        "annotator": "one",
        "at": "2024-05-01T10:00:00.000000Z",
        "lead_time": 30.0,
        "origin": {"server": "s", "project": "p", "task": 1, "annotation": annotation},
        "suggestion": {"model": "m", "tags": ["water", "trade"], "entities": [ADA, SOUND]},
        "before": None,
        "after": {"tags": ["water"], "entities": [ADA, SOUND | {"label": "GPE"}, QUAY]},
        "guideline": "1",
        "taxonomy": "1",
    }
    return Event(**values | changes)


def tell(*events: Event) -> Work:
    """Return what `events` say."""
    return Work.tell(events, frozenset({"a" * 32}), {"b" * 32: "a" * 32})


def test_outcomes_of_suggestions() -> None:
    """What is kept, relabelled and added is counted by label, tags apart."""
    work = tell(make_event(1))
    assert (work.outcomes["PER"].kept, work.outcomes["PER"].shown) == (1, 1)
    assert work.outcomes["LOC"].fates == {"relabelled": 1, "added": 1}
    assert (work.outcomes["LOC"].shown, work.outcomes["LOC"].share) == (1, 0.0)
    assert (work.outcomes[""].kept, work.outcomes[""].shown) == (1, 2)
    assert work.people["one"].unchanged == 0


def test_unchanged_suggestion() -> None:
    """An annotation that leaves all as it was suggested counts as such, and no other."""
    shown = {"tags": ["water"], "entities": [ADA]}
    work = tell(make_event(1, suggestion={"model": "m"} | shown, after=shown), make_event(2))
    assert (work.people["one"].suggested, work.people["one"].unchanged) == (2, 1)


def test_last_word_of_an_annotation_counts() -> None:
    """An update replaces what was said before it, and a deletion takes it away."""
    first, gone = make_event(1), make_event(2, annotator="two")
    update = make_event(1, before=first.after, after={"tags": [], "entities": []})
    deleted = make_event(2, annotator="two", kind="deleted", after=None)
    work = tell(first, gone, update, deleted)
    assert work.outcomes["PER"].fates == {"removed": 1}
    assert (work.people["one"].annotations, work.people["two"].annotations) == (1, 0)
    assert len(work.stories["a" * 32]) == 4


def test_records_that_do_not_count() -> None:
    """Events of other records are left out, those of an alias belong to what carries on."""
    work = tell(make_event(1, record_id="c" * 32), make_event(2, record_id="b" * 32))
    assert work.days == {"2024-05-01": 1}
    assert list(work.stories) == ["a" * 32]


def test_story_names_what_changed() -> None:
    """A step tells tags and spans against what was shown, or against the annotation before."""
    first = make_event(1)
    work = tell(first, make_event(1, before=first.after, after={"tags": ["rail"], "entities": []}))
    one, two = work.stories["a" * 32]
    assert list(one.tags()) == [("trade", "removed")]
    assert list(two.tags()) == [("rail", "added"), ("water", "removed")]
    assert [change.fate for change in two.spans] == ["removed"] * 3
