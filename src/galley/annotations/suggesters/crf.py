"""Entities by a conditional random field over tokens."""

import ctypes
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from galley.annotations.suggesters.features import Features
from galley.annotations.suggesters.folds import divide
from galley.annotations.suggesters.memory import Memory, apart
from galley.annotations.suggesters.proposal import Mark
from galley.annotations.suggesters.scoring import Count
from galley.annotations.suggesters.tokens import Token, tokenize_lines
from galley.record import Entity, Record

OUTSIDE = "O"
# From this many tokens on, stochastic gradient descent reaches as much in a tenth of the time.
_MANY = 25_000
# More tokens than this bring little, and seconds each.
_MOST = 80_000
# Characters of text that are enough to find how bold to be, and into how many parts they go.
_TRIED, _PARTS = 60_000, 5
_BATCH = {"c1": 0.05, "c2": 0.05, "max_iterations": 80}
_STOCHASTIC = {"c2": 0.1, "max_iterations": 12}


class Temper(NamedTuple):
    """How bold a model is: where entities are rare, it is too shy by itself.

    Attributes:
        courage: From which probability on a token is taken for a part of an entity.
        remembers: Whether names that people marked are taken where the model finds nothing.
    """

    courage: float = 0.5
    remembers: bool = False


# Of equals the first is taken: names that people marked are nearly always worth to be taken.
_TEMPERS = [Temper(courage, it) for it in (True, False) for courage in (0.5, 0.4, 0.3, 0.2)]


class EntityModel:
    """A trained model.

    Args:
        data: The file of CRFsuite.
        features: Of tokens.
        memory: Names that people marked: where the model finds nothing, they may stand.
        temper: How bold it is.
    """

    def __init__(
        self, data: bytes, features: Features, memory: Memory, temper: Temper | None = None
    ) -> None:
        self.data = data
        self.features = features
        self.memory = memory
        self.temper = temper or Temper()

    def __getstate__(self) -> tuple[bytes, Features, Memory, Temper]:
        """Return what another process makes the model of."""
        return self.data, self.features, self.memory, self.temper

    def __setstate__(self, state: tuple[bytes, Features, Memory, Temper]) -> None:
        """Take that."""
        self.data, self.features, self.memory, self.temper = state

    @cached_property
    def _tagger(self) -> Any:
        import pycrfsuite  # noqa: PLC0415 - only to suggest

        tagger = pycrfsuite.Tagger()
        tagger.open_inmemory(self.data)
        return tagger

    @cached_property
    def _inside(self) -> list[str]:
        return sorted(tag for tag in self._tagger.labels() if tag != OUTSIDE)

    def find(self, text: str) -> tuple[list[Mark], float]:
        """Return the spans that the model finds in `text`, sorted, and its doubt, 0 to 1.

        The doubt is how many tokens it expects to be wrong about, of those that it expects to be
        parts of entities.
        """
        marks, wrong, wanted = [], 0.0, 1.0
        for line in tokenize_lines(text):
            rows = self.features.of(line, text)
            chances = self._inside_chances(rows)
            found = list(self._marks(line, chances, self.temper.courage))
            wrong += sum(min(p, 1 - p) for p in chances) + sum(1 - m.score for m in found) / 2
            wanted += sum(chances)
            marks += found
        if self.temper.remembers:
            marks = _both(marks, self.memory.find(text))
        return marks, round(min(1.0, wrong / wanted), 4)

    def try_out(self, text: str, tempers: Sequence[Temper]) -> list[list[Mark]]:
        """Return the spans that the model would find in `text` with each of `tempers`."""
        found: dict[float, list[Mark]] = {temper.courage: [] for temper in tempers}
        for line in tokenize_lines(text):
            chances = self._inside_chances(self.features.of(line, text))
            for courage, marks in found.items():
                marks.extend(self._marks(line, chances, courage))
        known = self.memory.find(text)
        return [_both(found[courage], known if it else []) for courage, it in tempers]

    def judge(self, text: str, entities: Sequence[Entity]) -> list[float]:
        """Return how probable each of `entities`, sorted, is to the model, 0 to 1."""
        chances: dict[int, float] = {}
        for line in tokenize_lines(text):
            self._tagger.set(self.features.of(line, text))
            for number, entity in enumerate(entities):
                places = _places(line, entity)
                if places:
                    span = (places[0], places[-1], entity["label"])
                    chance = self._chance(span, len(line))
                    chances[number] = min(chance, chances.get(number, 1.0))
        return [chances.get(number, 0.0) for number in range(len(entities))]

    def _inside_chances(self, rows: list[list[str]]) -> list[float]:
        """Return how probable it is of each token of a line that it is part of an entity."""
        self._tagger.set(rows)
        outside = self._tagger.marginal
        return [max(0.0, 1 - outside(OUTSIDE, at)) for at in range(len(rows))]

    def _marks(
        self, line: Sequence[Token], chances: Sequence[float], courage: float
    ) -> Iterator[Mark]:
        tags = [self._best(at) if p >= courage else OUTSIDE for at, p in enumerate(chances)]
        for first, last, label in spans_of(tags):
            score = self._chance((first, last, label), len(line))
            yield Mark(line[first].start, line[last].end, label, score)

    def _best(self, at: int) -> str:
        chance = self._tagger.marginal
        return max(self._inside, key=lambda tag: chance(tag, at))

    def _chance(self, span: tuple[int, int, str], length: int) -> float:
        """Return the least probability of the tokens of a span, and of its end."""
        first, last, label = span
        tags = [f"B-{label}", *[f"I-{label}"] * (last - first)]
        chances = [self._probability(tag, at) for at, tag in enumerate(tags, first)]
        if last + 1 < length:
            chances.append(1 - self._probability(f"I-{label}", last + 1))
        return round(max(0.0, min(chances)), 4)

    def _probability(self, tag: str, at: int) -> float:
        return float(self._tagger.marginal(tag, at)) if tag in self._inside else 0.0


def find_temper(records: Sequence[Record], features: Features) -> Temper:
    """Return the temper with the best F1 on records that a model was not taught with."""
    step = -(-sum(len(record["text"]) for record in records) // _TRIED)
    right = {temper: Count() for temper in _TEMPERS}
    for others, own in divide(records[:: max(1, step)], _PARTS):
        model = train(others, features)
        if model is None:
            continue
        for record in own:
            found = model.try_out(record["text"], _TEMPERS)
            for count, marks in zip(right.values(), found, strict=True):
                _compare(count, record["entities"], marks)
    return max(_TEMPERS, key=lambda temper: round(right[temper].f1, 3))


def _both(marks: list[Mark], known: list[Mark]) -> list[Mark]:
    return sorted([*marks, *apart(known, marks)])


def _compare(count: Count, entities: Sequence[Entity], marks: Sequence[Mark]) -> None:
    wanted = {(entity["start"], entity["end"], entity["label"]) for entity in entities}
    right = sum(mark[:3] in wanted for mark in marks)
    count.right += right
    count.found += right
    count.proposed += len(marks)
    count.wanted += len(wanted)


def train(records: Sequence[Record], features: Features) -> EntityModel | None:
    """Return a model of the entities of `records`; None where they have none."""
    if not any(record["entities"] for record in records):
        return None
    import pycrfsuite  # noqa: PLC0415 - only to suggest

    size = sum(len(line) for record in records for line in tokenize_lines(record["text"]))
    trainer = pycrfsuite.Trainer(algorithm="lbfgs" if size < _MANY else "l2sgd", verbose=False)
    trainer.set_params(_BATCH if size < _MANY else _STOCHASTIC)
    share = min(1.0, _MOST / max(1, size))
    lines = ((record, line) for record in records for line in tokenize_lines(record["text"]))
    for number, (record, line) in enumerate(lines):
        if int((number + 1) * share) > int(number * share):
            trainer.append(features.of(line, record["text"]), tags_of(line, record["entities"]))
    return EntityModel(_trained(trainer), features, Memory.of(records))


def _trained(trainer: Any) -> bytes:
    handle, name = tempfile.mkstemp(suffix=".crfsuite")
    os.close(handle)
    try:
        _reset_chance()
        trainer.train(name)
        return Path(name).read_bytes()
    finally:
        Path(name).unlink()


def _reset_chance() -> None:
    """Begin the random numbers that CRFsuite takes from the C library from the start."""
    library = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
    library.srand(1)


def tags_of(line: Sequence[Token], entities: Sequence[Entity]) -> list[str]:
    """Return the tag of each token of a line: `B-` and `I-` with a label, or `O`.

    Where entities overlap, the one that begins first has the token.
    """
    tags = [OUTSIDE] * len(line)
    for entity in entities:
        free = [at for at in _places(line, entity) if tags[at] == OUTSIDE]
        for number, at in enumerate(free):
            tags[at] = f"{'I' if number else 'B'}-{entity['label']}"
    return tags


def _places(line: Sequence[Token], entity: Entity) -> list[int]:
    """Return which tokens of a line are in an entity, if only with a part."""
    start, end = entity["start"], entity["end"]
    if start >= line[-1].end or end <= line[0].start:
        return []
    return [at for at, token in enumerate(line) if token.start < end and start < token.end]


def spans_of(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield first token, last token and label of each span of a tagged line."""
    first, label = 0, ""
    for at, tag in enumerate([*tags, OUTSIDE]):
        if label and tag != f"I-{label}":
            yield first, at - 1, label
            label = ""
        if tag != OUTSIDE and not label:
            first, label = at, tag[2:]
