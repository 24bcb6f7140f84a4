"""Measure Galley beside others: `make bench`.

Each part's results are kept as soon as it is done (benchmarks/results); the page is written from
all that are kept, so a part can be measured again by itself.
"""

import argparse
import os
import sys
from pathlib import Path

from benchmarks.contest import tell
from benchmarks.corpus import parse_size
from benchmarks.kept import keep, write
from benchmarks.machine import describe
from benchmarks.measure import MeasureError
from benchmarks.parts import PARTS, Course
from benchmarks.places import RESULTS, RIVALS


def main() -> int:
    """Measure what was asked for and write the page."""
    parser = _parser()
    options = parser.parse_args()
    chosen = options.only.split(",") if options.only else list(PARTS)
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}: {', '.join(PARTS)}")
    if not RIVALS.exists():
        tell("the rivals are not installed: run `make bench`")
        return 2
    sizes = tuple(map(parse_size, options.growth.split(",")))
    course = Course(
        options.size, sizes, options.rounds, options.limit, options.names, options.wires
    )
    machine = describe()  # once: with what is written below the commit is a dirty one
    failed = False
    for name in chosen:
        tell(f"\n{name}")
        load = os.getloadavg()[0]
        try:
            result = PARTS[name](course)
        except MeasureError as error:
            tell(f"{name} is left out: {error}")
            failed = True
            continue
        keep(name, {"size": course.size, "load": load, "machine": machine, **result})
        write()
    print(RESULTS.read_text(encoding="utf-8"))
    return int(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--size", type=parse_size, default="200MB", help="of the corpus")
    parser.add_argument("--growth", default="50MB,200MB", help="sizes to compare, the least first")
    parser.add_argument("--rounds", type=int, default=3, help="that are timed")
    parser.add_argument("--limit", type=float, default=600, help="seconds for one run")
    parser.add_argument("--names", type=Path, help="a folder of corpora with marked names")
    parser.add_argument("--wires", type=Path, help="a folder of wires with topics, as JSON")
    parser.add_argument("--only", default="", help=f"parts, with commas: {', '.join(PARTS)}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
