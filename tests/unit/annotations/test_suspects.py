"""Mistakes that were planted are found among the first of the ranking; what is right is not."""

import pytest

from galley.annotations.suspects.edges import Edges
from galley.annotations.suspects.forms import Forms
from galley.annotations.suspects.ranking import rank, suspect
from galley.annotations.suspects.suspicion import Ground, Suspicion
from galley.record import Record, Span, make_entity
from galley.schema.vocabulary import Tag, Taxonomy
from tests.factory import LABELS, make_record
from tests.unit.annotations.planted import TOPICS, make_right, plant

TAXONOMY = Taxonomy("1", tuple(Tag(name, name) for name in sorted(TOPICS)))


def marked(number: int, text: str, *spans: tuple[str, str]) -> Record:
    """Return a record with spans where their words first stand."""
    entities = []
    for surface, label in spans:
        start = text.index(surface)
        entities.append(make_entity(text, Span(start, start + len(surface)), label=label))
    return make_record(number, text=text, entities=entities)


@pytest.mark.parametrize(
    ("number", "seed"),
    [(100, 9), *[pytest.param(400, seed, marks=pytest.mark.torture) for seed in (9, 10, 11)]],
)
def test_planted_mistakes(number: int, seed: int) -> None:
    """At least four fifths of planted mistakes are within the first tenth of the records."""
    records, planted = plant(make_right(number, seed), seed=seed)
    assert len(planted) >= number // 25
    ranked = rank(records, TAXONOMY, labels=LABELS)
    first = {item.record["id"] for item in ranked[: number // 10]}
    assert len(first & planted.keys()) >= 0.8 * len(planted)


def test_right_records_are_let_alone() -> None:
    """Where nothing is wrong, forms and edges suspect next to nothing."""
    records = make_right(160)
    forms, edges = Forms.collect(records), Edges.collect(records)
    found = [s for r in records for s in (*forms.suspicions(r), *edges.suspicions(r))]
    assert len(found) < 8


@pytest.mark.parametrize(
    ("surface", "why"),
    [
        ("Ada Quil", "cuts a word"),
        ("Ada Quill, ", "begins or ends with a space"),
        ("Ada Quill,", "ends with punctuation"),
        (", of Marlow", "begins with punctuation"),
        ("(Marlow", "one half of a pair"),
        ("press.", "ends with a full stop"),
    ],
)
def test_odd_edges(surface: str, why: str) -> None:
    """A span that ends in a word, a space or a mark is odd, and it is said how."""
    text = "Ada Quill, of Marlow (Marlow Council), told the press."
    record = marked(1, text, (surface, "PER"))
    (found,) = Edges.collect([record]).suspicions(record)
    assert why in found.why
    assert found.score >= 0.6


def test_edges_that_are_fine() -> None:
    """Abbreviations, quotation marks, apostrophes and scripts without spaces are no oddities."""
    text = "In the U.S. “The Tarn” sank; l’Unesco and Marlow Inc. were told, and 东京都 too."
    spans = [("U.S.", "GPE"), ("“The Tarn”", "ORG"), ("Unesco", "ORG"), ("东京", "GPE")]
    record = marked(1, text, *spans, ("Marlow Inc.", "ORG"))
    assert not list(Edges.collect([record]).suspicions(record))


def test_unlike_its_label() -> None:
    """A title that others of the label leave out, and a word that they take in, are odd."""
    records = [marked(n, f"Mayor Ada Quill {n} spoke", ("Ada Quill", "PER")) for n in range(4)]
    wide = marked(9, "Mayor Ada Quill left", ("Mayor Ada Quill", "PER"))
    narrow = marked(8, "Mayor Ada Quill left", ("Quill", "PER"))
    edges = Edges.collect([*records, wide, narrow])
    assert "takes in “Mayor”" in next(edges.suspicions(wide)).why
    assert "leaves out “Ada”" in next(edges.suspicions(narrow)).why
    assert not list(edges.suspicions(records[0]))


def test_context_counts() -> None:
    """A word with two meanings is judged by its neighbours; one against all its like is odd."""
    people = [marked(n, f"Mayor Lincoln spoke {n}", ("Lincoln", "PER")) for n in range(5)]
    places = [marked(20 + n, f"rain in Lincoln today {n}", ("Lincoln", "GPE")) for n in range(5)]
    wrong = marked(50, "rain in Lincoln today again", ("Lincoln", "PER"))
    missed = marked(51, "rain in Lincoln today too")
    forms = Forms.collect([*people, *places, wrong, missed])
    assert "elsewhere it is marked as GPE" in next(forms.suspicions(wrong)).why
    assert "is not marked" in next(forms.suspicions(missed)).why
    assert not [s for record in (*people, *places) for s in forms.suspicions(record)]


def test_grounds_together() -> None:
    """Two grounds for one place weigh more than one, and more than two places with one each."""
    model = Suspicion(Ground.MODEL, 0.6, "a", 0, 3)
    form = Suspicion(Ground.FORM, 0.6, "b", 0, 3)
    far = Suspicion(Ground.FORM, 0.6, "c", 9, 12)
    record = make_record()
    one, same, apart = (suspect(record, s).score for s in ([model], [model, form], [model, far]))
    assert one < apart < same < 1
