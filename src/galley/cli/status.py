"""`galley status`: where the dataset stands."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace
from galley.lean import without_pandas

if TYPE_CHECKING:
    from galley.workspace.status import Status

# Seconds between two looks.
_PERIOD = 2.0
# What is nowhere before the first build or release; the others may be known to other machines.
_FIRST = ("source_files", "records", "released")
_CLEAR = "\033[H\033[2J"


@click.command()
@click.option("--watch", is_flag=True, help="Go on, and say it again whenever it has changed.")
@with_workspace
@with_output
def command(folder: Path, watch: bool, *, output: Output) -> None:
    """Show where the dataset stands, and what to do next.

    How many raw files, records, corrections and released rows there are, what is out of date
    and why, what waits for a person, and the next command to run. Nothing is asked over a
    network: what is pushed and published is what was done from this machine.
    """
    with without_pandas():
        for status in _changes(folder) if watch else [Workspace.open(folder).status()]:
            if watch and sys.stdout.isatty() and not output.json:
                click.echo(_CLEAR, nl=False)
            output.result(status.to_json(), *_lines(status))


def _changes(folder: Path) -> "Iterator[Status]":
    last = None
    while True:
        began, now = time.monotonic(), Workspace.open(folder).status()
        if now != last:
            yield now
        last = now
        time.sleep(max(0.0, _PERIOD - (time.monotonic() - began)))


def _lines(status: "Status") -> Iterator[str]:
    yield f"{status.name}{f', release {status.release}' if status.release else ''}"
    for name, number in status.to_json()["funnel"].items():
        nothing = "none yet" if name in _FIRST else "none from here"
        said = nothing if number is None else f"{number:,}"
        yield f"  {name.replace('_', ' '):<13} {said:>14}"
    for item in status.stale:
        yield f"stale: {item.what}: {item.why}"
    for queue in status.queues:
        yield f"waiting: {queue.waiting:,} {queue.what} ({queue.command})"
    yield f"next: {status.next} ({status.because})" if status.next else "nothing to do"
