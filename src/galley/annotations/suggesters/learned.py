"""The suggester `learned`: models trained on the ledger's corrections, on this machine."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from galley.annotations.suggesters import crf, topics
from galley.annotations.suggesters.features import Features
from galley.annotations.suggesters.hints import Hints
from galley.annotations.suggesters.pool import open_pool
from galley.annotations.suggesters.proposal import Lesson, Mark, Proposal
from galley.annotations.suggesters.threads import one_thread
from galley.annotations.suggesters.words import learn_words
from galley.hashing import sha256_json
from galley.record import Record

# With fewer it says nothing.
LEAST = 20
# Raised when the same lesson may teach something else.
_CODE = "3"


@dataclass(frozen=True)
class Judgement:
    """How probable what people left on a record is to a model, 0 to 1.

    Attributes:
        tags: Each tag that the model knows, whether the record has it or not.
        entities: Each of the record's entities, in order.
        others: Spans that are not improbable; some overlap.
    """

    tags: Mapping[str, float]
    entities: Sequence[float]
    others: Sequence[Mark]


@dataclass(frozen=True)
class Learned:
    """Proposes what its models find.

    Attributes:
        digest: Of the lesson.
        entities: Finds entities; None where there were none, or too few records.
        tags: Finds tags; the same.
    """

    digest: str
    entities: crf.EntityModel | None
    tags: topics.TagModel | None
    name: str = "learned"

    @property
    def version(self) -> str:
        """Changes with the lesson."""
        return f"{_CODE}.{self.digest[:8]}"

    def propose(self, record: Record) -> Proposal:
        """Return the tags and entities that the models find."""
        return self._propose([record])[0][0]

    def propose_all(self, records: Sequence[Record]) -> list[Proposal]:
        """Return the same for several records, which takes less time."""
        return [proposal for proposal, _ in self._propose(records)]

    def judge(self, records: Sequence[Record]) -> list[Judgement]:
        """Return what the models think of the tags and entities that each record has.

        The models must not have been taught with the records.
        """
        tags: list[Mapping[str, float]] = [{} for _ in records]
        if self.tags:
            tags = [every for _, every in self.tags.propose(records)]
        people = [record["entities"] for record in records]
        spans: list[tuple[list[float], list[Mark]]] = [([0.0] * len(own), []) for own in people]
        if self.entities:
            spans = self.entities.judge([record["text"] for record in records], people)
        return [Judgement(every, *found) for every, found in zip(tags, spans, strict=True)]

    def _propose(self, records: Sequence[Record]) -> list[tuple[Proposal, Mapping[str, float]]]:
        """Return for each record what is proposed, and how probable each tag is."""
        nothing: Any = repeat(({}, {}))
        tags = self.tags.propose(records) if self.tags else nothing
        entities: Any = repeat(([], None))
        if self.entities:
            entities = self.entities.find([record["text"] for record in records])
        found = []
        for _, (chosen, every), (marks, doubt) in zip(records, tags, entities, strict=False):
            found.append((Proposal(chosen, marks, _doubt(every, doubt)), every))
        return found


def _doubt(tags: Mapping[str, float], entities: float | None) -> float | None:
    """Return how unsure the models are of a record, if they know of any tags or entities."""
    doubts = [] if entities is None else [entities]
    if tags:
        doubts.append(max(min(p, 1 - p) for p in tags.values()) * 2)
    return round(sum(doubts) / len(doubts), 4) if doubts else None


def teach(lesson: Lesson) -> Learned:
    """Return models of what people corrected."""
    digest = digest_of(lesson)
    if len(lesson.corrected) < LEAST:
        return Learned(digest, None, None)
    with one_thread():
        if lesson.workers == 1:
            return Learned(digest, _entities(lesson, _Here()), _tags(lesson))
        with open_pool(2) as pool:
            tags = pool.submit(_tags, lesson)
            return Learned(digest, _entities(lesson, pool), tags.result())


def teach_judge(lesson: Lesson) -> Learned:
    """Return models that only judge: how bold to be takes long to find, and nobody asks them."""
    if len(lesson.corrected) < LEAST:
        return Learned("", None, None)
    with one_thread():
        features = Features(learn_words(lesson.texts), Hints.collect(lesson.lists))
        return Learned("", crf.train(lesson.corrected, features), _tags(lesson))


class _Here(Executor):
    """Runs what it is given at once, in this process."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return what `fn` returned."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def _entities(lesson: Lesson, pool: Executor) -> crf.EntityModel | None:
    features = Features(learn_words(lesson.texts), Hints.collect(lesson.lists))
    temper = pool.submit(_temper, lesson.corrected, features)
    model = crf.train(lesson.corrected, features)
    if model is not None:
        model.temper = temper.result()
    return model


def _temper(corrected: Sequence[Record], features: Features) -> crf.Temper:
    with one_thread():  # it may run in another process
        return crf.find_temper(corrected, features)


def _tags(lesson: Lesson) -> topics.TagModel | None:
    with one_thread():
        return topics.train(lesson.corrected, lesson.taxonomy)


def digest_of(lesson: Lesson) -> str:
    """Return the hash of what a model is made of."""
    corrected = [
        [r["id"], r["cluster"], r["title"], r["text_sha256"], r["tags"], r["entities"]]
        for r in lesson.corrected
    ]
    names = {label: list(names) for label, names in lesson.lists.items()}
    return sha256_json([corrected, names, lesson.labels.names, list(lesson.texts)])
