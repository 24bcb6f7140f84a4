"""The suggester that people's corrections teach."""

import random
from typing import Any

from galley.annotations.suggesters import learned
from galley.annotations.suggesters.proposal import Lesson
from galley.annotations.suggesters.unseen import unseen
from galley.record import Record, Span, make_entity
from galley.schema.vocabulary import Tag, Taxonomy
from tests.factory import LABELS, make_record

TAXONOMY = Taxonomy("1", (Tag("rail", "Rail"), Tag("food", "Food")))
_SAID = {"rail": "the train to {} left the platform", "food": "the soup in {} was hot and salty"}


def lesson(number: int = 60) -> Lesson:
    """Return records whose tags follow from their words, their entities from where they stand."""
    rng = random.Random("lesson")
    return Lesson([_record(at, rng) for at in range(number)], TAXONOMY, LABELS)


def _record(number: int, rng: random.Random, **changes: Any) -> Record:
    tag = rng.choice(sorted(_SAID))
    name = "".join(rng.choice("bdklmnr") + rng.choice("aeiou") for _ in range(3)).capitalize()
    text = f"🚢 Yesterday {_SAID[tag].format(name)}, and {rng.choice(['all', 'few'])} liked it."
    entity = make_entity(text, Span(text.index(name), text.index(name) + 6), label="GPE")
    return make_record(number, text=text, tags=[tag], entities=[entity], source_tags=[], **changes)


def test_names_never_seen() -> None:
    """A name that no record of the lesson has is found by where it stands; so is a tag."""
    pairs = list(unseen(learned.teach, lesson()))
    assert sorted(record["id"] for record, _ in pairs) == sorted(
        record["id"] for record in lesson().corrected
    )
    right = 0
    for record, suggester in pairs:
        proposal = suggester.propose(record)
        marks = [mark[:3] for mark in proposal.marks]
        entity = record["entities"][0]
        right += marks == [(entity["start"], entity["end"], "GPE")]
        right += list(proposal.tags) == record["tags"]
    assert right >= 0.95 * 2 * len(pairs)


def test_same_lesson_same_proposals() -> None:
    """Taught twice with the same, it proposes the same, to the last digit."""
    once, again = learned.teach(lesson()), learned.teach(lesson())
    other = make_record(text="Perhaps the train to Karobi left the platform.", source_tags=[])
    assert once.version == again.version
    assert once.propose(other) == again.propose(other)
    assert learned.teach(lesson(59)).version != once.version


def test_too_few() -> None:
    """With a handful of corrections it proposes nothing."""
    proposal = learned.teach(lesson(learned.LEAST - 1)).propose(make_record())
    assert (proposal.tags, proposal.marks, proposal.doubt) == ({}, [], None)


def test_judges_what_people_left() -> None:
    """A label and a tag that do not go with the record are less probable than the right ones."""
    taught, record = learned.teach(lesson()), _record(99, random.Random("new"))
    other = {**record, "entities": [{**record["entities"][0], "label": "PER"}]}
    right, wrong = taught.judge([record, other])
    assert right.entities[0] > 0.8
    assert wrong.entities[0] < 0.2
    (tag,) = record["tags"]
    assert right.tags[tag] > 0.5 > min(right.tags.values())
