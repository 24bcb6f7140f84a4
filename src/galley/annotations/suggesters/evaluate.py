"""Score suggesters on corrected records that they were not taught with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from galley.annotations.suggesters.combine import merge
from galley.annotations.suggesters.folds import FOLDS, divide
from galley.annotations.suggesters.pool import in_order, open_pool, workers_of
from galley.annotations.suggesters.proposal import Lesson, Mark, Proposal, Teach
from galley.annotations.suggesters.scoring import Score
from galley.annotations.suggestion import Suggestion
from galley.record import Record

# With fewer corrected records than this, a figure says nothing.
LEAST = 50
# With fewer of a label or tag, its own figure does not.
FEW = 10
TOGETHER = "together"


@dataclass(frozen=True)
class Evaluation:
    """What each suggester reached.

    Attributes:
        records: How many corrected records there were.
        folds: Into how many parts they were divided.
        scores: By suggester, in their order; `together` is their combination.
    """

    records: int
    folds: int
    scores: Mapping[str, Score]

    @property
    def few(self) -> list[str]:
        """The labels and tags that people used too rarely for a figure of their own."""
        whole = next(iter(self.scores.values()), Score())
        counts = [("label", whole.exact), ("tag", whole.tags)]
        return [
            f"{kind} {name}"
            for kind, group in counts
            for name, count in sorted(group.items())
            if 0 < count.wanted < FEW
        ]

    @property
    def too_few(self) -> bool:
        """Whether there are too few corrected records for any figure."""
        return self.records < LEAST

    def to_json(self) -> dict[str, Any]:
        """Return all figures."""
        return {
            "records": self.records,
            "folds": self.folds,
            "too_few": self.too_few,
            "few": self.few,
            "suggesters": {name: score.to_json() for name, score in self.scores.items()},
        }


@dataclass(frozen=True)
class _Part:
    """One fold's work."""

    teach: Mapping[str, Teach]
    lesson: Lesson
    own: list[Record]


def evaluate(
    teach: Mapping[str, Teach],
    lesson: Lesson,
    *,
    workers: int = 0,
    advance: Callable[[], None] = lambda: None,
) -> Evaluation:
    """Return what suggesters reach on corrected records that they were not taught with.

    Near-duplicates of a record are kept from who is asked about it. With fewer than two
    clusters nothing is scored.

    Args:
        teach: By name, in the order of the settings.
        lesson: With all corrected records.
        workers: Processes; 0 for one per core.
        advance: Called for each fold that is done.
    """
    parts = [
        _Part(teach, replace(lesson, corrected=others, workers=1), own)
        for others, own in divide(lesson.corrected, FOLDS)
        if others
    ]
    scores = {name: Score() for name in (*teach, TOGETHER)}
    if not parts:
        return Evaluation(len(lesson.corrected), 0, scores)
    with open_pool(min(workers_of(workers), len(parts))) as pool:
        for part, found in zip(parts, in_order(pool, _answer, parts, ahead=FOLDS), strict=True):
            for record, proposals in zip(part.own, found, strict=True):
                for name, proposal in proposals.items():
                    scores[name].add(record, proposal)
            advance()
    return Evaluation(len(lesson.corrected), len(parts), scores)


def _answer(part: _Part) -> list[dict[str, Proposal]]:
    suggesters = {name: teach(part.lesson) for name, teach in part.teach.items()}
    every = [suggester.propose_all(part.own) for suggester in suggesters.values()]
    answers = []
    for record, proposals in zip(part.own, zip(*every, strict=True), strict=True):
        each = dict(zip(suggesters, proposals, strict=True))
        both = merge(record, [(suggesters[name], each[name]) for name in each])
        answers.append(each | {TOGETHER: _proposal(both)})
    return answers


def _proposal(suggestion: Suggestion | None) -> Proposal:
    """Return a suggestion as a proposal of all suggesters together."""
    if suggestion is None:
        return Proposal()
    marks = [Mark(e["start"], e["end"], e["label"], 1.0) for e in suggestion.entities]
    return Proposal(dict.fromkeys(suggestion.tags, 1.0), marks)
