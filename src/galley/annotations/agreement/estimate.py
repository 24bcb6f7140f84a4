"""A measured value with its interval: a bootstrap that draws records, under a seed."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from galley.annotations.agreement.distances import Floats

# Returns one value for each row of weights, or for None one value for all records once each.
Measure = Callable[[Floats | None], Floats]
ROUNDS = 500
CONFIDENCE = 0.95
# Cells of one table of weights: more records are drawn in smaller lots.
_CELLS = 4_000_000
_DIGITS = 4


@dataclass(frozen=True)
class Estimate:
    """A value and its interval of 95 %.

    Attributes:
        value: The value; None where it is not defined, because there was nothing to disagree
            about.
        low: The lower end; None where too few draws gave a value.
        high: The upper end.
        records: How many records it rests on.
    """

    value: float | None
    low: float | None
    high: float | None
    records: int

    def to_json(self) -> dict[str, float | int | None]:
        """Return the object that `--json` and a release have."""
        return {"value": self.value, "low": self.low, "high": self.high, "records": self.records}

    def __str__(self) -> str:
        """Return it as people read it."""
        if self.value is None:
            return "not defined"
        inside = "" if self.low is None else f" [{self.low:.3f}, {self.high:.3f}]"
        return f"{self.value:.3f}{inside}"


def estimate(measure: Measure, records: int, *, seed: int, rounds: int = ROUNDS) -> Estimate:
    """Return a measure with its percentile interval.

    Args:
        measure: Computes the value under weights of the records.
        records: How many there are.
        seed: Of the draws: the same gives the same interval.
        rounds: How many draws.
    """
    if not records:
        return Estimate(None, None, None, 0)
    value = float(measure(None)[0])
    drawn = np.concatenate([measure(part) for part in _draws(records, seed, rounds)])
    drawn = drawn[~np.isnan(drawn)]
    if math.isnan(value) or 2 * len(drawn) < rounds or records < 2:
        return Estimate(_rounded(value), None, None, records)
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(_rounded(value), _rounded(low), _rounded(high), records)


def _draws(records: int, seed: int, rounds: int) -> Iterator[Floats]:
    """Yield how often each record was drawn, a row for each round.

    Only the bits are drawn by numpy: of its generators they alone are the same in every version.
    """
    bits = np.random.PCG64(seed)
    lot = max(1, _CELLS // records)
    for start in range(0, rounds, lot):
        size = min(lot, rounds - start)
        drawn = bits.random_raw((size, records)) >> np.uint64(32)
        numbers = (drawn * np.uint64(records)) >> np.uint64(32)
        rows = np.arange(size, dtype=np.uint64)[:, None] * np.uint64(records)
        counts = np.bincount((numbers + rows).ravel().astype(np.int64), minlength=size * records)
        yield counts.reshape(size, records).astype(float)


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), _DIGITS)
