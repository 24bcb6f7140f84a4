"""Entities by a conditional random field over tokens."""

import ctypes
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from galley.annotations.suggesters.features import Features, Line
from galley.annotations.suggesters.field import Field
from galley.annotations.suggesters.folds import divide
from galley.annotations.suggesters.lattice import OUTSIDE, Chances, pick
from galley.annotations.suggesters.memory import Memory, apart
from galley.annotations.suggesters.proposal import Mark
from galley.annotations.suggesters.scoring import Count
from galley.annotations.suggesters.tokens import (
    Token,
    lines_of,
    tokenize,
    tokenize_lines,
    words_of_lines,
)
from galley.annotations.suggesters.weights import Weights
from galley.record import Entity, Record

# Where names that people marked stand, beside what a model finds.
Place = Literal["behind", "ahead", "none"]
# Tokens of a line, and what is probable in it.
Seen = tuple[Sequence[Token], Chances]
# From this many tokens on, stochastic gradient descent reaches as much in a tenth of the time.
_MANY = 25_000
# More tokens than this bring little, and seconds each.
_MOST = 80_000
# Of this many records it is seen how long tokens are.
_SAMPLE = 50
# Characters of text that are enough to find how bold to be, and how many allow for larger parts.
_TRIED, _PLENTY = 60_000, 30_000
# Below this a span is not worth a thought.
_IMPROBABLE = 0.05
_BATCH = {"c1": 0.05, "c2": 0.05, "max_iterations": 80}
_STOCHASTIC = {"c2": 0.1, "max_iterations": 12}


class Temper(NamedTuple):
    """How bold a model is: where entities are rare, it is too shy by itself.

    Attributes:
        courage: From which probability on a span is taken for an entity.
        memory: Whether names that people marked stand behind what the model finds, ahead of it,
            or do not count.
    """

    courage: float = 0.5
    memory: Place = "none"

    def join(self, marks: list[Mark], known: list[Mark]) -> list[Mark]:
        """Return what the model finds together with the names that are known, sorted."""
        if self.memory == "none":
            return marks
        first, second = (known, marks) if self.memory == "ahead" else (marks, known)
        return sorted([*first, *apart(second, first)])


# Of equals the first is taken: names that people marked are nearly always worth to be taken.
_TEMPERS = [
    Temper(courage, place)
    for place in get_args(Place)
    for courage in (0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1)
]


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
    def _field(self) -> Field:
        return Field(Weights.parse(self.data), self.features)

    def find(self, texts: Sequence[str]) -> list[tuple[list[Mark], float]]:
        """Return the spans that the model finds in each text, sorted, and its doubt, 0 to 1.

        The doubt is how many tokens it expects to be wrong about, of those that it expects to be
        parts of entities.
        """
        found = zip(texts, self._look(texts), strict=True)
        return [self._found(text, lines) for text, lines in found]

    def _found(self, text: str, lines: Sequence[Seen]) -> tuple[list[Mark], float]:
        marks = _marks(lines, [self.temper.courage])[0]
        wrong = sum(1 - mark.score for mark in marks) / 2
        wanted = 1.0
        for _, chances in lines:
            inside = chances.inside
            wrong += float(np.minimum(inside, 1 - inside).sum())
            wanted += float(inside.sum())
        marks = self.temper.join(marks, self.memory.find(text))
        return marks, round(min(1.0, wrong / wanted), 4)

    def try_out(self, text: str, tempers: Sequence[Temper]) -> list[list[Mark]]:
        """Return the spans that the model would find in `text` with each of `tempers`."""
        (lines,) = self._look([text])
        known = self.memory.find(text)
        found = _marks(lines, [temper.courage for temper in tempers])
        pairs = zip(found, tempers, strict=True)
        return [temper.join(marks, known) for marks, temper in pairs]

    def judge(
        self, texts: Sequence[str], entities: Sequence[Sequence[Entity]]
    ) -> list[tuple[list[float], list[Mark]]]:
        """Return how probable each text's entities are, and all spans that are not improbable."""
        return [
            ([_chance(lines, entity) for entity in own], _spans(lines))
            for lines, own in zip(self._look(texts), entities, strict=True)
        ]

    def _look(self, texts: Sequence[str]) -> list[list[Seen]]:
        """Return the lines of each text, with what is probable in them."""
        lines = [[Line(tokens, text) for tokens in tokenize_lines(text)] for text in texts]
        chances = iter(self._field.chances([line for some in lines for line in some]))
        return [[(line.tokens, next(chances)) for line in some] for some in lines]


def _marks(lines: Iterable[Seen], courages: Sequence[float]) -> list[list[Mark]]:
    """Return the spans that are probable enough, for each of `courages`."""
    found: list[list[Mark]] = [[] for _ in courages]
    for tokens, chances in lines:
        spans = list(chances.spans(min(courages)))
        for marks, courage in zip(found, courages, strict=True):
            for first, last, label, chance in pick(spans, courage):
                score = round(min(1.0, chance), 4)
                marks.append(Mark(tokens[first].start, tokens[last].end, label, score))
    return found


def _spans(lines: Iterable[Seen]) -> list[Mark]:
    """Return all spans that are not improbable, those that overlap too."""
    return [
        Mark(tokens[span.first].start, tokens[span.last].end, span.label, min(1.0, span.chance))
        for tokens, chances in lines
        for span in chances.spans(_IMPROBABLE)
    ]


def _chance(lines: Iterable[Seen], entity: Entity) -> float:
    """Return how probable an entity is; of one that goes across lines, its least probable part."""
    chances = [
        seen.chance(places[0], places[-1], entity["label"])
        for tokens, seen in lines
        if (places := _places(tokens, entity))
    ]
    return round(min(chances, default=0.0), 4)


def find_temper(records: Sequence[Record], features: Features) -> Temper:
    """Return the temper with the best F1 on records that a model was not taught with."""
    size = sum(len(record["text"]) for record in records)
    step, parts = -(-size // _TRIED), 3 if size >= _PLENTY else 5
    right = {temper: Count() for temper in _TEMPERS}
    for others, own in divide(records[:: max(1, step)], parts):
        model = train(others, features)
        if model is None:
            continue
        for record in own:
            found = model.try_out(record["text"], _TEMPERS)
            for count, marks in zip(right.values(), found, strict=True):
                _compare(count, record["entities"], marks)
    return max(_TEMPERS, key=lambda temper: round(right[temper].f1, 3))


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

    lines = list(_lines(records))
    few = sum(len(line.tokens) for _, line in lines) < _MANY
    trainer = pycrfsuite.Trainer(algorithm="lbfgs" if few else "l2sgd", verbose=False)
    trainer.set_params(_BATCH if few else _STOCHASTIC)
    for record, line in lines:
        trainer.append(features.of(line), tags_of(line.tokens, record["entities"]))
    return EntityModel(_trained(trainer), features, Memory.of(records))


def _lines(records: Sequence[Record]) -> Iterator[tuple[Record, Line]]:
    """Yield the lines of `records` with them; of very many, some, taken evenly."""
    share = min(1.0, _MOST / max(1, _size(records)))
    spans = ((record, span) for record in records for span in lines_of(record["text"]))
    for number, (record, span) in enumerate(spans):
        if int((number + 1) * share) > int(number * share):
            yield record, Line(tokenize(record["text"], span), record["text"])


def _size(records: Sequence[Record]) -> int:
    """Return about how many tokens there are, if they may be too many."""
    size = sum(len(record["text"]) for record in records)
    if size <= _MOST:  # each token has a character
        return size
    some = [record["text"] for record in records[:: len(records) // _SAMPLE + 1]]
    tokens = sum(len(line) for text in some for line in words_of_lines(text))
    return size * tokens // sum(map(len, some))


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
