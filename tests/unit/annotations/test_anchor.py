"""What people marked is found again in a text that changed, or waits for a person."""

from galley.annotations.anchor import anchor, context_of
from galley.annotations.correction import Corrections
from galley.annotations.merge import merge
from galley.ledger import Event
from galley.record import Entity, Record, Span, make_entity
from tests.factory import make_record

OLD = "Share this.\n\nThe ferry left Oslo for Bergen.\nIn Oslo, Ada Quill waited for the 🚢."


def marked(*surfaces: str) -> list[Entity]:
    """Return the first place of each surface in the old text."""
    return [
        make_entity(OLD, Span(OLD.index(s), OLD.index(s) + len(s)), label="GPE") for s in surfaces
    ]


def carried(new: str, *surfaces: str) -> tuple[list[tuple[int, str]], list[str]]:
    """Return where entities are in `new`, and which are lost."""
    entities = marked(*surfaces)
    found, lost = anchor(new, entities, context_of(OLD, entities))
    return [(item["start"], item["text"]) for item in found], [item["text"] for item in lost]


def test_boilerplate_removed() -> None:
    """Spans move with their text, and the right one of two equal names is found."""
    new = OLD.removeprefix("Share this.\n\n")
    assert carried(new, "Oslo", "Bergen") == ([(15, "Oslo"), (24, "Bergen")], [])


def test_white_space_and_one_side() -> None:
    """White space may differ, also inside; what changed on one side may be made up for."""
    new = "The  ferry left Oslo\u00a0for Bergen.\n\nIn Oslo, Ada\nQuill waited for two hours."
    assert carried(new, "Bergen", "Ada Quill")[0] == [(25, "Bergen"), (43, "Ada\nQuill")]


def test_lost() -> None:
    """What is gone, stands in other company or in two like places has no place."""
    assert carried("Nothing of it.", "Oslo") == ([], ["Oslo"])
    assert carried("A boat from Oslo came.", "Oslo") == ([], ["Oslo"])
    assert carried(OLD + "\n\n" + OLD, "Bergen") == ([], ["Bergen"])


def test_without_context() -> None:
    """Events of before contexts were kept are carried over by a quote that is unique."""
    found, lost = anchor("In Bergen, Oslo and Oslo.", marked("Bergen", "Oslo"), None)
    assert ([e["start"] for e in found], [e["text"] for e in lost]) == ([3], ["Oslo"])


def merged(text: str) -> Record:
    """Return a record with a new text, after one person annotated the old one."""
    record, entities = make_record(text=OLD), marked("Bergen")
    event = Event(
        kind="annotated",
        record_id=record["id"],
        text_sha256=record["text_sha256"],
        annotator="a",
        at="2026-01-01T00:00:00.000000Z",
        lead_time=None,
        origin={"server": "s", "project": "p", "task": 1, "annotation": 1},
        suggestion=None,
        before=None,
        after={"tags": ["rail"], "entities": entities},
        guideline="1",
        taxonomy="1",
        context=context_of(OLD, entities),
    )
    assert Corrections.collect([event]).of(record) is not None
    return next(merge([make_record(id=record["id"], text=text)], [event], {}))


def test_merge() -> None:
    """A correction whose spans all fit stands; otherwise what is left of it is a suggestion."""
    record = merged(OLD.removeprefix("Share this.\n\n"))
    assert (record["annotation"]["status"], record["entities"][0]["start"]) == ("corrected", 24)
    record = merged("Another article.")
    status = record["annotation"]["status"]
    assert (status, record["tags"], record["entities"]) == ("suggested", ["rail"], [])
