"""All that can be said of how far people agree: for a terminal, for `--json`, for a release."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from galley.annotations.agreement import measures
from galley.annotations.agreement.copies import Refusal, find_copies, refuse, without_copies
from galley.annotations.agreement.distances import MASI
from galley.annotations.agreement.estimate import CONFIDENCE, ROUNDS, Estimate, estimate
from galley.annotations.agreement.influence import Influence, compare
from galley.annotations.agreement.rating import Item

FORMAT = 1
Estimates = dict[str, Estimate]


@dataclass(frozen=True)
class Question:
    """What is asked of the ledger.

    Attributes:
        drawn: Tells of a record whether its task was drawn to go without a suggestion.
        seed: Of the intervals.
        gamma: Whether gamma is wanted too: it takes a while for each text.
    """

    drawn: Callable[[str], bool]
    seed: int = 0
    gamma: bool = False


@dataclass(frozen=True)
class AgreementReport:
    """How far people agree.

    Attributes:
        texts: Annotated texts.
        shared: Those that several people annotated.
        people: How many people annotated shared texts.
        refusal: Why no agreement is stated, then all of it is empty; None where it is.
        overall: `alpha_masi`, `alpha_nominal` (tags); `f1_exact`, `f1_partial`,
            `alpha_unitizing` (entities); `gamma`, the mean over texts, if it was wanted.
        labels: The same for each entity label.
        tags: `alpha_nominal` for each tag: is it there or not.
        months: `alpha_masi` and `f1_exact` by the month of the last annotation.
        annotators: The figures of each person with all others, by pseudonym.
        influence: What suggestions do.
        copied: Pairs of people whose work is one and was counted once.
        seed: Of the intervals.
    """

    texts: int
    shared: int
    people: int
    refusal: Refusal | None
    influence: Influence
    overall: Estimates = field(default_factory=dict)
    labels: dict[str, Estimates] = field(default_factory=dict)
    tags: dict[str, Estimates] = field(default_factory=dict)
    months: dict[str, Estimates] = field(default_factory=dict)
    annotators: dict[str, Estimates] = field(default_factory=dict)
    copied: list[tuple[str, str]] = field(default_factory=list)
    seed: int = 0

    def to_public(self) -> dict[str, Any]:
        """Return what a release may say: nothing of any one person."""
        parts = ("labels", "tags", "months")
        return {
            "format": FORMAT,
            "method": {
                "tags": f"Krippendorff's alpha; alpha_masi: {MASI}; alpha_nominal: sets are "
                "equal or not; one tag: is it there or not",
                "entities": "f1: pairwise, 2 x shared spans / all spans of two people; exact: "
                "same ends and label; partial: same label and overlapping; alpha_unitizing: "
                "Krippendorff 1995, over characters and labels",
                "intervals": f"{CONFIDENCE:.0%} percentile bootstrap over records, {ROUNDS} "
                f"draws, seed {self.seed}",
            },
            "texts": self.texts,
            "shared_texts": self.shared,
            "people": self.people,
            "overall": _to_json(self.overall),
            **{name: {k: _to_json(v) for k, v in getattr(self, name).items()} for name in parts},
            "suggestions": self.influence.to_json(),
        }

    def to_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {
            **self.to_public(),
            "refused": None if self.refusal is None else self.refusal.to_json(),
            "annotators": {name: _to_json(found) for name, found in self.annotators.items()},
            "copied": [list(pair) for pair in self.copied],
        }


def measure_agreement(items: Sequence[Item], question: Question) -> AgreementReport:
    """Return how far the people who annotated `items` agree."""
    copied = find_copies(items)
    items = without_copies(items, copied)
    shared = [item for item in items if item.is_shared]
    refusal = refuse(items, copied)
    influence = compare(items, question.drawn, seed=question.seed)
    people = {rating.annotator for item in shared for rating in item.ratings}
    head = (len(items), len(shared), len(people), refusal, influence)
    if refusal is not None:
        return AgreementReport(*head, copied=copied, seed=question.seed)
    seed = question.seed
    return AgreementReport(
        *head,
        overall=_overall(shared, seed) | (_gamma(shared, seed) if question.gamma else {}),
        labels={label: _label(shared, label, seed) for label in _labels(shared)},
        tags={tag: _tag(shared, tag, seed) for tag in _tags(shared)},
        months={month: _brief(group, seed) for month, group in _by_month(shared).items()},
        annotators={name: _person(shared, name, seed) for name in sorted(people)},
        copied=copied,
        seed=seed,
    )


def _overall(items: list[Item], seed: int) -> Estimates:
    found = {
        "alpha_masi": measures.tags_masi(items),
        "alpha_nominal": measures.tags_nominal(items),
        "f1_exact": measures.f1_exact(items),
        "f1_partial": measures.f1_partial(items),
        "alpha_unitizing": measures.unitizing(items, _labels(items)),
    }
    return {name: estimate(measure, len(items), seed=seed) for name, measure in found.items()}


def _gamma(items: list[Item], seed: int) -> Estimates:
    measure, texts = measures.mean_gamma(items, seed=seed)
    return {"gamma": estimate(measure, texts, seed=seed)}


def _label(items: list[Item], label: str, seed: int) -> Estimates:
    used = [item for item in items if label in _used_labels(item)]
    found = {
        "f1_exact": (measures.f1_exact(used, label), used),
        "f1_partial": (measures.f1_partial(used, label), used),
        "alpha_unitizing": (measures.unitizing(items, [label]), items),
    }
    return {name: estimate(m, len(group), seed=seed) for name, (m, group) in found.items()}


def _tag(items: list[Item], tag: str, seed: int) -> Estimates:
    return {"alpha_nominal": estimate(measures.one_tag(items, tag), len(items), seed=seed)}


def _brief(items: list[Item], seed: int) -> Estimates:
    found = {"alpha_masi": measures.tags_masi(items), "f1_exact": measures.f1_exact(items)}
    return {name: estimate(measure, len(items), seed=seed) for name, measure in found.items()}


def _person(items: list[Item], name: str, seed: int) -> Estimates:
    """Return the agreement of one person with all others, on the texts that they share."""
    own = [item for item in items if any(r.annotator == name for r in item.ratings)]
    found = {
        "alpha_masi": measures.tags_masi(own, person=name),
        "f1_exact": measures.f1_exact(own, person=name),
        "f1_partial": measures.f1_partial(own, person=name),
    }
    return {key: estimate(measure, len(own), seed=seed) for key, measure in found.items()}


def _by_month(items: Iterable[Item]) -> dict[str, list[Item]]:
    months: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda item: item.month):
        months.setdefault(item.month, []).append(item)
    return months


def _labels(items: Iterable[Item]) -> list[str]:
    return sorted({label for item in items for label in _used_labels(item)})


def _tags(items: Iterable[Item]) -> list[str]:
    return sorted({tag for item in items for rating in item.ratings for tag in rating.tags})


def _used_labels(item: Item) -> set[str]:
    return {label for rating in item.ratings for _, _, label in rating.spans}


def _to_json(found: Estimates) -> dict[str, Any]:
    return {name: value.to_json() for name, value in found.items()}
