"""Rank records by how likely they hold a mistake."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from galley.annotations.suggesters.folds import divide
from galley.annotations.suggesters.learned import LEAST, Judgement, teach_judge
from galley.annotations.suggesters.pool import in_order, open_pool
from galley.annotations.suggesters.proposal import Lesson
from galley.annotations.suggesters.threads import one_thread
from galley.annotations.suspects.doubts import Doubts
from galley.annotations.suspects.edges import Edges
from galley.annotations.suspects.forms import Forms
from galley.annotations.suspects.suspicion import Ground, Suspicion
from galley.record import Record
from galley.schema.vocabulary import Labels, Taxonomy

# These brought most of 250 mistakes planted in five open corpora into the first tenth.
_WEIGHTS = {Ground.MODEL: 1.0, Ground.FORM: 0.4, Ground.EDGE: 0.5}
# The second worst place decides only between equals.
_TIE = 0.01
# Each is one more training on what the others hold.
_FOLDS = 10
# With fewer records, starting processes takes longer than what they do.
_WORTH = 200
_DIGITS = 4


@dataclass(frozen=True)
class Suspect:
    """A record that may hold a mistake.

    Attributes:
        record: The record.
        score: By which it is ranked: 0 to 1.
        suspicions: Why, the strongest first.
    """

    record: Record
    score: float
    suspicions: list[Suspicion] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the object that `--json` has."""
        return {
            "record_id": self.record["id"],
            "score": self.score,
            "suspicions": [item.to_json() for item in self.suspicions],
        }


def rank(
    records: Sequence[Record], taxonomy: Taxonomy, *, labels: Labels, workers: int = 1
) -> list[Suspect]:
    """Return those of `records` that may hold a mistake, the likeliest first.

    Args:
        records: Those that people corrected, sorted by id.
        taxonomy: The tag vocabulary.
        labels: The entity labels.
        workers: Processes that may be used.
    """
    texts = tuple(record["text"] for record in records)
    lesson = Lesson(records, taxonomy, labels, texts, workers=workers)
    found: dict[str, list[Suspicion]] = {record["id"]: [] for record in records}
    for name, suspicion in _all(records, lesson):
        found[name].append(suspicion)
    by_id = {record["id"]: record for record in records}
    suspects = [suspect(by_id[name], items) for name, items in found.items() if items]
    return sorted(suspects, key=lambda item: (-item.score, item.record["id"]))


def suspect(record: Record, suspicions: Iterable[Suspicion]) -> Suspect:
    """Return a record with all that speaks against it, ranked by its worst place.

    Grounds that agree on one place are far better evidence than several places that each have
    one: a long record always has a few of these.
    """
    places: dict[Any, dict[Ground, float]] = {}
    for item in suspicions:
        at = places.setdefault(item.why if item.start is None else item.start, {})
        at[item.ground] = max(at.get(item.ground, 0.0), item.score)
    weights = (sum(_WEIGHTS[g] * score for g, score in at.items()) for at in places.values())
    worst, *others = sorted(weights, reverse=True)
    score = (worst + _TIE * max(others, default=0.0)) / (sum(_WEIGHTS.values()) + _TIE)
    ordered = sorted(suspicions, key=lambda item: (-item.score, item.start or 0, item.why))
    return Suspect(record, round(score, _DIGITS), ordered)


def _all(records: Sequence[Record], lesson: Lesson) -> Iterator[tuple[str, Suspicion]]:
    forms, edges = Forms.collect(records), Edges.collect(records)
    for record in records:
        for suspicion in (*forms.suspicions(record), *edges.suspicions(record)):
            yield record["id"], suspicion
    judged = _judged(lesson)
    doubts = Doubts.collect(judged)
    for record, judgement in judged:
        for suspicion in doubts.suspicions(record, judgement):
            yield record["id"], suspicion


def _judged(lesson: Lesson) -> list[tuple[Record, Judgement]]:
    """Return each record with what models that were not taught with it think of it."""
    parts = [
        (replace(lesson, corrected=others), own)
        for others, own in divide(lesson.corrected, _FOLDS)
        if len(others) >= LEAST
    ]
    workers = min(lesson.workers, len(parts)) if len(lesson.corrected) >= _WORTH else 1
    if workers <= 1:
        return [pair for part in parts for pair in _judge(part)]
    with open_pool(workers) as pool:
        return list(chain.from_iterable(in_order(pool, _judge, parts, ahead=workers)))


def _judge(part: tuple[Lesson, list[Record]]) -> list[tuple[Record, Judgement]]:
    lesson, own = part
    with one_thread():
        return list(zip(own, teach_judge(lesson).judge(own), strict=True))
