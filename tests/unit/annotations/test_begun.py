"""Work that is begun while something else is waited for."""

from collections.abc import Iterator
from threading import Event

import pytest

from galley.annotations.begun import begun


def test_all_in_order() -> None:
    """What was made ahead comes first, and the rest after it, each once."""
    for number in (0, 3, 10, 20):
        with begun(iter(range(10)), number) as items:
            assert list(items) == list(range(10))


def test_ahead_and_no_further() -> None:
    """So many are made without being asked for, and not one more."""
    made: list[int] = []
    with begun((made.append(n) or n for n in range(10)), 3) as items:
        assert next(items) == 0
    assert made == [0, 1, 2]


def test_each_as_soon_as_made() -> None:
    """The first is there while the second is still being made."""
    may_go_on = Event()

    def slow() -> Iterator[int]:
        yield 1
        assert may_go_on.wait(10)
        yield 2

    with begun(slow(), 2) as items:
        assert next(items) == 1
        may_go_on.set()
        assert list(items) == [2]


def test_failure_comes_in_its_place() -> None:
    """What was made before a failure is had before the failure is."""

    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("the second")

    with begun(failing(), 5) as items:
        assert next(items) == 1
        with pytest.raises(ValueError, match="the second"):
            next(items)
