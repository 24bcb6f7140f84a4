"""Names that people marked: how often, as what, and how often they left them unmarked."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from galley.annotations.suggesters.names import Names
from galley.annotations.suggesters.proposal import Mark
from galley.record import Record, Span

# What a name of a list or of CLDR counts for, in occurrences that people marked.
LISTED = 3

T = TypeVar("T", Mark, Span)
Counts = Mapping[str, Counter[str]]
# A name's label, and how sure it is that the name is meant: 0 if more often than not it is not.
Known = Mapping[str, tuple[str, float]]


@dataclass(frozen=True)
class Memory:
    """The names that are known.

    Attributes:
        known: The names.
        names: Those of them that more often than not are meant.
    """

    known: Known
    names: Names

    @classmethod
    def of(cls, corrected: Sequence[Record]) -> "Memory":
        """Return what is known of each name that people marked in `corrected`."""
        marked = count(corrected, {})
        return cls.weigh(marked, passed_over(corrected, Names(marked)))

    @classmethod
    def weigh(cls, marked: Counts, passed: Counter[str]) -> "Memory":
        """Return what is known of names.

        Args:
            marked: How often each was marked, by label.
            passed: How often each was left unmarked.
        """
        known = {name: _known(counts, passed[name]) for name, counts in sorted(marked.items())}
        return cls(known, Names(name for name, (_, score) in known.items() if score))

    def find(self, text: str) -> list[Mark]:
        """Return the names in `text`, in order, without overlaps."""
        found = ((span, self.known[text[span.start : span.end]]) for span in self.names.find(text))
        return [Mark(*span, label, score) for span, (label, score) in found]


def count(corrected: Iterable[Record], lists: Mapping[str, Iterable[str]]) -> Counts:
    """Return how often each name was marked, by label; a listed name counts as some times."""
    marked: dict[str, Counter[str]] = defaultdict(Counter)
    for label, names in lists.items():
        for name in names:
            marked[name][label] += LISTED
    for record in corrected:
        for entity in record["entities"]:
            marked[entity["text"]][entity["label"]] += 1
    return marked


def passed_over(corrected: Iterable[Record], names: Names) -> Counter[str]:
    """Count the occurrences of names that people left unmarked."""
    passed: Counter[str] = Counter()
    for record in corrected:
        people = [Span(entity["start"], entity["end"]) for entity in record["entities"]]
        for span in apart(names.find(record["text"]), people):
            passed[record["text"][span.start : span.end]] += 1
    return passed


def score_of(right: int, wrong: int) -> float:
    """Return how sure it is that a name is meant; 0 if more often than not it was not."""
    return round((right + 1) / (right + wrong + 2), 4) if right >= wrong else 0.0


def _known(counts: Counter[str], passed: int) -> tuple[str, float]:
    label, times = max(counts.items(), key=lambda item: (item[1], item[0]))
    return label, score_of(times, passed + counts.total() - times)


def apart(marks: Iterable[T], others: Sequence[Mark] | Sequence[Span]) -> list[T]:
    """Return those of `marks` that overlap none of `others`."""
    return [mark for mark in marks if not any(overlap(mark, other) for other in others)]


def overlap(one: Mark | Span, other: Mark | Span) -> bool:
    """Tell whether two spans share a character."""
    return one.start < other.end and other.start < one.end
