"""The same words labelled otherwise elsewhere, in like contexts."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from galley.annotations.suggesters.names import Names
from galley.annotations.suspects.suspicion import Ground, Suspicion
from galley.record import Record

NONE = ""
_LEAST_SEEN = 3
# How much more an occurrence with the same neighbour counts.
_LIKE = 2.0
_WORD_BEFORE = re.compile(r"(\w+)\W*$")
_WORD_AFTER = re.compile(r"\W*(\w+)")
_WINDOW = 30


@dataclass(frozen=True)
class Occurrence:
    """One place where a form stands.

    Attributes:
        form: The words.
        label: What it is marked as; empty where it is not.
        start: Where it begins.
        before: The word before.
        after: The word after.
    """

    form: str
    label: str
    start: int
    before: str
    after: str


@dataclass
class Forms:
    """How each form is labelled, by its neighbours.

    Attributes:
        names: Finds the forms.
        alone: Occurrences by form and label.
        left: By form, label and the word before.
        right: By form, label and the word after.
    """

    names: Names
    alone: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    right: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    labels: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def collect(cls, records: Sequence[Record]) -> "Forms":
        """Return the forms that are marked anywhere in `records`."""
        forms = cls(Names({item["text"] for r in records for item in r["entities"]}))
        for record in records:
            for found in forms.occurrences(record):
                forms.alone[found.form, found.label] += 1
                forms.left[found.form, found.label, found.before] += 1
                forms.right[found.form, found.label, found.after] += 1
                forms.labels.setdefault(found.form, set()).add(found.label)
        return forms

    def occurrences(self, record: Record) -> Iterator[Occurrence]:
        """Yield where forms stand in a record: marked, or outside all that is marked."""
        text, entities = record["text"], record["entities"]
        for item in entities:
            yield _occurrence(text, item["start"], item["end"], item["label"])
        for span in self.names.find(text):
            if not any(e["start"] < span.end and span.start < e["end"] for e in entities):
                yield _occurrence(text, span.start, span.end, NONE)

    def suspicions(self, record: Record) -> Iterator[Suspicion]:
        """Yield the occurrences in `record` that most others, weighed by context, speak against."""
        for found in self.occurrences(record):
            labels = self.labels[found.form]
            if sum(self.alone[found.form, label] for label in labels) < _LEAST_SEEN:
                continue
            weights = {label: self._weight(found, label) for label in sorted(labels)}
            rest = sum(weights.values())
            other = max(weights, key=lambda label: (label != found.label, weights[label]))
            if other == found.label or rest <= 0:
                continue
            score = weights[other] / (rest + 1)
            if score > weights[found.label] / (rest + 1):
                yield _suspicion(found, other, round(score, 4))

    def _weight(self, found: Occurrence, label: str) -> float:
        """Return how much all other occurrences with `label` weigh, like contexts more."""
        own = 1 if label == found.label else 0
        alone = self.alone[found.form, label] - own
        left = self.left[found.form, label, found.before] - own
        right = self.right[found.form, label, found.after] - own
        return alone + _LIKE * (left + right)


def _suspicion(found: Occurrence, other: str, score: float) -> Suspicion:
    here = f"marked as {found.label}" if found.label else "not marked"
    there = f"marked as {other}" if other else "not marked"
    why = f"“{found.form}” is {here}; elsewhere it is {there}"
    return Suspicion(Ground.FORM, score, why, found.start, found.start + len(found.form))


def _occurrence(text: str, start: int, end: int, label: str) -> Occurrence:
    before = _WORD_BEFORE.search(text[max(0, start - _WINDOW) : start])
    after = _WORD_AFTER.match(text[end : end + _WINDOW])
    return Occurrence(
        text[start:end], label, start, before[1] if before else "", after[1] if after else ""
    )
