"""What a trained field finds probable is what CRFsuite's own tagger finds."""

import random

import numpy as np
import pycrfsuite
import pytest

from galley.annotations.suggesters import crf
from galley.annotations.suggesters.features import Features, Line
from galley.annotations.suggesters.field import Field
from galley.annotations.suggesters.hints import Hints
from galley.annotations.suggesters.lattice import Found, pick
from galley.annotations.suggesters.proposal import Mark
from galley.annotations.suggesters.tokens import tokenize_lines
from galley.annotations.suggesters.weights import Weights
from galley.annotations.suggesters.words import learn_words
from galley.record import Record
from tests.unit.annotations.planted import make_right


@pytest.fixture(scope="module")
def records() -> list[Record]:
    """Return records with names."""
    return make_right(60)


@pytest.fixture(scope="module")
def model(records: list[Record]) -> crf.EntityModel:
    """Return a model of the first of them."""
    words = learn_words(tuple(record["text"] for record in records))
    model = crf.train(
        records[:30], Features(words, Hints.collect({"GPE": ["Marlow", "New Marlow"]}))
    )
    assert model
    return model


def lines_of(texts: list[str]) -> list[Line]:
    """Return the lines of texts."""
    return [Line(tokens, text) for text in texts for tokens in tokenize_lines(text)]


def test_as_crfsuite(model: crf.EntityModel, records: list[Record]) -> None:
    """Lines of all lengths, unknown words, bars and listed names: each token as CRFsuite has it."""
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(model.data)
    texts = [record["text"] for record in records[30:]]
    texts += [
        "Marlow",
        "| a | b || c",
        "New Marlow saw Zwxq 🚢 東京 and\n\nAda Quill of Marlow Trust.",
    ]
    lines = lines_of(texts)
    field = Field(Weights.parse(model.data), model.features)
    for line, chances in zip(lines, field.chances(lines), strict=True):
        tagger.set(model.features.of(line))
        for at in range(len(line.tokens)):
            assert chances.inside[at] == pytest.approx(1 - tagger.marginal("O", at), abs=1e-5)
            begins = [tagger.marginal(f"B-{label}", at) for label in chances.labels]
            assert chances.begins[at] == pytest.approx(begins, abs=1e-5)


def test_chance_of_a_span(model: crf.EntityModel, records: list[Record]) -> None:
    """The chances of all spans that hold a token add up to that of the token."""
    (line,) = lines_of([records[40]["text"]])
    (chances,) = Field(Weights.parse(model.data), model.features).chances([line])
    sums = np.zeros(len(line.tokens))
    for span in chances.spans(1e-9):
        sums[span.first : span.last + 1] += span.chance
        assert chances.chance(*span[:3]) == pytest.approx(span.chance)
    # what is left is that an entity goes on where none began
    assert sums == pytest.approx(chances.inside, abs=0.02)
    assert chances.inside.max() > 0.9
    assert chances.chance(0, 0, "NONE") == 0


def test_whoever_is_asked_beside(model: crf.EntityModel, records: list[Record]) -> None:
    """A record gets the same whether it is asked about alone or among others."""
    texts = [record["text"] for record in records[30:]]
    random.Random(3).shuffle(texts)
    fresh = crf.EntityModel(model.data, model.features, model.memory)
    assert model.find(texts) == [fresh.find([text])[0] for text in texts]
    assert model.find([]) == []
    assert model.find(["", "\n "]) == [([], 0.0), ([], 0.0)]


def test_pick() -> None:
    """Of spans that overlap the most probable is taken; what is too improbable is not."""
    spans = [Found(0, 1, "PER", 0.4), Found(1, 3, "ORG", 0.5), Found(5, 5, "GPE", 0.2)]
    assert pick(spans, 0.3) == [spans[1]]
    assert pick(spans, 0.1) == [spans[1], spans[2]]


def test_names_that_people_marked() -> None:
    """What people marked stands behind what the model finds, or ahead of it, or not at all."""
    found, known = [Mark(0, 4, "PER", 0.6)], [Mark(2, 8, "ORG", 0.9), Mark(9, 12, "GPE", 0.8)]
    assert crf.Temper(0.5, "behind").join(found, known) == [found[0], known[1]]
    assert crf.Temper(0.5, "ahead").join(found, known) == known
    assert crf.Temper(0.5, "none").join(found, known) == found
