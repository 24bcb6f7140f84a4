"""Run a target on many inputs, each bounded in time; what fails is kept by where it failed."""

import resource
import signal
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

from galley.errors import GalleyError
from tests.fuzz.mutator import draw
from tests.fuzz.others import OTHERS
from tests.fuzz.readers import READERS, check

TARGETS = (*READERS, *OTHERS)
LONGEST = 10  # seconds for an input of some kilobytes, on a machine that does other things too
_AT_ONCE = 500


@dataclass
class Tally:
    """What many inputs came to.

    Attributes:
        inputs: How many there were.
        refused: How many were refused with a reason, or in words for a person.
        failures: For each place in the code that failed, the number of an input and what it was.
        slowest: Seconds that the slowest took, and its number.
        memory: The most that a process had, in MB.
    """

    inputs: int = 0
    refused: int = 0
    failures: dict[str, tuple[int, str]] = field(default_factory=dict)
    slowest: tuple[float, int] = (0.0, -1)
    memory: int = 0

    def add(self, other: "Tally") -> None:
        """Add what other inputs came to."""
        self.inputs += other.inputs
        self.refused += other.refused
        self.failures = other.failures | self.failures
        self.slowest = max(self.slowest, other.slowest)
        self.memory = max(self.memory, other.memory)


def run_one(target: str, chance: Random, folder: Path) -> bool:
    """Run a target on one input and return whether it was refused.

    Raises:
        Exception: Whatever is no refusal.
    """
    if target in READERS:
        name, data, known = READERS[target](chance)
        return bool(check(name, data, **known).quarantine)
    make, _ = OTHERS[target]
    name, data = make(chance)
    (folder / name).write_bytes(data)
    return read_file(target, folder / name)


def read_file(target: str, path: Path) -> bool:
    """Read a file that is no raw file, and return whether it was refused in words."""
    _, read = OTHERS[target]
    try:
        read(path)
    except GalleyError as error:
        return bool(error.message)
    return False


def run_some(job: tuple[str, int, int]) -> Tally:
    """Run a target on the inputs from one number to another."""
    target, start, stop = job
    tally = Tally(stop - start)
    signal.signal(signal.SIGALRM, _too_long)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(start, stop):
            began = time.perf_counter()
            signal.setitimer(signal.ITIMER_REAL, LONGEST)
            try:
                tally.refused += run_one(target, draw(target, number), Path(folder))
            except Exception as error:  # noqa: BLE001 - what is raised is what is looked for
                tally.failures.setdefault(_where(error), (number, f"{error!r}"[:300]))
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            tally.slowest = max(tally.slowest, (time.perf_counter() - began, number))
            for path in Path(folder).iterdir():
                path.unlink()
    tally.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return tally


def run_many(target: str, inputs: int, *, workers: int = 1, start: int = 0) -> Tally:
    """Run a target on `inputs` inputs."""
    stops = range(start, start + inputs, _AT_ONCE)
    jobs = [(target, first, min(first + _AT_ONCE, start + inputs)) for first in stops]
    tally = Tally()
    if workers == 1:
        for job in jobs:
            tally.add(run_some(job))
        return tally
    with ProcessPoolExecutor(workers, get_context("forkserver")) as pool:
        for found in pool.map(run_some, jobs):
            tally.add(found)
    return tally


def _too_long(*_: Any) -> None:
    raise TimeoutError(f"more than {LONGEST} s")


def _where(error: Exception) -> str:
    """Name the last place in the project's code, which one mistake shares."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/galley/" in frame.filename] or frames
    last = own[-1]
    with suppress(ValueError):
        name = last.filename.split("/galley/")[-1]
        return f"{type(error).__name__} {name}:{last.lineno}"
    return repr(error)


def main(names: str, inputs: int, workers: int) -> None:
    """Run targets and say what came of them.

    Args:
        names: Of targets, with commas between; `all` for all.
        inputs: How many of each.
        workers: Processes.
    """
    for target in TARGETS if names == "all" else names.split(","):
        began = time.perf_counter()
        tally = run_many(target, inputs, workers=workers)
        took = time.perf_counter() - began
        slowest = f"slowest {tally.slowest[0]:.2f} s (#{tally.slowest[1]})"
        done = f"{tally.inputs:>7} in {took:.0f} s, {tally.refused} refused"
        print(f"{target:12} {done}, {slowest}, {tally.memory} MB", flush=True)  # noqa: T201
        for place, (number, what) in tally.failures.items():
            print(f"   #{number} {place}: {what}", flush=True)  # noqa: T201 - talks to a person


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
