"""The suggester `gazetteer`: names that are known, wherever they stand.

They are known from what people marked, from a maintainer's lists and, where nobody said
otherwise, from the territories that CLDR names. A name that people left unmarked more often
than they marked it is not proposed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from galley.annotations.suggesters.cldr import cldr_version
from galley.annotations.suggesters.names import Names
from galley.annotations.suggesters.proposal import Lesson, Mark, Proposal
from galley.annotations.suggesters.territories import find_territories
from galley.hashing import sha256_json
from galley.record import Record, Span

# What a name of a list or of CLDR counts for, in occurrences that people marked.
_LISTED = 3
_LEAST = 0.5  # of its occurrences, marked: then it is proposed

# A name's label, and how sure it is that the name is meant.
Known = Mapping[str, tuple[str, float]]


@dataclass(frozen=True)
class Gazetteer:
    """Proposes names.

    Attributes:
        known: The names, each with its label and score; a score below 0.5 keeps a name that
            CLDR has from being proposed.
        names: Those that are proposed.
        labels: The labels there are.
    """

    known: Known
    names: Names
    labels: frozenset[str]
    name: str = "gazetteer"

    @property
    def version(self) -> str:
        """Changes with the names."""
        return f"1.cldr{cldr_version()}.{sha256_json(sorted(self.known.items()))[:8]}"

    def propose(self, record: Record) -> Proposal:
        """Return the names in a record's text."""
        marks = self._listed(record["text"])
        marks += _apart(self._territories(record), marks)
        marks.sort()
        doubt = 1 - sum(mark.score for mark in marks) / len(marks) if marks else None
        return Proposal(marks=marks, doubt=doubt)

    def _listed(self, text: str) -> list[Mark]:
        found = ((span, self.known[text[span.start : span.end]]) for span in self.names.find(text))
        return [Mark(*span, label, score) for span, (label, score) in found]

    def _territories(self, record: Record) -> list[Mark]:
        found = find_territories(record["text"], record["language"])
        listed = _score(_LISTED, 0)
        return [
            Mark(entity["start"], entity["end"], entity["label"], listed)
            for entity in found
            if entity["label"] in self.labels and entity["text"] not in self.known
        ]


def teach(lesson: Lesson) -> Gazetteer:
    """Return a gazetteer of what people marked, and of the lists."""
    known = learn(lesson.corrected, lesson.lists)
    names = Names(name for name, (_, score) in known.items() if score >= _LEAST)
    return Gazetteer(known, names, frozenset(lesson.labels.names))


def learn(corrected: Sequence[Record], lists: Mapping[str, Iterable[str]]) -> Known:
    """Return what is known of each name that somebody marked, that is listed, or left unmarked.

    Args:
        corrected: Records with people's entities.
        lists: Names by label.
    """
    marked: dict[str, Counter[str]] = defaultdict(Counter)
    for label, names in lists.items():
        for name in names:
            marked[name][label] += _LISTED
    for record in corrected:
        for entity in record["entities"]:
            marked[entity["text"]][entity["label"]] += 1
    passed = _passed_over(corrected, Names(marked))
    return {name: _known(counts, passed[name]) for name, counts in sorted(marked.items())} | {
        name: ("", 0.0) for name in sorted(passed.keys() - marked.keys()) if passed[name] > _LISTED
    }


def _known(counts: Counter[str], passed: int) -> tuple[str, float]:
    label, times = max(counts.items(), key=lambda item: (item[1], item[0]))
    return label, _score(times, passed + counts.total() - times)


def _score(right: int, wrong: int) -> float:
    return round((right + 1) / (right + wrong + 2), 4) if right >= wrong else 0.0


def _passed_over(corrected: Iterable[Record], names: Names) -> Counter[str]:
    """Count the occurrences of names that people left unmarked, territories among them."""
    passed: Counter[str] = Counter()
    for record in corrected:
        text = record["text"]
        listed = [Mark(*span, "", 0.0) for span in names.find(text)]
        territories = [
            Mark(found["start"], found["end"], "", 0.0)
            for found in find_territories(text, record["language"])
        ]
        people = [Mark(e["start"], e["end"], e["label"], 1.0) for e in record["entities"]]
        for mark in _apart([*listed, *_apart(territories, listed)], people):
            passed[text[mark.start : mark.end]] += 1
    return passed


def _apart(marks: Iterable[Mark], others: Sequence[Mark]) -> list[Mark]:
    """Return those of `marks` that overlap none of `others`."""
    return [mark for mark in marks if not any(overlap(mark, other) for other in others)]


def overlap(one: Mark | Span, other: Mark | Span) -> bool:
    """Tell whether two spans share a character."""
    return one.start < other.end and other.start < one.end
