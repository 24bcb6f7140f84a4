"""Try again what a network may have lost, after looking at what is there."""

import time
from collections.abc import Callable
from typing import TypeVar

from galley.errors import ReleaseError

LOST = "hub_unreachable"
"""The code of a failure after which nobody knows whether the request took effect."""

_WAITS = (0.5, 1.0, 2.0, 4.0)
_Result = TypeVar("_Result")


def persist(step: Callable[[], _Result], waits: tuple[float, ...] = _WAITS) -> _Result:
    """Return what `step` returns, run again after each failure that may be a lost answer.

    Args:
        step: Looks at the state of things first: what an earlier run of it did is not done twice.
        waits: Seconds before each further run.

    Raises:
        ReleaseError: `step` failed for good, or once more than there are waits.
    """
    for wait in waits:
        try:
            return step()
        except ReleaseError as error:
            if error.code != LOST:
                raise
        time.sleep(wait)
    return step()
