"""Who runs the steps of a build: this process, or several others."""

import os

import pytest

from galley.build.engine import LITTLE, local_engine


def whose(job: int) -> tuple[int, int]:
    """Return a job and the process that does it."""
    return job, os.getpid()


@pytest.mark.parametrize(
    ("jobs", "work", "workers", "alone"),
    [
        (0, LITTLE, 2, True),
        (1, LITTLE, 2, True),  # one other process gains nothing, and takes its time to start
        (3, LITTLE, 2, False),
        (3, LITTLE - 1, 2, True),
        (3, LITTLE, 1, True),
    ],
)
def test_processes_where_there_is_work(jobs: int, work: int, workers: int, *, alone: bool) -> None:
    """Each job is done once; by others only where several have something to do."""
    found = list(local_engine(workers=workers)(whose, iter(range(jobs)), work=work))
    assert sorted(job for job, _ in found) == list(range(jobs))
    assert all(job == done for job, (done, _) in found)
    assert {process == os.getpid() for _, (_, process) in found} <= {alone}
