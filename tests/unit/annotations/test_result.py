"""Results are read back as they were meant, or not at all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley.annotations.result import Reader, Reading, write_results
from galley.hashing import sha256_json
from galley.record import Span, make_entity
from galley.schema.vocabulary import Tag, Taxonomy
from tests.factory import LABELS

TAXONOMY = Taxonomy("1", (Tag("transport", "Transport"), Tag("rail", "Rail", (), "transport")))
READER = Reader(TAXONOMY, LABELS)
TEXT = "🚢 e\u0301t\u00e9 in\u00a0Oslo.\n\nMarlow\tSound,  Norway"


def region(start: Any, end: Any, **value: Any) -> dict[str, Any]:
    """Return a result of an annotator; `text` and `labels` may be given."""
    value = {"start": start, "end": end, "labels": ["GPE"], **value}
    return {"id": "x", "from_name": "entities", "to_name": "text", "type": "labels", "value": value}


def tags(*paths: list[str]) -> dict[str, Any]:
    """Return the result of the taxonomy."""
    return {"from_name": "tags", "type": "taxonomy", "value": {"taxonomy": list(paths)}}


def codes(*results: dict[str, Any]) -> list[str]:
    """Return what the reader finds wrong."""
    return [issue.code for issue in READER.read(list(results), TEXT).issues]


@given(st.data())
def test_round_trip(data: st.DataObject) -> None:
    """Any spans in any text come back as they were written, whatever the characters."""
    text = data.draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
    starts = data.draw(st.lists(st.integers(0, len(text) - 1), unique=True))
    spans = [Span(at, data.draw(st.integers(at + 1, len(text)))) for at in sorted(starts)]
    entities = [make_entity(text, span, label="PER") for span in spans]
    results = write_results(["rail"], entities, taxonomy=TAXONOMY)
    assert READER.read(results, text) == Reading(["rail"], entities)
    assert len({result["id"] for result in results}) == len(results)
    rests = [{name: result[name] for name in {*result} - {"id"}} for result in results]
    assert [result["id"] for result in results] == [sha256_json(rest)[:10] for rest in rests]


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (region(3, 400), "span_range"),
        (region(5, 5), "span_range"),
        (region(-1, 4), "span_range"),
        (region("3", 4), "span_range"),
        (region(1.5, 4), "span_range"),
        (region(11, 15, text="Olso"), "span_surface"),
        (region(10, 14, labels=[]), "label_count"),
        (region(10, 14, labels=["NOBODY"]), "label_unknown"),
        (tags(["transport", "plane"]), "tag_unknown"),
        ({"type": "choices", "from_name": "tags"}, "result_type"),
        (tags(["rail"]) | {"from_name": "other"}, "result_type"),
    ],
)
def test_misfits(result: dict[str, Any], code: str) -> None:
    """What does not fit the text or the vocabularies has a reason, and is not repaired."""
    assert codes(result) == [code]


@pytest.mark.parametrize("shown", ["Marlow Sound", "Marlow\\n Sound", "MarlowSound", None])
def test_white_space_of_the_screen(shown: str | None) -> None:
    """What Label Studio does to white space in `value.text` is no misfit; offsets count."""
    start = TEXT.index("Marlow")
    value = {} if shown is None else {"text": shown}
    read = READER.read([region(start, start + 12, **value)], TEXT)
    assert (read.issues, read.entities[0]["text"]) == ([], "Marlow\tSound")


def test_each_once_and_in_order() -> None:
    """Entities are sorted and distinct, tags distinct in the order chosen."""
    results = [
        region(27, 30),
        region(2, 5),
        region(2, 5),
        tags(["transport", "rail"], ["transport"]),
        tags(["transport", "rail"]),
    ]
    read = READER.read(results, TEXT)
    assert [entity["start"] for entity in read.entities] == [2, 27]
    assert read.tags == ["rail", "transport"]


def test_two_labels_and_relations() -> None:
    """Two labels on one span are two entities; a relation is kept aside, not lost."""
    relation = {"type": "relation", "from_id": "a", "to_id": "b"}
    read = READER.read([region(10, 14, labels=["GPE", "LOC"]), relation], TEXT)
    assert [entity["label"] for entity in read.entities] == ["GPE", "LOC"]
    assert (read.issues, read.repairs) == ([], [{"rule": "left_out", "result": relation}])
