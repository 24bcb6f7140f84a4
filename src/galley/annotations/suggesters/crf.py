"""Entities by a conditional random field over tokens."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from galley.annotations.suggesters.features import Features
from galley.annotations.suggesters.proposal import Mark
from galley.annotations.suggesters.tokens import Token, tokenize_lines
from galley.record import Entity, Record

_OUTSIDE = "O"


class EntityModel:
    """A trained model.

    Args:
        data: The file of CRFsuite.
        features: Of tokens.
    """

    def __init__(self, data: bytes, features: Features) -> None:
        self.data = data
        self.features = features

    def __getstate__(self) -> tuple[bytes, Features]:
        """Return what another process makes the model of."""
        return self.data, self.features

    def __setstate__(self, state: tuple[bytes, Features]) -> None:
        """Take that."""
        self.data, self.features = state

    @cached_property
    def _tagger(self) -> Any:
        import pycrfsuite  # noqa: PLC0415 - only to suggest

        tagger = pycrfsuite.Tagger()
        tagger.open_inmemory(self.data)
        return tagger

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._tagger.labels())

    def find(self, text: str) -> list[Mark]:
        """Return the spans that the model finds in `text`, sorted, each with its probability."""
        return [mark for line in self._lines(text) for mark in self._marks(line)]

    def judge(self, text: str, entities: Sequence[Entity]) -> list[float]:
        """Return how probable each of `entities`, sorted, is to the model, 0 to 1."""
        return [chance for line in self._lines(text) for chance in self._chances(line, entities)]

    def _lines(self, text: str) -> Iterator[list[Token]]:
        for line in tokenize_lines(text):
            self._tagger.set(self.features.of([token.text for token in line]))
            yield line

    def _marks(self, line: Sequence[Token]) -> Iterator[Mark]:
        for first, last, label in spans_of(self._tagger.tag()):
            score = self._chance(first, last, label, len(line))
            yield Mark(line[first].start, line[last].end, label, score)

    def _chances(self, line: Sequence[Token], entities: Sequence[Entity]) -> Iterator[float]:
        for entity in entities:
            if line[0].start < entity["end"] and entity["start"] < line[-1].end:
                places = _places(line, entity)
                if places:
                    yield self._chance(places[0], places[-1], entity["label"], len(line))

    def _chance(self, first: int, last: int, label: str, length: int) -> float:
        """Return the least probability of the tokens of a span, and of its end."""
        tags = [f"B-{label}", *[f"I-{label}"] * (last - first)]
        chances = [self._probability(tag, at) for at, tag in enumerate(tags, first)]
        if last + 1 < length:
            chances.append(1 - self._probability(f"I-{label}", last + 1))
        return round(max(0.0, min(chances)), 4)

    def _probability(self, tag: str, at: int) -> float:
        return float(self._tagger.marginal(tag, at)) if tag in self._known else 0.0


def train(records: Iterable[Record], features: Features) -> EntityModel | None:
    """Return a model of the entities of `records`; None where they have none."""
    import pycrfsuite  # noqa: PLC0415 - only to suggest

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": 0.05, "c2": 0.05, "max_iterations": 100})
    any_entity = False
    for record in records:
        for line in tokenize_lines(record["text"]):
            tags = tags_of(line, record["entities"])
            any_entity = any_entity or set(tags) != {_OUTSIDE}
            trainer.append(features.of([token.text for token in line]), tags)
    if not any_entity:
        return None
    handle, name = tempfile.mkstemp(suffix=".crfsuite")
    os.close(handle)
    try:
        trainer.train(name)
        return EntityModel(Path(name).read_bytes(), features)
    finally:
        Path(name).unlink()


def tags_of(line: Sequence[Token], entities: Sequence[Entity]) -> list[str]:
    """Return the tag of each token of a line: `B-` and `I-` with a label, or `O`.

    Where entities overlap, the one that begins first has the token.
    """
    tags = [_OUTSIDE] * len(line)
    for entity in entities:
        if entity["start"] >= line[-1].end or entity["end"] <= line[0].start:
            continue
        free = [at for at in _places(line, entity) if tags[at] == _OUTSIDE]
        for number, at in enumerate(free):
            tags[at] = f"{'I' if number else 'B'}-{entity['label']}"
    return tags


def _places(line: Sequence[Token], entity: Entity) -> list[int]:
    start, end = entity["start"], entity["end"]
    return [at for at, token in enumerate(line) if token.start < end and start < token.end]


def spans_of(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield first token, last token and label of each span of a tagged line."""
    first, label = 0, ""
    for at, tag in enumerate([*tags, _OUTSIDE]):
        if label and tag != f"I-{label}":
            yield first, at - 1, label
            label = ""
        if tag != _OUTSIDE and not label:
            first, label = at, tag[2:]
