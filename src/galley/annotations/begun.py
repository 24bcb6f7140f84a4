"""Begin with work while something else is waited for."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


@contextmanager
def begun(items: Iterator[Item], number: int) -> Iterator[Iterator[Item]]:
    """Yield `items`, the first `number` of which are made at once, in the background."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield _all(pool.submit(lambda: list(islice(items, number))), items)


def _all(first: Future[list[Item]], rest: Iterator[Item]) -> Iterator[Item]:
    yield from first.result()
    yield from rest
