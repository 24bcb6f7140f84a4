"""How much of what people left a suggester finds: counts, and F1 of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from galley.annotations.suggesters.proposal import Mark, Proposal
from galley.record import Record


@dataclass
class Count:
    """How often a suggester was right.

    Attributes:
        right: Proposals that people have too.
        proposed: Proposals.
        found: What people have that was proposed; for whole spans the same as `right`.
        wanted: What people have.
    """

    right: int = 0
    proposed: int = 0
    found: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float:
        """The share of the proposals that are right."""
        return self.right / self.proposed if self.proposed else 0.0

    @property
    def recall(self) -> float:
        """The share of what people have that was proposed."""
        return self.found / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the three measures, rounded, and how much there was to find."""
        shares = ("precision", "recall", "f1")
        return {name: round(getattr(self, name), 4) for name in shares} | {"wanted": self.wanted}


def total(counts: Iterable[Count]) -> Count:
    """Return the sum of `counts`."""
    whole = Count()
    for count in counts:
        whole.right += count.right
        whole.proposed += count.proposed
        whole.found += count.found
        whole.wanted += count.wanted
    return whole


Counts = dict[str, Count]


def _counts() -> Counts:
    return defaultdict(Count)


@dataclass
class Score:
    """What a suggester reached.

    Attributes:
        exact: Spans with both ends and the label right, by label.
        partial: Spans that share a character with one of people's of the same label, by label.
        tags: Tags, by tag.
    """

    exact: Counts = field(default_factory=_counts)
    partial: Counts = field(default_factory=_counts)
    tags: Counts = field(default_factory=_counts)

    def add(self, record: Record, proposal: Proposal) -> None:
        """Count what was proposed for a record beside what people left on it."""
        people = [Mark(e["start"], e["end"], e["label"], 1.0) for e in record["entities"]]
        _add_exact(self.exact, people, proposal.marks)
        _add_partial(self.partial, people, proposal.marks)
        for tag in proposal.tags:
            self.tags[tag].proposed += 1
            self.tags[tag].right += tag in record["tags"]
        for tag in record["tags"]:
            self.tags[tag].wanted += 1
            self.tags[tag].found += tag in proposal.tags

    def to_json(self) -> dict[str, Any]:
        """Return all measures; `macro_f1` is the mean over the tags that people used."""
        used = [count.f1 for count in self.tags.values() if count.wanted]
        tags = total(self.tags.values()).to_json()
        tags["micro_f1"] = tags.pop("f1")
        tags["macro_f1"] = round(sum(used) / len(used), 4) if used else 0.0
        return {
            "entities": {
                "exact": total(self.exact.values()).to_json(),
                "partial": total(self.partial.values()).to_json(),
                "labels": {
                    label: {
                        "exact": self.exact[label].to_json(),
                        "partial": self.partial[label].to_json(),
                    }
                    for label in sorted(self.exact)
                },
            },
            "tags": tags | {"each": _sorted(self.tags)},
        }


def _sorted(counts: Mapping[str, Count]) -> dict[str, Any]:
    return {name: counts[name].to_json() for name in sorted(counts)}


def _add_exact(counts: Counts, people: Sequence[Mark], marks: Sequence[Mark]) -> None:
    wanted, proposed = ({mark[:3] for mark in side} for side in (people, marks))
    for _, _, label in wanted:
        counts[label].wanted += 1
    for mark in proposed:
        count, right = counts[mark[2]], mark in wanted
        count.proposed += 1
        count.right += right
        count.found += right


def _add_partial(counts: Counts, people: Sequence[Mark], marks: Sequence[Mark]) -> None:
    for mark in people:
        counts[mark.label].wanted += 1
        counts[mark.label].found += _touches(mark, marks)
    for mark in marks:
        counts[mark.label].proposed += 1
        counts[mark.label].right += _touches(mark, people)


def _touches(mark: Mark, others: Iterable[Mark]) -> bool:
    return any(
        other.label == mark.label and other.start < mark.end and mark.start < other.end
        for other in others
    )
