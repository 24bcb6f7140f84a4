"""Krippendorff's alpha, for any number of people, missing values and any distance.

Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability. A unit that fewer than
two people judged says nothing and does not count. Where everybody gave one and the same value
to everything there was nothing to disagree about: alpha is not defined, and is NaN here.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from galley.annotations.agreement.distances import Floats

V = TypeVar("V", bound=Hashable)


@dataclass(frozen=True)
class Units(Generic[V]):
    """What was said of each unit.

    Attributes:
        values: Each value once, in the order in which they came.
        counts: How often each unit (row) was given each value (column); units with one value
            or none have a row of zeros, so that rows are the units that came in.
    """

    values: list[V]
    counts: Floats

    @property
    def totals(self) -> Floats:
        """How often each value was given."""
        return np.asarray(self.counts.sum(axis=0))


def count_values(units: Iterable[Sequence[V | None]], order: Iterable[V] = ()) -> Units[V]:
    """Count the values of each unit; None is a missing one.

    Args:
        units: For each unit, one value for each person.
        order: Values in the order in which they are to be counted; others come after them.
    """
    numbers: dict[V, int] = {value: number for number, value in enumerate(order)}
    rows = [[value for value in unit if value is not None] for unit in units]
    paired = [row if len(row) > 1 else [] for row in rows]
    for value in (value for row in paired for value in row):
        numbers.setdefault(value, len(numbers))
    counts = np.zeros((len(rows), len(numbers)))
    for line, row in zip(counts, paired, strict=True):
        for value in row:
            line[numbers[value]] += 1
    return Units(list(numbers), counts)


def alpha(counts: Floats, distances: Floats, weights: Floats | None = None) -> Floats:
    """Return alpha for each row of `weights`.

    Args:
        counts: How often each unit was given each value.
        distances: Between the values.
        weights: How often each unit counts, one row for each alpha; None for one alpha in
            which each counts once.
    """
    weights = np.ones((1, len(counts))) if weights is None else weights
    each = counts.sum(axis=1)
    within = np.einsum("uc,cd,ud->u", counts, distances, counts, optimize=True)
    observed = weights @ (within / np.maximum(each - 1, 1))
    totals = weights @ counts
    expected = np.einsum("bc,cd,bd->b", totals, distances, totals, optimize=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 1 - (totals.sum(axis=1) - 1) * observed / expected
    return np.where(expected > 0, found, np.nan)
