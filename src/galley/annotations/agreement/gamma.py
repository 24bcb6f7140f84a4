"""Gamma: how far people agree on where something is and what it is, as one alignment of both.

What several people marked is aligned so that as little as possible is left to explain: units
of one alignment cost their distance in place and in category, one without a partner a fixed
price. Gamma compares that with what chance alignments cost: the same people's units, moved
around the text. Source: Mathet, Widlöcher and Métivier 2015, The Unified and Holistic Method
Gamma; categories alone: Mathet 2017, The Agreement Measure Gamma-cat.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from galley.annotations.agreement.distances import Floats

# Start, end and category of a unit.
Unit = tuple[float, float, str]
# For each person what that person marked.
Marked = Sequence[Sequence[Unit]]
_LEAST_SAMPLES = 30
_TIE = 1e-6
_NORMAL = 1.96  # of an interval of 95 %


@dataclass(frozen=True)
class Costs:
    """What differences cost.

    Attributes:
        place: Weighs distances in place.
        category: Weighs another category.
        empty: Of a unit without a partner.
    """

    place: float = 3.0
    category: float = 1.0
    empty: float = 1.0

    def places(self, one: Sequence[Unit], two: Sequence[Unit]) -> Floats:
        """Return the distance in place of each two units: of the ends, by the lengths."""
        a, b = _ends(one)[:, None, :], _ends(two)[None, :, :]
        apart = np.abs(a - b).sum(axis=2)
        lengths = (a[..., 1] - a[..., 0]) + (b[..., 1] - b[..., 0])
        return np.asarray((apart / lengths) ** 2 * self.empty)

    def categories(self, one: Sequence[Unit], two: Sequence[Unit]) -> Floats:
        """Return whether each two units have another category."""
        a, b = ([unit[2] for unit in units] for units in (one, two))
        differ = np.array([[left != right for right in b] for left in a], dtype=float)
        return differ.reshape(len(a), len(b)) * self.empty

    def pairs(self, one: Sequence[Unit], two: Sequence[Unit]) -> Floats:
        """Return what each two units cost in one alignment; the last row and column are none."""
        costs = np.full((len(one) + 1, len(two) + 1), self.empty)
        both = self.place * self.places(one, two) + self.category * self.categories(one, two)
        costs[:-1, :-1] = both
        return costs


@dataclass(frozen=True)
class Alignment:
    """The cheapest way to put units together.

    Attributes:
        marked: What was aligned.
        groups: For each group the number of each person's unit; the number of all of a
            person's units for none.
        disorder: What it costs, by the mean number of a person's units.
    """

    marked: Marked
    groups: list[tuple[int, ...]]
    disorder: float

    def of(self, group: tuple[int, ...]) -> list[Unit | None]:
        """Return the units of a group."""
        return [
            units[at] if at < len(units) else None
            for at, units in zip(group, self.marked, strict=True)
        ]


@dataclass(frozen=True)
class Gamma:
    """What was found.

    Attributes:
        observed: The alignment of what people marked.
        chance: Those of samples.
        costs: What differences cost.
    """

    observed: Alignment
    chance: list[Alignment]
    costs: Costs

    @property
    def value(self) -> float:
        """Gamma: 1 for no difference, 0 for what chance gives."""
        expected = float(np.mean([alignment.disorder for alignment in self.chance]))
        return 1 - self.observed.disorder / expected if expected else math.nan

    def categories(self, category: str | None = None) -> float:
        """Return gamma-cat, of what is aligned alone; or gamma-k, of one category."""
        observed = _category_disorder(self.observed, self.costs, category)
        if observed == 0:
            return 1.0
        found = [_category_disorder(item, self.costs, category) for item in self.chance]
        return 1 - observed / float(np.mean(found))


def gamma(
    marked: Marked, costs: Costs | None = None, *, seed: int = 0, precision: float = 0.05
) -> Gamma:
    """Return how far people agree on one text.

    Args:
        marked: For each of two people or more what they marked, anything at all.
        costs: What differences cost; None for the usual ones.
        seed: Of the samples.
        precision: How far the mean of the samples may be off, as a share of it.
    """
    costs = costs or Costs()
    samples = _samples(marked, np.random.default_rng(seed))
    chance = [align(next(samples), costs) for _ in range(_LEAST_SAMPLES)]
    found = np.array([alignment.disorder for alignment in chance])
    needed = math.ceil((found.std() / found.mean() * _NORMAL / precision) ** 2)
    chance += [align(next(samples), costs) for _ in range(needed - _LEAST_SAMPLES)]
    return Gamma(align(marked, costs), chance, costs)


def align(marked: Marked, costs: Costs) -> Alignment:
    """Return the cheapest alignment, in which each unit has exactly one place."""
    from scipy.optimize import LinearConstraint, milp  # noqa: PLC0415 - slow to import
    from scipy.sparse import csr_array  # noqa: PLC0415

    groups, prices = _candidates(marked, costs)
    sizes = [len(units) for units in marked]
    offsets = np.cumsum([0, *sizes])
    people, numbers = np.nonzero(np.array(sizes)[:, None] > groups.T)
    rows = offsets[people] + groups.T[people, numbers]
    shape = (int(offsets[-1]), len(groups))
    matrix = csr_array((np.ones(len(rows)), (rows, numbers)), shape=shape)
    # Of two that cost the same the one with fewer groups; nearly always whole by itself.
    once, weighed = LinearConstraint(matrix, 1, 1), prices + _TIE
    solved = milp(weighed, constraints=once, bounds=(0, 1))
    if not np.allclose(solved.x, np.round(solved.x), atol=1e-6):
        whole = np.ones(len(groups))
        solved = milp(weighed, constraints=once, bounds=(0, 1), integrality=whole)
    taken = solved.x > 0.5
    disorder = float(prices[taken].sum()) / (sum(sizes) / len(sizes))
    return Alignment(marked, [tuple(map(int, group)) for group in groups[taken]], disorder)


def _candidates(marked: Marked, costs: Costs) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the groups of units that can be worth it, and the mean price of their pairs.

    A group that costs more than all its units alone is never taken.
    """
    people = len(marked)
    pairs = people * (people - 1) / 2
    limit = people * costs.empty * pairs
    groups = np.arange(len(marked[0]) + 1)[:, None]
    prices = np.zeros(len(groups))
    for person in range(1, people):
        table = sum(
            costs.pairs(marked[other], marked[person])[groups[:, other]] for other in range(person)
        )
        total = prices[:, None] + table
        rows, columns = np.nonzero(total <= limit + 1e-9)
        groups = np.column_stack([groups[rows], columns])
        prices = total[rows, columns]
    some = (groups < np.array([len(units) for units in marked])).any(axis=1)
    return groups[some], prices[some] / pairs


def _samples(marked: Marked, random: np.random.Generator) -> Iterator[Marked]:
    """Yield what chance might have marked: for each person anybody's units, moved round.

    They are moved by distances that differ from each other by half a unit's length at least.
    """
    ends = np.concatenate([_ends(units) for units in marked if units])
    first, last = float(ends[:, 0].min()), float(ends[:, 1].max())
    apart = float((ends[:, 1] - ends[:, 0]).mean()) / 2
    while True:
        free = [(first, last)]
        sample = []
        for _ in marked:
            step = _draw(free, random) if free else float(random.uniform(first, last))
            free = _without(free, step, apart)
            units = marked[int(random.integers(len(marked)))]
            sample.append([_moved(unit, step, first, last) for unit in units])
        if any(sample):
            yield sample


def _draw(free: Sequence[tuple[float, float]], random: np.random.Generator) -> float:
    lengths = np.array([end - start for start, end in free])
    start, end = free[int(random.choice(len(free), p=lengths / lengths.sum()))]
    return float(int(random.uniform(start, end)))


def _without(
    free: Sequence[tuple[float, float]], step: float, apart: float
) -> list[tuple[float, float]]:
    parts = [
        part
        for start, end in free
        for part in ((start, min(end, step - apart)), (max(start, step + apart), end))
    ]
    return [(start, end) for start, end in parts if end > start]


def _moved(unit: Unit, step: float, first: float, last: float) -> Unit:
    start, end, category = unit
    if start + step > last:
        step += first - last
    return start + step, end + step, category


def _category_disorder(alignment: Alignment, costs: Costs, category: str | None) -> float:
    """Return how far aligned units differ in category, near ones counting more."""
    disorder = weights = 0.0
    seen = near_pairs = 0
    for group in alignment.groups:
        units = alignment.of(group)
        aligned = sum(unit is not None for unit in units)
        for one, two in combinations(units, 2):
            if category is not None and category not in {u[2] for u in (one, two) if u}:
                continue
            seen += 1
            if one is None or two is None:
                alone = costs.empty if one or two else 0.0
                disorder += alone * costs.empty
                weights += alone
                continue
            near_pairs += 1
            near = max(0.0, 1 - costs.place * float(costs.places([one], [two])[0, 0]))
            weight = near / (aligned - 1)
            disorder += costs.empty * (one[2] != two[2]) * weight
            weights += weight
    if not near_pairs:  # a category that is nowhere is as far off as can be
        return 0.0 if seen else 1.0
    return disorder / weights if weights else 0.0


def _ends(units: Sequence[Unit]) -> Floats:
    return np.array([unit[:2] for unit in units], dtype=float).reshape(-1, 2)
