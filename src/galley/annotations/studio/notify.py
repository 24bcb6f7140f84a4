"""Tell a person what is going on."""

from collections.abc import Callable

# Is called with one short line for each thing that is begun.
Notify = Callable[[str], None]


def silent(message: str) -> None:
    """Tell nobody."""
    del message
