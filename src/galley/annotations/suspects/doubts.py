"""What a model that was taught with the other records would not have so."""

from collections.abc import Iterator, Mapping, Sequence

from galley.annotations.suggesters.learned import Judgement
from galley.annotations.suggesters.proposal import Mark
from galley.annotations.suspects.suspicion import Ground, Suspicion
from galley.record import Entity, Record

# Below this the model merely would not have been sure.
_LEAST = 0.5


def find_doubts(record: Record, judgement: Judgement) -> Iterator[Suspicion]:
    """Yield where a model strongly disagrees with what people left on `record`."""
    yield from _tags(record["tags"], judgement.tags)
    entities, marks = record["entities"], judgement.proposal.marks
    for entity, chance in zip(entities, judgement.entities, strict=True):
        if 1 - chance >= _LEAST:
            yield _entity(entity, 1 - chance, marks)
    for mark in marks:
        if mark.score >= _LEAST and not any(_overlap(mark, entity) for entity in entities):
            surface = record["text"][mark.start : mark.end]
            why = f"“{surface}” looks like {mark.label} and is not marked"
            yield Suspicion(Ground.MODEL, mark.score, why, mark.start, mark.end)


def _tags(tags: Sequence[str], chances: Mapping[str, float]) -> Iterator[Suspicion]:
    for tag, chance in sorted(chances.items()):
        there = tag in tags
        score = 1 - chance if there else chance
        if score >= _LEAST:
            why = f"the tag {tag} would not be expected" if there else f"the tag {tag} is missing"
            yield Suspicion(Ground.MODEL, round(score, 4), why)


def _entity(entity: Entity, score: float, marks: Sequence[Mark]) -> Suspicion:
    """Return the suspicion of a span; more so the surer the model is of something else there."""
    others = [mark for mark in marks if _overlap(mark, entity)]
    what = f"“{entity['text']}” as {entity['label']} would not be expected"
    if others:
        first = max(others, key=lambda mark: mark.score)
        what += f": rather {first.label} from {first.start} to {first.end}"
        score *= 0.5 + first.score / 2
    return Suspicion(Ground.MODEL, round(score, 4), what, entity["start"], entity["end"])


def _overlap(mark: Mark, entity: Entity) -> bool:
    return bool(mark.start < entity["end"] and entity["start"] < mark.end)
