"""Several processes, for what takes long."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from typing import Any, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def workers_of(wanted: int) -> int:
    """Return how many processes `wanted` stands for: 0 is one per core."""
    return wanted or os.cpu_count() or 1


@contextmanager
def open_pool(
    workers: int, prepare: Callable[..., None] | None = None, *shared: Any
) -> Iterator[Executor]:
    """Yield processes that `prepare` was called in with `shared`."""
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - most need none

    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    with ProcessPoolExecutor(workers, get_context(method), prepare, shared) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def in_order(
    pool: Executor, step: Callable[[Job], Result], jobs: Iterable[Job], *, ahead: int
) -> Iterator[Result]:
    """Yield what `step` returns for each of `jobs`, in their order.

    Args:
        pool: Where they run.
        step: A function of a module.
        jobs: Taken as they are needed.
        ahead: How many of them may be under way.
    """
    waiting: deque[Future[Result]] = deque()
    for job in jobs:
        waiting.append(pool.submit(step, job))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
