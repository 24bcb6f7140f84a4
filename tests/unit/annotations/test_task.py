"""A task as it is sent."""

import json

import pytest

from galley.annotations.suggestion import Suggestion
from galley.annotations.task import Task
from galley.hashing import sha256_json
from galley.record import Span, make_entity
from galley.schema.vocabulary import Tag, Taxonomy
from tests.factory import make_record

TAXONOMY = Taxonomy("1", (Tag("transport", "Transport"),))
TEXT = '🚢 “Aurélie 𝕏”\t\\ "\n\n\u2028\x7f\x01 e\u0301t\u00e9'


@pytest.mark.parametrize("score", [None, 0.25, 1e-7])
@pytest.mark.parametrize("tags", [None, [], ["transport"]])
def test_what_is_sent(tags: list[str] | None, score: float | None) -> None:
    """The bytes are the task as JSON, and its hashes those of what it holds."""
    record = make_record(text=TEXT, title='A "title" \\')
    found = [
        make_entity(TEXT, Span(0, 3), label="PER"),
        make_entity(TEXT, Span(3, 22), label="ORG"),
    ]
    key = (record["id"], record["text_sha256"])
    shown = None if tags is None else Suggestion(*key, 'a "model"', tags, found, score=score)
    task = Task(record, shown, TAXONOMY)
    assert json.loads(task.encode()) == task.to_json()
    assert task.meta["data"] == sha256_json(task.data)[:16]
    assert task.meta["shown"] == sha256_json(task.results)[:16]
