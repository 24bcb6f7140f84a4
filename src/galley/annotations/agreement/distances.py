"""How far two values lie apart, for Krippendorff's alpha.

Each function returns a symmetric matrix with a zero diagonal. Those of sets take the tags of a
record as one value. MASI is in use under three formulas that differ in the second digit: the
one reported by Galley is Passonneau's of 2006 (`masi`); `nltk` rounds its factors, and `dkpro`
multiplies distances where Passonneau multiplies similarities.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Tags = frozenset[str]

MASI = "MASI, Passonneau 2006: 1 - Jaccard x monotonicity (1, 2/3, 1/3, 0)"


def nominal(size: int) -> Floats:
    """Return the distances of `size` values that are only equal or not."""
    return 1.0 - np.eye(size)


def interval(values: Sequence[float]) -> Floats:
    """Return squared differences."""
    numbers = np.asarray(values, dtype=float)
    return np.asarray((numbers[:, None] - numbers[None, :]) ** 2)


def ratio(values: Sequence[float]) -> Floats:
    """Return squared differences by sums; zero and zero lie together."""
    numbers = np.asarray(values, dtype=float)
    sums = numbers[:, None] + numbers[None, :]
    return np.asarray(((numbers[:, None] - numbers[None, :]) / np.where(sums, sums, 1)) ** 2)


def ordinal(totals: Sequence[float]) -> Floats:
    """Return the distances of ranks: how many values lie between, squared.

    Args:
        totals: How often each value was given, in the order of the ranks.

    Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section E.
    """
    counts = np.asarray(totals, dtype=float)
    middle = np.cumsum(counts) - counts / 2
    return np.asarray((middle[:, None] - middle[None, :]) ** 2)


def masi(values: Sequence[Tags], steps: tuple[float, float] = (2 / 3, 1 / 3)) -> Floats:
    """Return 1 - Jaccard x monotonicity, the distance of two sets.

    Args:
        values: The sets.
        steps: The monotonicity of a set and a part of it, and of two that overlap.

    Source: Passonneau 2006, Measuring Agreement on Set-valued Items (MASI).
    """
    return _matrix(values, lambda a, b: 1 - _jaccard(a, b) * _monotonicity(a, b, steps))


def masi_nltk(values: Sequence[Tags]) -> Floats:
    """Return MASI as nltk has it, with 0.67 and 0.33."""
    return masi(values, (0.67, 0.33))


def masi_dkpro(values: Sequence[Tags]) -> Floats:
    """Return MASI as dkpro-statistics has it: a product of two distances."""
    steps = (2 / 3, 1 / 3)
    return _matrix(values, lambda a, b: (1 - _jaccard(a, b)) * (1 - _monotonicity(a, b, steps)))


def overlap(values: Sequence[Tags]) -> Floats:
    """Return 0 for equal sets, 1/3 for a part, 2/3 where they overlap, 1 where they do not.

    Source: Passonneau 2004, Computing Reliability for Coreference Annotation.
    """
    return _matrix(values, lambda a, b: 1 - _monotonicity(a, b, (2 / 3, 1 / 3)))


def jaccard(values: Sequence[Tags]) -> Floats:
    """Return 1 - Jaccard."""
    return _matrix(values, lambda a, b: 1 - _jaccard(a, b))


def _jaccard(one: Tags, other: Tags) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0


def _monotonicity(one: Tags, other: Tags, steps: tuple[float, float]) -> float:
    if one == other:
        return 1.0
    if one <= other or other <= one:
        return steps[0]
    return steps[1] if one & other else 0.0


def _matrix(values: Sequence[Tags], distance: Callable[[Tags, Tags], float]) -> Floats:
    matrix = np.zeros((len(values), len(values)))
    for row, one in enumerate(values):
        for column in range(row):
            matrix[row, column] = matrix[column, row] = distance(one, values[column])
    return matrix
