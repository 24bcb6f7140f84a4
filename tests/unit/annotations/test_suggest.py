"""What is suggested from the start: few wrong names, in the record's own language."""

import json
from pathlib import Path
from typing import Any

import pytest

from galley.annotations.suggesters import gazetteer, source_tags
from galley.annotations.suggesters.cldr import load_territories
from galley.annotations.suggesters.combine import combine
from galley.annotations.suggesters.proposal import Lesson
from galley.annotations.suggesters.territories import find_territories
from galley.annotations.suggestion import Suggestion, read_suggestions, write_suggestions
from galley.record import Record
from galley.schema.vocabulary import Label, Labels, Tag, Taxonomy
from tests.factory import LABELS, make_record

TAXONOMY = Taxonomy("1", (Tag("transport", "Transport"), Tag("rail", "Rail", ("Bahn",))))


def suggest(record: Record, labels: Labels = LABELS) -> Suggestion | None:
    """Return what the suggesters that need no lesson suggest."""
    lesson = Lesson([], TAXONOMY, labels)
    return combine([record], [source_tags.teach(lesson), gazetteer.teach(lesson)])[0]


def found(text: str, language: str = "en") -> list[tuple[str, str]]:
    """Return what is suggested as `(text, label)`."""
    entities = find_territories(text, language)
    assert all(text[e["start"] : e["end"]] == e["text"] for e in entities)
    return [(entity["text"], entity["label"]) for entity in entities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("From 🚢 Spain to Norway’s coast.", [("Spain", "GPE"), ("Norway", "GPE")]),
        ("The European Union and Europe", [("European Union", "ORG"), ("Europe", "LOC")]),
        ("the U.S. and the UK at the UN", [("U.S.", "GPE"), ("UK", "GPE"), ("UN", "ORG")]),
        ("in South Sudan, not Sudan", [("South Sudan", "GPE"), ("Sudan", "GPE")]),
        ("with Trinidad and Tobago", [("Trinidad and Tobago", "GPE")]),
        ("an Omani in Omanian", []),
        ("a turkey in iran", []),
    ],
)
def test_names(text: str, expected: list[tuple[str, str]]) -> None:
    """Territories are found whole, the longest first, with possessive and astral neighbours."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a non-EU country",
        "the U.S.-led talks",
        "spoke with Michael Jordan again",
        "spoke with Jordan Teller again",
        "the firm Oracle France said",
        "come and JOIN US today",
        "Michael Jordan spoke.",
    ],
)
def test_traps(text: str) -> None:
    """What looks like a territory and is a part of something else is left alone."""
    assert found(text) == []


def test_language_matters() -> None:
    """The record's own language decides what is a country."""
    assert found("Die Island-Fähre fährt nach Island.", "de") == [("Island", "GPE")]
    assert found("They went to the Island by ferry.", "en") == []
    assert found("Los EE. UU. y la UE", "es-MX") == [("EE. UU.", "GPE"), ("UE", "ORG")]
    assert found("I went to Spain", "und") == [("Spain", "GPE")]
    assert found("中国和日本", "zh") == [("中国", "GPE"), ("日本", "GPE")]


def test_known_labels_only() -> None:
    """A label that entities.yaml lacks is not suggested."""
    record = make_record(text="Spain and the EU", source_tags=[])
    labels = Labels("1", (Label("ORG"),))
    suggestion = suggest(record, labels)
    assert suggestion
    assert [entity["label"] for entity in suggestion.entities] == ["ORG"]
    assert suggestion.by == {"tags": [], "entities": [["gazetteer", 0.8]]}


def test_tags() -> None:
    """Tags are resolved from the publisher's, then the listings', each once, in order."""
    record = make_record(source_tags=["Bahn", "Nothing", "rail"], listing_tags=["Transport"])
    suggestion = suggest(record)
    assert suggestion
    assert suggestion.tags == ["rail", "transport"]
    assert suggestion.by["tags"] == [["source_tags", 1.0]] * 2


def test_nothing_to_suggest() -> None:
    """A record without a known tag or name has no suggestion."""
    assert suggest(make_record(source_tags=[])) is None


def test_file_is_written_once(tmp_path: Path) -> None:
    """The same suggestions leave the file as it is, in the order of the records."""
    path = tmp_path / "suggestions.jsonl"
    records = [make_record(number, text=f"Spain {number}") for number in range(5)]
    found = [suggest(record) for record in records]
    suggestions = [item for item in found if item]
    assert write_suggestions(path, suggestions)
    before = path.read_bytes()
    assert not write_suggestions(path, reversed(suggestions))
    assert path.read_bytes() == before
    assert list(read_suggestions(path)) == sorted(record["id"] for record in records)


def test_every_language_loads() -> None:
    """Names of all the languages of the world can be looked for."""
    from babel.localedata import locale_identifiers

    languages = {name.split("_")[0] for name in locale_identifiers()}
    assert all(load_territories(language).labels for language in sorted(languages))


def test_precision_on_gold(SHARED: Path, record_property: Any) -> None:
    """On the hand-made entities of the seeds at least 9 of 10 suggestions are exactly right."""
    right = suggested = wanted = 0
    for document in map(_load, sorted((SHARED / "gold").glob("0*.json"))):
        raw = (SHARED / "seeds" / document["file"]).read_bytes().decode("utf-8")
        for article in document["articles"]:
            if "entities" not in article:
                continue
            body = raw[article["body"]["char_start"] : article["body"]["char_end"]]
            gold = {(e["start"], e["end"], e["type"]) for e in article["entities"]}
            ours = {(e["start"], e["end"], e["label"]) for e in find_territories(body, "en")}
            right, suggested = right + len(ours & gold), suggested + len(ours)
            wanted += len(gold)
    record_property("precision", right / suggested)
    record_property("recall", right / wanted)
    assert suggested >= 20
    assert right / suggested >= 0.9


def _load(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))
