"""Try again what a network may have lost, after looking at what is there."""

import time
from collections.abc import Callable
from typing import TypeVar

from galley.config import NetworkConfig
from galley.errors import ReleaseError
from galley.network import pauses

LOST = "hub_unreachable"
"""The code of a failure after which nobody knows whether the request took effect."""

_Result = TypeVar("_Result")


def persist(step: Callable[[], _Result], network: NetworkConfig) -> _Result:
    """Return what `step` returns, run again after each failure that may be a lost answer.

    Args:
        step: Looks at the state of things first: what an earlier run of it did is not done twice.
        network: How often; no more once all of it has taken longer than one request may.

    Raises:
        ReleaseError: `step` failed for good, or too often.
    """
    until = time.monotonic() + network.total
    for pause in pauses(network):
        try:
            return step()
        except ReleaseError as error:
            if error.code != LOST or time.monotonic() > until:
                raise
        time.sleep(pause)
    return step()
