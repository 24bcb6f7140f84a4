"""The suggester `gazetteer`: names that are known, wherever they stand.

They are known from what people marked, from a maintainer's lists and, where nobody said
otherwise, from the territories that CLDR names. A name that people left unmarked more often
than they marked it is not proposed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from galley.annotations.suggesters.cldr import cldr_version
from galley.annotations.suggesters.memory import (
    LISTED,
    Memory,
    apart,
    count,
    passed_over,
    score_of,
)
from galley.annotations.suggesters.names import Names
from galley.annotations.suggesters.proposal import Lesson, Mark, Proposal
from galley.annotations.suggesters.territories import find_territories
from galley.hashing import sha256_json
from galley.record import Record, Span


@dataclass(frozen=True)
class Gazetteer:
    """Proposes names.

    Attributes:
        memory: What people marked, and the lists.
        rejected: Territories that people left unmarked time and again.
        labels: The labels there are.
    """

    memory: Memory
    rejected: frozenset[str]
    labels: frozenset[str]
    name: str = "gazetteer"

    @cached_property
    def version(self) -> str:
        """Changes with the names."""
        names = [sorted(self.memory.known.items()), sorted(self.rejected)]
        return f"1.cldr{cldr_version()}.{sha256_json(names)[:8]}"

    def propose(self, record: Record) -> Proposal:
        """Return the names in a record's text."""
        marks = self.memory.find(record["text"])
        marks = sorted([*marks, *apart(self._territories(record), marks)])
        doubt = 1 - sum(mark.score for mark in marks) / len(marks) if marks else None
        return Proposal(marks=marks, doubt=doubt)

    def propose_all(self, records: Sequence[Record]) -> list[Proposal]:
        """Return the same for several records."""
        return [self.propose(record) for record in records]

    def _territories(self, record: Record) -> list[Mark]:
        score = score_of(LISTED, 0)
        return [
            Mark(entity["start"], entity["end"], entity["label"], score)
            for entity in find_territories(record["text"], record["language"])
            if entity["label"] in self.labels
            and entity["text"] not in self.memory.known
            and entity["text"] not in self.rejected
        ]


def teach(lesson: Lesson) -> Gazetteer:
    """Return a gazetteer of what people marked, and of the lists."""
    marked = count(lesson.corrected, lesson.lists)
    memory = Memory.weigh(marked, passed_over(lesson.corrected, Names(marked)))
    unmarked = _unmarked_territories(lesson.corrected)
    rejected = frozenset(name for name, times in unmarked.items() if times > LISTED)
    return Gazetteer(memory, rejected, frozenset(lesson.labels.names))


def _unmarked_territories(corrected: Iterable[Record]) -> Counter[str]:
    passed: Counter[str] = Counter()
    for record in corrected:
        people = [Span(entity["start"], entity["end"]) for entity in record["entities"]]
        found = find_territories(record["text"], record["language"])
        for span in apart([Span(e["start"], e["end"]) for e in found], people):
            passed[record["text"][span.start : span.end]] += 1
    return passed
