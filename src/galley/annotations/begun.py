"""Begin with work while something else is waited for."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from queue import SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")


@contextmanager
def begun(items: Iterator[Item], number: int) -> Iterator[Iterator[Item]]:
    """Yield `items`, the first `number` of which are made at once, in the background.

    Each of them can be had as soon as it is made.
    """
    made: SimpleQueue[tuple[Item, ...]] = SimpleQueue()

    def make() -> None:
        try:
            for item in islice(items, number):
                made.put((item,))
        finally:
            made.put(())

    with ThreadPoolExecutor(max_workers=1) as pool:
        yield _all(made, pool.submit(make), items)


def _all(
    made: SimpleQueue[tuple[Item, ...]], making: Future[None], rest: Iterator[Item]
) -> Iterator[Item]:
    while found := made.get():
        yield from found
    making.result()  # raises what it failed with
    yield from rest
