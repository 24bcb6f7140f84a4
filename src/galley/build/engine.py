"""What runs the steps of a build: this process, or a pool of them.

A step is a pure function of a job that names files to read and to write; nothing else in the
build knows what ran it.
"""

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import get_all_start_methods, get_context
from typing import Any, Protocol, TypeVar

from galley.config import BuildConfig
from galley.errors import WorkspaceError
from galley.lean import collect_seldom, end_with_parent, give_back, pack, unpack, without_pandas

Job = TypeVar("Job")
Result = TypeVar("Result")

_SHARED = ["galley.build.preload"]  # loads what every worker needs
# Starting processes takes as long as reading these bytes of raw files, or 64 short ones.
LITTLE = 16_000_000
SHORT = LITTLE // 64
# Bytes of a worker's pieces that it uses again: a batch's texts are some 3 MB, a row group's 6,
# and are copied several times. With pieces of 1 MB each has 8 MB less, for a tenth of the time; to
# keep all takes 14 MB more.
_KEPT = 1 << 23


class Engine(Protocol):
    """Runs a step for each of several jobs."""

    def __call__(
        self, step: Callable[[Job], Result], jobs: Iterable[Job], *, work: int
    ) -> Iterator[tuple[Job, Result]]:
        """Yield each job with what `step` returned, as they end.

        Args:
            step: What to do.
            jobs: What to do it for.
            work: How much that is: as reading so many bytes of raw files.
        """


def in_process(step: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[tuple[Job, Result]]:
    """Run `step` for each of `jobs`, one after another."""
    return ((job, step(job)) for job in jobs)


@contextmanager
def open_engine(config: BuildConfig) -> Iterator[Engine]:
    """Yield the engine that the settings ask for.

    Args:
        config: Names the engine, its address and the number of processes.
    """
    if config.engine == "ray":
        from galley.build.cluster import ray_engine  # noqa: PLC0415 - an extra

        with ray_engine(config.address) as engine:
            yield engine
    else:
        yield local_engine(workers=config.workers)


def warm_up(config: BuildConfig, work: int) -> None:
    """Let processes load what they need while this one still finds out what there is to do.

    Args:
        config: Names the engine and the number of processes.
        work: How much there will be: as reading so many bytes of raw files.
    """
    alone = config.workers == 1 or work < LITTLE
    if config.engine == "local" and not alone and "forkserver" in get_all_start_methods():
        from multiprocessing.forkserver import ensure_running  # noqa: PLC0415 - as few need it

        _context()
        ensure_running()


def processors(config: BuildConfig) -> int:
    """Return how many processors one step may use; a cluster shares them out by itself."""
    return _count(config.workers) if config.engine == "local" else 1


def _count(workers: int) -> int:
    return workers or os.cpu_count() or 1


def local_engine(*, workers: int) -> Engine:
    """Return an engine for this machine: several processes where there is work for them.

    Args:
        workers: How many processes; 0 for one per core.
    """
    number = _count(workers)

    def run(
        step: Callable[[Job], Result], jobs: Iterable[Job], *, work: int
    ) -> Iterator[tuple[Job, Result]]:
        waiting = iter(jobs)
        some = list(islice(waiting, 2))
        if number == 1 or work < LITTLE or len(some) < 2:
            yield from in_process(step, chain(some, waiting))
            return
        # Processes of its own for each step: what they hold goes with them, and they start
        # quickly, of one that has loaded it all.
        pool = ProcessPoolExecutor(number, _context(), prepare)
        try:
            # The names of all files would be most of what this process holds.
            packed = map(pack, chain(some, waiting))
            running = {pool.submit(_run, step, job): job for job in packed}
            some.clear()
            _give_back()  # while they start
            for future in as_completed(list(running)):
                yield unpack(running.pop(future)), future.result()
        except BrokenProcessPool as error:
            raise WorkspaceError(
                "a process of the build was killed, as when there is too little memory",
                code="worker_killed",
                hint="run the same command again, with fewer processes: GALLEY_BUILD_WORKERS=2",
            ) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        pool.shutdown()

    return run


def _give_back() -> None:
    """Give back what is held of no job any more, and the objects that Python keeps for others."""
    import pyarrow as pa  # noqa: PLC0415 - after pandas is out of reach

    gc.collect()
    pa.default_memory_pool().release_unused()


def _run(step: Callable[[Any], Result], job: bytes) -> Result:
    """Run a step in a worker, and give back the memory that it used."""
    import pyarrow as pa  # noqa: PLC0415 - after pandas is out of reach

    try:
        return step(unpack(job))
    finally:
        pa.default_memory_pool().release_unused()


def _context() -> Any:
    """Return how processes are made: where it can be done, of one that has loaded it all."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(_SHARED)
    return context


def prepare() -> None:
    """Keep a worker small, and let it end with the build that it belongs to."""
    end_with_parent()
    give_back(_KEPT)
    gc.freeze()  # what is shared with the others stays shared: nothing looks at it again
    collect_seldom()
    import pyarrow as pa  # noqa: PLC0415 - the engine may be another

    with without_pandas():
        pa.array([])

    # The others keep what was freed: half as much again.
    pa.set_memory_pool(pa.system_memory_pool())
    # The other processors have workers of their own, and each thread keeps what it freed.
    pa.set_cpu_count(1)
