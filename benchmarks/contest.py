"""Several contenders, one after another, round after round, on the same files."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import MeasureError, Run, measure

Command = Sequence[str | Path]


@dataclass(frozen=True)
class Contender:
    """Somebody who takes part.

    Attributes:
        name: What the table calls it.
        command: What it runs, given a folder of its own that does not exist yet.
        prepare: Is given the same folder before each run; not measured.
        environ: Variables for it alone.
        result: Where below its folder its output is, for the number of bytes.
    """

    name: str
    command: Callable[[Path], Command]
    prepare: Callable[[Path], object] = lambda folder: folder
    environ: dict[str, str] = field(default_factory=dict)
    result: str = "."

    @property
    def folder(self) -> str:
        """Its name as one of a folder."""
        return re.sub(r"\W+", "-", self.name)


@dataclass
class Score:
    """What a contender's runs took.

    Attributes:
        name: Of the contender.
        walls: Seconds, of each round.
        cpus: Seconds of processor, of each round.
        pss: Peak memory, in bytes, of the round before the first.
        size: Bytes of its Parquet.
        said: What it printed in the last round.
        failed: Whether it did not get through.
    """

    name: str
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    pss: int = 0
    size: int = 0
    said: str = ""
    failed: bool = False

    def note(self, run: Run, *, weighed: bool) -> None:
        """Keep what a run took."""
        self.said = run.said
        if weighed:
            self.pss = run.pss
        else:
            self.walls.append(run.wall)
            self.cpus.append(run.cpu)


def compete(
    contenders: Sequence[Contender], folder: Path, *, rounds: int, limit: float
) -> list[dict[str, Any]]:
    """Let all contenders run, and return their scores in the same order.

    In the round before the first, memory is watched, files come into the cache and modules are
    compiled; it is not timed. Each round begins with another contender.

    Args:
        contenders: Who takes part.
        folder: For their output; the last one of each is kept.
        rounds: Rounds that are timed.
        limit: Seconds for one run; who takes longer is out.
    """
    scores = [Score(contender.name) for contender in contenders]
    for number in range(rounds + 1):
        shift = number % len(contenders)
        order = [*range(shift, len(contenders)), *range(shift)]
        for index in order:
            if not scores[index].failed:
                _run(contenders[index], scores[index], folder, weigh=number == 0, limit=limit)
    return [asdict(score) for score in scores]


def _run(contender: Contender, score: Score, folder: Path, *, weigh: bool, limit: float) -> None:
    own = folder / contender.folder
    shutil.rmtree(own, ignore_errors=True)
    own.parent.mkdir(parents=True, exist_ok=True)
    contender.prepare(own)
    os.sync()  # what others wrote is no burden of this one
    try:
        run = measure(contender.command(own), environ=contender.environ, weigh=weigh, limit=limit)
    except MeasureError as error:
        score.failed = True
        tell(f"{contender.name:28} did not get through: {error}")
        return
    score.note(run, weighed=weigh)
    result = own / contender.result
    score.size = sum(path.stat().st_size for path in result.rglob("*.parquet"))
    memory = f"  {run.pss / 1e6:6.0f} MB" if weigh else ""
    tell(f"{contender.name:28} {run.wall:7.2f} s  {run.cpu:7.2f} s of processor{memory}")


def ratio(one: dict[str, Any], other: dict[str, Any]) -> float | None:
    """Return how many times `other`'s wall time `one` took: the median of the rounds' ratios."""
    pairs = list(zip(one["walls"], other["walls"], strict=False))
    return median(a / b for a, b in pairs) if pairs else None


def tell(line: str) -> None:
    """Tell a person how far it is."""
    print(line, file=sys.stderr, flush=True)
