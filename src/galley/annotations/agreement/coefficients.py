"""Agreement of two people from a table of their answers, and Fleiss' kappa.

All are `(observed - expected) / (1 - expected)`; they differ in what chance would give. Sources:
Bennett, Alpert and Goldstein 1954 (S), Scott 1955 (pi), Cohen 1960 and 1968 (kappa), Fleiss
1971, Gwet 2008 (AC1) and Gwet 2014 (AC2); Artstein and Poesio 2008 compare them.
"""

from collections.abc import Sequence

import numpy as np

from galley.annotations.agreement.distances import Floats

Table = Sequence[Sequence[float]] | Floats


def observed(table: Table) -> float:
    """Return the share of answers that agree.

    Args:
        table: Counts: one person's answers in rows, the other's in columns.
    """
    return float(np.trace(_shares(table)))


def s_coefficient(table: Table) -> float:
    """Return S: chance gives each answer equally often."""
    return _corrected(observed(table), 1 / len(table))


def scott_pi(table: Table, distances: Floats | None = None) -> float:
    """Return pi: chance draws from the answers of both.

    Args:
        table: As in `observed`.
        distances: Between the answers, 0 to 1; None for equal or not.
    """
    shares = _shares(table)
    both = (shares.sum(axis=0) + shares.sum(axis=1)) / 2
    return _weighted(shares, np.outer(both, both), distances)


def cohen_kappa(table: Table, distances: Floats | None = None) -> float:
    """Return kappa: chance draws from each person's own answers; arguments as in `scott_pi`."""
    shares = _shares(table)
    return _weighted(shares, np.outer(shares.sum(axis=1), shares.sum(axis=0)), distances)


def gwet_ac(table: Table, distances: Floats | None = None) -> float:
    """Return AC1, or with `distances` AC2: chance is highest where answers are even.

    It stays high where nearly all answers are the same one, which lets kappa collapse.
    """
    shares, size = _shares(table), len(table)
    weights = 1 - (1.0 - np.eye(size) if distances is None else distances)
    both = (shares.sum(axis=0) + shares.sum(axis=1)) / 2
    expected = weights.sum() / (size * (size - 1)) * float((both * (1 - both)).sum())
    return _corrected(float((weights * shares).sum()), expected)


def fleiss_kappa(counts: Table) -> float:
    """Return Fleiss' kappa.

    Args:
        counts: How often each unit (row) was given each answer (column), each unit equally
            often.
    """
    table = np.asarray(counts, dtype=float)
    people = table.sum(axis=1)
    agree = ((table**2).sum(axis=1) - people) / (people * (people - 1))
    shares = table.sum(axis=0) / table.sum()
    return _corrected(float(agree.mean()), float((shares**2).sum()))


def _shares(table: Table) -> Floats:
    counts = np.asarray(table, dtype=float)
    return np.asarray(counts / counts.sum())


def _weighted(shares: Floats, chance: Floats, distances: Floats | None) -> float:
    weights = 1.0 - np.eye(len(shares)) if distances is None else distances
    expected = float((weights * chance).sum())
    return 1 - float((weights * shares).sum()) / expected if expected else float("nan")


def _corrected(share: float, chance: float) -> float:
    return (share - chance) / (1 - chance) if chance < 1 else float("nan")
