"""The engine for several machines: Ray.

Every machine needs Galley, and the places that are read and written: a file system they
share, or an object store.
"""

import os
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from galley.build.engine import Engine, prepare
from galley.errors import ConfigError

Job = TypeVar("Job")
Result = TypeVar("Result")

# Jobs that wait at the cluster for each that runs: it never idles, and the driver never holds
# more than these.
_AHEAD = 2
_PATIENCE = 5  # seconds
_RETRIES = 5  # of a job whose machine is lost; a job that fails by itself fails the build


@contextmanager
def ray_engine(address: str) -> Iterator[Engine]:
    """Yield an engine that runs steps on a Ray cluster.

    A step is a function of its job, and what it writes counts only when it is whole: one whose
    machine is lost is run again elsewhere, to the same result.

    Args:
        address: Of the cluster; empty for RAY_ADDRESS, else for one on this machine.

    Raises:
        ConfigError: Ray is not installed, or there is no cluster at the address.
    """
    ray = _import()
    own = not ray.is_initialized()
    if own:
        place = address or os.environ.get("RAY_ADDRESS", "")
        try:
            _knock(place)
            ray.init(address=place or None, log_to_driver=False, logging_level="ERROR")
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"no Ray cluster at `{place}`: {error}",
                code="cluster_unreachable",
                hint="start one with `ray start --head`, or leave the address empty",
            ) from error
    try:
        yield _Runner(ray)
    finally:
        if own:
            ray.shutdown()


def _knock(address: str) -> None:
    """Find out whether anybody is at `address`: Ray itself goes on asking for minutes.

    Raises:
        OSError: There is nobody.
    """
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()


def _import() -> Any:
    try:
        import ray  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ConfigError(
            "the engine `ray` needs Ray, which is not installed",
            code="extra_missing",
            hint="`pip install galley-data[ray]`",
        ) from error
    return ray


class _Runner:
    """Runs a step for each of several jobs, on a cluster."""

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self._run = ray.remote(num_cpus=1, max_retries=_RETRIES)(_run)

    def __call__(
        self, step: Callable[[Job], Result], jobs: Iterable[Job], *, work: int
    ) -> Iterator[tuple[Job, Result]]:
        del work  # the cluster is there anyway
        waiting: dict[Any, Job] = {}
        for job in jobs:
            waiting[self._run.remote(step, job)] = job
            if len(waiting) >= _AHEAD * self._processors():
                yield self._next(waiting)
        while waiting:
            yield self._next(waiting)

    def _next(self, waiting: dict[Any, Job]) -> Any:
        (done,), _ = self._ray.wait(list(waiting), num_returns=1)
        return waiting.pop(done), self._ray.get(done)

    def _processors(self) -> int:
        return max(int(self._ray.cluster_resources().get("CPU", 1)), 1)


def _run(step: Callable[[Job], Result], job: Job) -> Result:
    prepare()
    return step(job)
