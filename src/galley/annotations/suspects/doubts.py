"""What models that were taught with the other records would not have so.

How sure a model is differs from label to label: of one it would have half otherwise, of another
next to nothing. So a disagreement counts the less, the more of its kind there are that are as
strong (Northcutt, Jiang and Chuang 2021, Confident Learning, have the same idea in a threshold
for each class).
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from galley.annotations.suggesters.learned import Judgement
from galley.annotations.suggesters.proposal import Mark
from galley.annotations.suspects.suspicion import Ground, Suspicion
from galley.record import Entity, Record

# Below this the model merely would not have been sure.
_LEAST = 0.2
# How fast a disagreement counts less, where others of its kind are stronger.
_USUAL = 10
# What of a doubt counts where the model knows nothing better.
_VAGUE = 0.4
# A name that nobody marked is a mistake less often than a wrong one.
_UNMARKED = 0.9

# A kind of disagreement, and a name of it: "entity" and a label.
Kind = tuple[str, str]


@dataclass
class Doubts:
    """How strongly models disagree with people, by kind.

    Attributes:
        strengths: Of all disagreements of a kind, sorted.
        marked: How many there could be: entities with a label, records with a tag.
    """

    strengths: dict[Kind, list[float]] = field(default_factory=lambda: defaultdict(list))
    marked: Counter[str] = field(default_factory=Counter)

    @classmethod
    def collect(cls, judged: Iterable[tuple[Record, Judgement]]) -> "Doubts":
        """Return the doubts of models about records that they were not taught with."""
        doubts = cls()
        for record, judgement in judged:
            doubts.marked.update(record["tags"])
            doubts.marked.update(entity["label"] for entity in record["entities"])
            for kind, strength, _ in _all(record, judgement):
                doubts.strengths[kind].append(strength)
        for strengths in doubts.strengths.values():
            strengths.sort()
        return doubts

    def suspicions(self, record: Record, judgement: Judgement) -> Iterator[Suspicion]:
        """Yield where a model strongly disagrees with what people left on `record`."""
        for kind, strength, found in _all(record, judgement):
            score = found.score * self._rare(kind, strength)
            if score >= _LEAST:
                yield Suspicion(found.ground, round(score, 4), found.why, found.start, found.end)

    def _rare(self, kind: Kind, strength: float) -> float:
        """Return 1 for the strongest of a kind, less where more are stronger."""
        strengths = self.strengths[kind]
        stronger = len(strengths) - bisect_right(strengths, strength)
        return float((1 - min(1.0, stronger / max(1, self.marked[kind[1]]))) ** _USUAL)


def _all(record: Record, judgement: Judgement) -> Iterator[tuple[Kind, float, Suspicion]]:
    """Yield all disagreements, with their kind and how strong they are among others of it."""
    yield from _tags(record["tags"], judgement.tags)
    entities, others = record["entities"], judgement.others
    for entity, chance in zip(entities, judgement.entities, strict=True):
        suspicion = _entity(entity, chance, others)
        yield ("entity", entity["label"]), 1 - chance, suspicion
    for mark in others:
        if not any(_overlap(mark, entity) for entity in entities):
            surface = record["text"][mark.start : mark.end]
            why = f"“{surface}” looks like {mark.label} and is not marked"
            score = mark.score * _UNMARKED
            suspicion = Suspicion(Ground.MODEL, score, why, mark.start, mark.end)
            yield ("unmarked", mark.label), mark.score, suspicion


def _tags(
    tags: Sequence[str], chances: Mapping[str, float]
) -> Iterator[tuple[Kind, float, Suspicion]]:
    for tag, chance in sorted(chances.items()):
        there = tag in tags
        score = 1 - chance if there else chance
        why = f"the tag {tag} would not be expected" if there else f"the tag {tag} is missing"
        yield ("tag" if there else "no tag", tag), score, Suspicion(Ground.MODEL, score, why)


def _entity(entity: Entity, chance: float, others: Sequence[Mark]) -> Suspicion:
    """Return the suspicion of a span; more so the surer the model is of something else there."""
    here = [mark for mark in others if _overlap(mark, entity) and not _same(mark, entity)]
    nothing = 1 - chance - sum(mark.score for mark in here)
    what = f"“{entity['text']}” as {entity['label']} would not be expected"
    best = max((mark.score for mark in here), default=0.0)
    if here and best > nothing:
        first = max(here, key=lambda mark: mark.score)
        what += f": rather {first.label} from {first.start} to {first.end}"
    score = (1 - chance) * (_VAGUE + (1 - _VAGUE) * max(best, nothing))
    return Suspicion(Ground.MODEL, score, what, entity["start"], entity["end"])


def _same(mark: Mark, entity: Entity) -> bool:
    return (mark.start, mark.end, mark.label) == (entity["start"], entity["end"], entity["label"])


def _overlap(mark: Mark, entity: Entity) -> bool:
    return bool(mark.start < entity["end"] and entity["start"] < mark.end)
