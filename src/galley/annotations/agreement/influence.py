"""What suggestions do to people: tasks with one beside those that were drawn to have none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from galley.annotations.agreement import measures
from galley.annotations.agreement.distances import Floats
from galley.annotations.agreement.estimate import Estimate, Measure, estimate
from galley.annotations.agreement.rating import Item

# Texts on either side, below which nothing can be said.
ENOUGH = 30


@dataclass(frozen=True)
class Group:
    """One side of the comparison.

    Attributes:
        texts: Annotated texts.
        lead_time: Seconds for one annotation, the median.
        f1_exact: Agreement on spans, of texts that several people annotated.
        alpha_masi: Agreement on tags, of the same.
    """

    texts: int
    lead_time: Estimate
    f1_exact: Estimate
    alpha_masi: Estimate

    def to_json(self) -> dict[str, Any]:
        """Return the object that `--json` has."""
        names = ("lead_time", "f1_exact", "alpha_masi")
        return {"texts": self.texts, **{name: getattr(self, name).to_json() for name in names}}


@dataclass(frozen=True)
class Influence:
    """Both sides.

    Attributes:
        unchanged: The share of annotations that left the suggestion just as it was.
        shown: Tasks with a suggestion.
        blind: Tasks that were drawn to have none.
        too_small: Why the two cannot be compared; empty if they can.
    """

    unchanged: Estimate
    shown: Group
    blind: Group
    too_small: str

    def to_json(self) -> dict[str, Any]:
        """Return the object that `--json` has."""
        return {
            "unchanged": self.unchanged.to_json(),
            "with_suggestions": self.shown.to_json(),
            "without_suggestions": self.blind.to_json(),
            "too_small": self.too_small or None,
        }


def compare(items: Sequence[Item], drawn: Callable[[str], bool], *, seed: int) -> Influence:
    """Compare texts that were annotated with suggestions with those drawn to have none.

    Texts that nobody had a suggestion for are on neither side: they are no random draw.

    Args:
        items: The annotated texts.
        drawn: Tells of a record whether its task was drawn to go without.
        seed: Of the intervals.
    """
    shown = [item for item in items if all(r.shown is not None for r in item.ratings)]
    blind = [
        item
        for item in items
        if drawn(item.key[0]) and all(rating.shown is None for rating in item.ratings)
    ]
    unchanged = estimate(_share(shown), len(shown), seed=seed)
    return Influence(unchanged, _group(shown, seed), _group(blind, seed), _size(shown, blind))


def _group(items: list[Item], seed: int) -> Group:
    shared = [item for item in items if item.is_shared]
    timed = [item for item in items if _times(item)]
    return Group(
        len(items),
        estimate(_median(timed), len(timed), seed=seed),
        estimate(measures.f1_exact(shared), len(shared), seed=seed),
        estimate(measures.tags_masi(shared), len(shared), seed=seed),
    )


def _size(shown: list[Item], blind: list[Item]) -> str:
    if min(len(shown), len(blind)) >= ENOUGH:
        return ""
    return (
        f"{len(shown)} texts were annotated with a suggestion and {len(blind)} without one by "
        f"draw: fewer than {ENOUGH} on a side say nothing"
    )


def _share(items: Sequence[Item]) -> Measure:
    left = np.array([sum(r.unchanged for r in item.ratings) for item in items], dtype=float)
    every = np.array([len(item.ratings) for item in items], dtype=float)
    return measures.quotient(left, every)


def _times(item: Item) -> list[float]:
    return [rating.lead_time for rating in item.ratings if rating.lead_time is not None]


def _median(items: Sequence[Item]) -> Measure:
    """Measure the median of all times, each as often as its text was drawn."""
    pairs = sorted((time, number) for number, item in enumerate(items) for time in _times(item))
    times = np.array([time for time, _ in pairs])
    owners = np.array([number for _, number in pairs], dtype=int)

    def measure(weights: Floats | None) -> Floats:
        rows = np.ones((1, len(items))) if weights is None else weights
        reached = np.cumsum(rows[:, owners], axis=1)
        middle = np.argmax(reached >= reached[:, -1:] / 2, axis=1)
        return np.asarray(times[middle])

    return measure
