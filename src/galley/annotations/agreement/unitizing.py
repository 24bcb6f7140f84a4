"""Krippendorff's alpha for unitizing: how far people agree on where something is.

What people mark and what they leave between it (gaps) are compared section by section: two
units that overlap are as far apart as their ends (squared), a unit that lies in another
person's gap by its own length (squared). Source: Krippendorff 1995, On the Reliability of
Unitizing Continuous Data; 2004, Content Analysis, p. 251-256.

A corpus is many continua, none of which runs into the next, and not everybody reads every
text. What is observed adds up over the texts, each pair of people weighing one by (people - 1)
as in alpha; what chance gives is drawn from all sections of all texts. With one text this is
Krippendorff's formula.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from galley.annotations.agreement.distances import Floats

# Start and end of a unit, end-exclusive.
Unit = tuple[int, int]


@dataclass(frozen=True)
class Continuum:
    """One text as several people divided it, for one label.

    Attributes:
        length: Of the text.
        units: For each person what they marked.
    """

    length: int
    units: Sequence[Sequence[Unit]]


@dataclass(frozen=True)
class Sections:
    """What the formula needs to know of some continua; its rows are the continua.

    Attributes:
        observed: Squared differences, each by people - 1.
        covered: Length by people.
        marked: What the units take away from what chance can draw.
        units: Number of units, by length.
        gaps: Number of gaps, by length.
        unit_lengths: The lengths that `units` has columns for.
        gap_lengths: The lengths that `gaps` has columns for.
    """

    observed: Floats
    covered: Floats
    marked: Floats
    units: Floats
    gaps: Floats
    unit_lengths: Floats
    gap_lengths: Floats


def merge_units(units: Iterable[Unit]) -> list[Unit]:
    """Return `units` in order, those that overlap as one: a section is in one unit at most."""
    merged: list[Unit] = []
    for start, end in sorted(units):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def divide(continua: Sequence[Continuum]) -> Sections:
    """Return the sections of continua that at least two people divided."""
    parts = [[_gaps(units, item.length) for units in item.units] for item in continua]
    units = [[end - start for person in item.units for start, end in person] for item in continua]
    gaps = [[end - start for person in part for start, end in person] for part in parts]
    people = np.array([len(item.units) for item in continua], dtype=float)
    covered = people * np.array([item.length for item in continua], dtype=float)
    differences = [
        sum(
            _differences(item.units[one], item.units[two], part[one], part[two])
            for one, two in combinations(range(len(item.units)), 2)
        )
        for item, part in zip(continua, parts, strict=True)
    ]
    unit_lengths, unit_counts = _histogram(units)
    gap_lengths, gap_counts = _histogram(gaps)
    return Sections(
        observed=2 * np.array(differences, dtype=float) / np.maximum(people - 1, 1),
        covered=covered,
        marked=unit_counts @ (unit_lengths * (unit_lengths - 1)),
        units=unit_counts,
        gaps=gap_counts,
        unit_lengths=unit_lengths,
        gap_lengths=gap_lengths,
    )


def disagreements(sections: Sections, weights: Floats | None = None) -> tuple[Floats, Floats]:
    """Return the observed and the expected disagreement for each row of `weights`.

    Args:
        sections: Of one label.
        weights: How often each continuum counts; None for once each.
    """
    weights = np.ones((1, len(sections.covered))) if weights is None else weights
    covered = weights @ sections.covered
    units, gaps = weights @ sections.units, weights @ sections.gaps
    lengths = sections.unit_lengths
    among = (units.sum(axis=1, keepdims=True) - 1) / 3 * (2 * lengths**3 - 3 * lengths**2 + lengths)
    room = np.maximum(sections.gap_lengths[None, :] - lengths[:, None] + 1, 0)
    between = lengths**2 * (gaps @ room.T)
    pairs = covered * (covered - 1) - weights @ sections.marked
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = (weights @ sections.observed) / covered
        expected = 2 * (units * (among + between)).sum(axis=1) / pairs
    return observed, np.where(pairs > 0, expected, 0.0)


def unitizing_alpha(labels: Sequence[Sections], weights: Floats | None = None) -> Floats:
    """Return alpha over `labels` together; NaN where nobody marked anything."""
    found = [disagreements(sections, weights) for sections in labels]
    observed = np.sum([pair[0] for pair in found], axis=0)
    expected = np.sum([pair[1] for pair in found], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def _gaps(units: Sequence[Unit], length: int) -> list[Unit]:
    ends = [0, *(end for _, end in units)]
    starts = [*(start for start, _ in units), length]
    return [(end, start) for end, start in zip(ends, starts, strict=True) if start > end]


def _differences(
    one: Sequence[Unit], two: Sequence[Unit], gaps_one: Sequence[Unit], gaps_two: Sequence[Unit]
) -> float:
    """Return how far two people's sections lie apart, each pair of sections once."""
    units = sum(
        (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
        for a in one
        for b in two
        if a[0] < b[1] and b[0] < a[1]
    )
    return float(units + _alone(one, gaps_two) + _alone(two, gaps_one))


def _alone(units: Sequence[Unit], gaps: Sequence[Unit]) -> float:
    """Return the squared lengths of units that lie wholly in a gap of the other person."""
    inside = (u for u in units if any(g[0] <= u[0] and u[1] <= g[1] for g in gaps))
    return float(sum((end - start) ** 2 for start, end in inside))


def _histogram(rows: list[list[int]]) -> tuple[Floats, Floats]:
    """Return the lengths that occur, and how often in each row."""
    lengths = sorted({length for row in rows for length in row})
    columns = {length: column for column, length in enumerate(lengths)}
    counts = np.zeros((len(rows), len(lengths)))
    for line, row in zip(counts, rows, strict=True):
        for length in row:
            line[columns[length]] += 1
    return np.array(lengths, dtype=float), counts
