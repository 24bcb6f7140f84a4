"""The measures over a list of items: each is computed under any weights of the records."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from galley.annotations.agreement.alpha import alpha, count_values
from galley.annotations.agreement.distances import Floats, masi, nominal
from galley.annotations.agreement.estimate import Measure
from galley.annotations.agreement.gamma import gamma
from galley.annotations.agreement.rating import Item, Rating, pairs
from galley.annotations.agreement.spans import Marked, count_exact, count_partial
from galley.annotations.agreement.unitizing import (
    Continuum,
    Sections,
    divide,
    merge_units,
    unitizing_alpha,
)

Count = Callable[[Iterable[Marked], Iterable[Marked]], int]


def tags_masi(items: Sequence[Item], *, person: str | None = None) -> Measure:
    """Measure alpha of the sets of tags with MASI distance.

    Args:
        items: The texts.
        person: Only pairs with this person, each a unit of its own; None for all together.
    """
    rated = [list(_with(item, person)) for item in items]
    owners = [number for number, units in enumerate(rated) for _ in units]
    units = count_values([rating.tags for rating in unit] for each in rated for unit in each)
    distances = masi(units.values)

    def measure(weights: Floats | None) -> Floats:
        rows = None if weights is None else weights[:, owners]
        return alpha(units.counts, distances, rows)

    return measure


def tags_nominal(items: Sequence[Item]) -> Measure:
    """Measure alpha of the sets of tags, which are equal or not."""
    units = count_values([rating.tags for rating in item.ratings] for item in items)
    return lambda weights: alpha(units.counts, nominal(len(units.values)), weights)


def one_tag(items: Sequence[Item], tag: str) -> Measure:
    """Measure alpha of whether `tag` is there."""
    units = count_values([tag in rating.tags for rating in item.ratings] for item in items)
    return lambda weights: alpha(units.counts, nominal(len(units.values)), weights)


def f1_exact(
    items: Sequence[Item], label: str | None = None, *, person: str | None = None
) -> Measure:
    """Measure the pairwise F1 of spans with the same ends and label.

    Args:
        items: The texts.
        label: Only spans of this label; None for all.
        person: Only pairs with this person; None for all.
    """
    return _f1(items, label, person, count_exact)


def f1_partial(
    items: Sequence[Item], label: str | None = None, *, person: str | None = None
) -> Measure:
    """Measure the pairwise F1 of spans of one label that overlap; arguments as in `f1_exact`."""
    return _f1(items, label, person, count_partial)


def unitizing(items: Sequence[Item], labels: Iterable[str]) -> Measure:
    """Measure unitizing alpha over `labels` together."""
    sections = [_sections(items, label) for label in labels]
    if not sections:
        return lambda weights: np.full(1 if weights is None else len(weights), np.nan)
    return lambda weights: unitizing_alpha(sections, weights)


def _f1(items: Sequence[Item], label: str | None, person: str | None, count: Count) -> Measure:
    shared, total = np.zeros(len(items)), np.zeros(len(items))
    for number, item in enumerate(items):
        for one, two in pairs(item):
            if person not in {None, one.annotator, two.annotator}:
                continue
            left, right = _of(one.spans, label), _of(two.spans, label)
            shared[number] += 2 * count(left, right)
            total[number] += len(left) + len(right)
    return quotient(shared, total)


def mean_gamma(items: Sequence[Item], *, seed: int) -> tuple[Measure, int]:
    """Measure gamma as a mean over texts, and return for how many it is defined.

    Args:
        items: The texts.
        seed: Of the chance alignments.
    """
    found = []
    for item in items:
        marked = [sorted(rating.spans) for rating in item.ratings]
        if any(marked):
            found.append(gamma(marked, seed=seed).value)
    values = np.array([value for value in found if not np.isnan(value)])
    return quotient(values, np.ones(len(values))), len(values)


def quotient(upper: Floats, lower: Floats) -> Measure:
    """Measure the sum of `upper` by that of `lower`, both by item."""

    def measure(weights: Floats | None) -> Floats:
        rows = np.ones((1, len(lower))) if weights is None else weights
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((rows @ upper) / (rows @ lower))

    return measure


def _with(item: Item, person: str | None) -> Iterable[Sequence[Rating]]:
    """Return all ratings as one unit, or each pair with `person` as one."""
    if person is None:
        return [item.ratings]
    return [pair for pair in pairs(item) if person in {rating.annotator for rating in pair}]


def _of(spans: Iterable[Marked], label: str | None) -> list[Marked]:
    return [span for span in spans if label in {None, span[2]}]


def _sections(items: Sequence[Item], label: str) -> Sections:
    return divide(
        [
            Continuum(
                item.length,
                [
                    merge_units((start, end) for start, end, _ in _of(rating.spans, label))
                    for rating in item.ratings
                ],
            )
            for item in items
        ]
    )
