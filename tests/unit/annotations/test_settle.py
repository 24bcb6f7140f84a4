"""Policies: what stands where people differ, and what is left open."""

from typing import Any

import pytest

from galley.annotations.correction import corrections
from galley.annotations.merge import merge
from galley.annotations.policy import LAST_WINS, Policies
from galley.annotations.review import show_sides
from galley.annotations.settle import Settled, settle
from galley.ledger import Event
from tests.factory import make_record

TEXT = "Ada Quill of Marlow"
RECORD = make_record(text=TEXT)
MAJORITY, UNANIMOUS = Policies("majority"), Policies("unanimous")
ADA, QUILL, ADA_QUILL = (0, 3, "PER"), (4, 9, "PER"), (0, 9, "PER")
MARLOW = (13, 19, "GPE")


def said(person: str, *spans: Any, tags: str = "", at: int = 1, kind: str = "annotated") -> Event:
    """Return the annotation of a person."""
    entities = [
        {"start": start, "end": end, "label": label, "text": TEXT[start:end]}
        for start, end, label in sorted(spans)
    ]
    return Event(
        kind=kind,
        record_id=RECORD["id"],
        text_sha256=RECORD["text_sha256"],
        annotator=person,
        at=f"2026-01-01T00:00:0{at}.000000Z",
        lead_time=None,
        origin={"server": "s", "project": kind, "task": 1, "annotation": person},
        suggestion=None,
        before=None,
        after={"tags": tags.split(), "entities": entities},
        guideline="1",
        taxonomy="1",
    )


def spans(settled: Settled) -> list[Any]:
    return [(e["start"], e["end"], e["label"]) for e in settled.entities]


def test_latest() -> None:
    """Without a policy the last annotation stands, as it was made."""
    found = settle([said("a", ADA), said("b", MARLOW, tags="z y")], LAST_WINS)
    assert (spans(found), found.tags, found.open) == ([MARLOW], ["z", "y"], [])


def test_majority() -> None:
    """More than half is enough, for a tag and for a span; less is nothing."""
    found = settle(
        [said("a", ADA_QUILL, tags="x y"), said("b", ADA_QUILL, MARLOW, tags="x"), said("c", ADA)],
        MAJORITY,
    )
    assert (spans(found), found.tags, found.open) == ([ADA_QUILL], ["x"], [])


def test_tie() -> None:
    """Half is not more than half: it is open, and what is not open stands."""
    found = settle(
        [said("a", ADA_QUILL, MARLOW, tags="x y"), said("b", MARLOW, tags="x")], MAJORITY
    )
    assert (spans(found), found.tags) == ([MARLOW], ["x"])
    tag, span = found.open
    assert (tag.name, [side.people for side in tag.sides]) == ("y", [1, 1])
    assert [side.entities for side in span.sides] == [(), ((0, 9, "PER", "Ada Quill"),)]


def test_overlap_is_a_conflict() -> None:
    """Where most see something, each something else, nothing is settled, not even nothing."""
    three = [said("a", ADA), said("b", ADA_QUILL), said("c", QUILL)]
    found = settle(three, MAJORITY)
    assert spans(found) == []
    assert len(found.open) == 1
    assert len(found.open[0].sides) == 3
    alone = settle([said("a", ADA), said("b"), said("c")], MAJORITY)
    assert (spans(alone), alone.open) == ([], [])
    both = settle([said("a", ADA, QUILL), said("b", ADA, QUILL), said("c", ADA_QUILL)], MAJORITY)
    assert (spans(both), both.open) == ([ADA, QUILL], [])


def test_unanimous() -> None:
    """One who differs leaves it open."""
    found = settle([said("a", MARLOW), said("b", MARLOW), said("c")], UNANIMOUS)
    assert (spans(found), len(found.open)) == ([], 1)
    assert settle([said("a", MARLOW, tags="x")], UNANIMOUS).tags == ["x"]


def test_annotator() -> None:
    """A named person is right; of what that person did not see, only the unanimous stands."""
    ben = Policies("annotator:b")
    assert spans(settle([said("b", ADA), said("a", MARLOW)], ben)) == [ADA]
    found = settle([said("c", ADA), said("a", ADA, MARLOW)], ben)
    assert (spans(found), len(found.open)) == ([ADA], 1)
    named = Policies("annotator:Ben@example.org").resolved(lambda name: f"<{name}>")
    assert named.default == "annotator:<Ben@example.org>"


def test_policy_of_one_label() -> None:
    """A label and a tag may have a policy of their own."""
    policies = Policies("majority", {"x": "latest"}, {"GPE": "unanimous"})
    found = settle(
        [said("a", ADA, MARLOW, tags="x"), said("b", ADA, MARLOW, tags="x"), said("c")], policies
    )
    assert (spans(found), found.tags, len(found.open)) == ([ADA], [], 1)


def test_two_policies_cannot_cross() -> None:
    """Two spans that no single person marked together do not both stand, whoever chose them."""
    policies = Policies("latest", {}, {"ORG": "annotator:a"})
    found = settle([said("a", (0, 9, "ORG")), said("b", ADA)], policies)
    assert (spans(found), len(found.open)) == ([], 1)


@pytest.mark.parametrize("policies", [LAST_WINS, MAJORITY, UNANIMOUS])
def test_one_person(policies: Policies) -> None:
    """One person's work stands as it was made, whatever the policy."""
    event = said("a", ADA, tags="y x")
    assert settle([event], policies).entities is (event.after or {})["entities"]
    assert settle([said("a", MARLOW), event], policies).tags == ["y", "x"]


def test_adjudicated_wins() -> None:
    """A decision stands over all opinions, later ones too, until it is taken back."""
    events = [
        said("a", ADA, at=1),
        said("b", QUILL, at=2),
        said("judge", ADA_QUILL, at=3, kind="adjudicated"),
        said("c", MARLOW, at=4),
    ]
    (record,) = merge([RECORD], events[:2], {}, policies=UNANIMOUS)
    assert (record["annotation"]["status"], record["entities"]) == ("suggested", [])
    (record,) = merge([RECORD], events, {}, policies=UNANIMOUS)
    assert record["entities"][0]["text"] == "Ada Quill"
    assert (record["annotation"]["status"], record["annotation"]["annotators"]) == (
        "adjudicated",
        3,
    )
    (found,) = corrections(events, policies=UNANIMOUS).values()
    assert (found.adjudicated, found.open) == (True, [])


def test_sides_without_names() -> None:
    """Who decides sees what was said and by how many, and no markup of a text's."""
    two = [said("pseudonym1", ADA, tags="<b>"), said("pseudonym2")]
    shown = show_sides(settle(two, UNANIMOUS).open, TEXT)
    assert "pseudonym" not in shown
    assert "“Ada” (…<b>·</b> Quill of Marlow…)" in shown
    assert "&lt;b&gt;" in shown
    assert "1 person: nothing" in shown
