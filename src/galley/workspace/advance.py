"""How the library says how far it is."""

from collections.abc import Callable

# `advance(done, total)`, in the step's own unit.
Advance = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Take no notice of progress."""
    del done, total
