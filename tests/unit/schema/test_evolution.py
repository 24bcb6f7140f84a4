"""What a change of the schema means for rows and readers of before."""

import copy
from typing import Any

import pytest

from galley.releases.version import Level
from galley.schema.contract import Contract
from galley.schema.evolution import KINDS, Change, Rows, compare_labels, compare_schemas, fill

DOCUMENT = Contract.default().document


def edited(edit: Any) -> dict[str, Any]:
    """Return the default schema after `edit` worked on its properties."""
    document = copy.deepcopy(DOCUMENT)
    edit(document["properties"])
    document["required"] = [name for name in document["required"] if name in document["properties"]]
    return document


def compare(edit: Any) -> list[tuple[str, str]]:
    """Return path and kind of what `edit` changes."""
    return [(change.path, change.kind) for change in compare_schemas(DOCUMENT, edited(edit))]


def test_nothing_changed() -> None:
    """The order of fields, required names and enum values does not count."""
    document = copy.deepcopy(DOCUMENT)
    document["required"].reverse()
    document["properties"] = dict(reversed(document["properties"].items()))
    document["properties"]["annotation"]["properties"]["status"]["enum"].reverse()
    assert list(compare_schemas(DOCUMENT, document)) == []


@pytest.mark.parametrize(
    ("edit", "path", "kind"),
    [
        (lambda p: p.update(mood={"type": ["string", "null"]}), "mood", "field_added"),
        (lambda p: p.pop("deck"), "deck", "field_removed"),
        (lambda p: p["deck"].update(type=["integer", "null"]), "deck", "field_retyped"),
        (lambda p: p["deck"].update(type="string"), "deck", "null_forbidden"),
        (lambda p: p["title"].update(type=["string", "null"]), "title", "null_allowed"),
        (lambda p: p["title"].update(minLength=2), "title", "narrowed"),
        (lambda p: p["title"].update(maxLength=200), "title", "narrowed"),
        (lambda p: p["title"].pop("minLength"), "title", "widened"),
        (lambda p: p["title"].update(minLength=0), "title", "widened"),
        (lambda p: p["title"].update(pattern="^A"), "title", "narrowed"),
        (lambda p: p["id"].update(pattern="^[0-9a-f]{32}\\Z"), "id", "unknown"),
        (lambda p: p["id"].pop("pattern"), "id", "widened"),
        (lambda p: p["title"].update(format="uri"), "title", "unknown"),
        (lambda p: p["title"].update(**{"x-arrow": "large_string"}), "title", "field_stored"),
        (lambda p: p["title"].update(description="Words."), "title", "described"),
        (lambda p: p["tags"].pop("uniqueItems"), "tags", "widened"),
        (lambda p: p["authors"].update(uniqueItems=True), "authors", "narrowed"),
        (lambda p: p["sources"].update(minItems=2), "sources", "narrowed"),
        (lambda p: p["authors"]["items"].pop("minLength"), "authors[]", "widened"),
        (lambda p: p["authors"].update(items={"type": "object"}), "authors[]", "field_retyped"),
        (
            lambda p: p["entities"]["items"]["properties"]["start"].update(maximum=9),
            "entities[].start",
            "narrowed",
        ),
        (
            lambda p: p["entities"]["items"]["properties"]["start"].update(type="number"),
            "entities[].start",
            "field_stored",
        ),
        (
            lambda p: p["annotation"]["properties"]["status"]["enum"].remove("suggested"),
            "annotation.status",
            "narrowed",
        ),
        (
            lambda p: p["annotation"]["properties"]["status"]["enum"].append("again"),
            "annotation.status",
            "widened",
        ),
        (lambda p: p["annotation"].pop("additionalProperties"), "annotation", "widened"),
        (
            lambda p: p["annotation"]["required"].remove("annotators"),
            "annotation.annotators",
            "widened",
        ),
    ],
)
def test_one_change(edit: Any, path: str, kind: str) -> None:
    """Each has one kind, at the place where it is."""
    assert compare(edit) == [(path, kind)]


def test_a_field_that_must_be_there() -> None:
    """Null does for it where null may stand; else older rows are not valid."""
    for kinds, kind in ((["string", "null"], "field_added"), ("string", "field_demanded")):
        document = edited(lambda p, kinds=kinds: p.update(mood={"type": kinds}))
        document["required"].append("mood")
        (change,) = compare_schemas(DOCUMENT, document)
        assert (change.path, change.kind) == ("mood", kind)
    assert change.rows is Rows.INVALID
    assert change.to_json()["migration"]


def test_an_open_schema_may_have_held_the_field() -> None:
    """Rows of before may have anything under the name that is new."""
    old = copy.deepcopy(DOCUMENT)
    old.pop("additionalProperties")
    new = copy.deepcopy(old)
    new["properties"]["mood"] = {"type": "string"}
    assert [change.kind for change in compare_schemas(old, new)] == ["field_added", "narrowed"]
    assert [change.kind for change in compare_schemas(new, old)] == ["field_ignored"]


def test_missing_fields_are_read_as_null() -> None:
    """At any depth, and only where null may stand."""
    null = {"type": ["string", "null"]}
    node = {"properties": {"a": null, "b": {"items": {"properties": {"c": null, "d": {}}}}}}
    assert fill(node, {"b": [{}, {"c": "x"}]}) == {"a": None, "b": [{"c": None}, {"c": "x"}]}


@pytest.mark.parametrize(
    ("new", "changes"),
    [
        (["PER", "ORG", "LOC", "GPE"], [("label_added", "", "GPE")]),
        (["PER", "ORG"], [("label_removed", "LOC", "")]),
        (["PER", "COMPANY", "LOC"], [("label_renamed", "ORG", "COMPANY")]),
        (["ORG", "PER", "LOC"], [("label_moved", "PER is number 0", "PER is number 1")]),
        (["PER", "ORG", "LOC"], []),
    ],
)
def test_labels(new: list[str], changes: list[tuple[str, str, str]]) -> None:
    """The place of a label is its number in a release."""
    found = [(change.kind, change.old, change.new) for change in compare_labels(OLD, new)]
    assert found[: len(changes)] == changes
    assert bool(found) == bool(changes)


OLD = ["PER", "ORG", "LOC"]


def test_levels_are_those_of_releases() -> None:
    """They are named here because the schema knows nothing of releases."""
    assert {kind.level for kind in KINDS.values()} <= set(Level.__members__)
    assert Change("$", "unknown").to_json().keys() == {
        *("path", "kind", "old", "new", "rows", "readers", "level", "migration")
    }
