"""Names that people marked, or that a maintainer lists, wherever they stand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from galley.annotations.suggesters import gazetteer
from galley.annotations.suggesters.choose import read_lists
from galley.annotations.suggesters.combine import combine
from galley.annotations.suggesters.proposal import Lesson, Mark, Proposal
from galley.errors import ConfigError
from galley.record import Record, Span, make_entity
from galley.schema.vocabulary import Taxonomy
from tests.factory import LABELS, make_record

NOTHING = Taxonomy("1", ())


def corrected(number: int, text: str, **marked: str) -> Record:
    """Return a record in which the first occurrence of each name is marked."""
    entities = [
        make_entity(text, Span(text.index(name), text.index(name) + len(name)), label=label)
        for label, name in marked.items()
    ]
    return make_record(number, text=text, entities=entities)


def found(text: str, *records: Record, **lists: list[str]) -> list[tuple[str, str]]:
    """Return what a gazetteer that was taught with `records` and `lists` finds in `text`."""
    taught = gazetteer.teach(Lesson(records, NOTHING, LABELS, lists=lists))
    marks = taught.propose(make_record(9, text=text)).marks
    return [(text[mark.start : mark.end], mark.label) for mark in marks]


def test_longest_and_whole() -> None:
    """The longest name wins; a name within a word is none; astral characters shift nothing."""
    lists = {"ORG": ["Marlow", "Marlow Line"], "PER": ["Ada"]}
    text = "🚢 Marlow Line, Marlow’s Adam, Ada-Marie and Marlowe"
    assert found(text, **lists) == [("Marlow Line", "ORG"), ("Marlow", "ORG"), ("Ada", "PER")]


def test_without_spaces() -> None:
    """Where no spaces show words, a name is found between its neighbours."""
    assert found("她去东京大学了", LOC=["东京"], ORG=["东京大学"]) == [("东京大学", "ORG")]
    assert found("ไปกรุงเทพวันนี้", LOC=["กรุงเทพ"]) == [("กรุงเทพ", "LOC")]


def test_people_decide() -> None:
    """A name goes with the label that it mostly has, and not at all if it is mostly unmarked."""
    records = [
        corrected(1, "Quill met Marlow.", PER="Quill", ORG="Marlow"),
        corrected(2, "Quill left Marlow.", ORG="Quill"),
        corrected(3, "Then Quill spoke, and Marlow too.", PER="Quill"),
    ]
    assert found("Quill and Marlow", *records) == [("Quill", "PER")]


def test_a_territory_that_people_never_mark() -> None:
    """What CLDR names is proposed until people have left it unmarked time and again."""
    records = [corrected(number, "They like Turkey here.") for number in range(4)]
    assert found("In Turkey", *records[:3]) == [("Turkey", "GPE")]
    assert found("In Turkey", *records) == []


def test_lists(tmp_path: Path) -> None:
    """A list has a name on each line, and comments; one that is not there is an error."""
    (tmp_path / "firms.txt").write_text("# ours\nMarlow Line\n\nOst & Co.  # by the sea\n")
    assert read_lists({"ORG": ["firms.txt"]}, tmp_path) == {"ORG": ["Marlow Line", "Ost & Co."]}
    with pytest.raises(ConfigError) as caught:
        read_lists({"ORG": ["gone.txt"]}, tmp_path)
    assert caught.value.code == "list_unreadable"


class _Says:
    """A suggester that always says the same."""

    def __init__(self, name: str, *marks: Mark, **tags: float) -> None:
        self.name, self.version, self._said = name, "1", Proposal(tags, marks)

    def propose(self, record: Record) -> Any:
        del record
        return self._said

    def propose_all(self, records: Sequence[Record]) -> Any:
        return [self._said for _ in records]


def test_the_earlier_one_stands() -> None:
    """A later suggester adds what overlaps nothing; each says what it proposed, and how sure."""
    first = _Says("first", Mark(0, 5, "PER", 0.9), rail=0.7)
    second = _Says("second", Mark(4, 9, "ORG", 1.0), Mark(10, 12, "GPE", 0.6), food=0.8, rail=1.0)
    suggestion = combine([make_record(text="Quill left us.")], [first, second])[0]
    assert suggestion
    assert [entity["label"] for entity in suggestion.entities] == ["PER", "GPE"]
    assert suggestion.tags == ["rail", "food"]
    assert suggestion.by == {
        "tags": [["first", 0.7], ["second", 0.8]],
        "entities": [["first", 0.9], ["second", 0.6]],
    }
    assert suggestion.model == "first-1+second-1"
