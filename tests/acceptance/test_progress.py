"""How far a step is: on a terminal a bar with rate and time left, elsewhere nothing."""

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(sys.executable).with_name("galley")
_LONG = """
import sys, time
from galley.cli.output import Output

with Output({options}).progress("records") as advance:
    for number in range(60):
        advance(number, {total})
        time.sleep(0.02)
"""


def on_terminal(command: list[Any], **environ: str) -> str:
    """Run a command whose stderr is a terminal, and return what it wrote there."""
    ours, theirs = pty.openpty()
    passed = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    passed |= {"TERM": "xterm", "COLUMNS": "100", **environ}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=passed)
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return said.decode()


def test_rate_and_time_left() -> None:
    """As soon as they are known."""
    said = on_terminal([sys.executable, "-c", _LONG.format(options="", total=60)])
    assert "records" in said
    assert "/60" in said
    assert "/s" in said
    assert "left" in said


def test_where_nobody_knows_how_many() -> None:
    """How many so far, and for how long."""
    said = on_terminal([sys.executable, "-c", _LONG.format(options="", total=0)])
    assert "records" in said
    assert "0:00:0" in said


@pytest.mark.parametrize("options", ["json=True", "quiet=True"])
def test_quiet(options: str) -> None:
    """Nothing is drawn for a program."""
    assert on_terminal([sys.executable, "-c", _LONG.format(options=options, total=60)]) == ""


_STEPS = (
    *(["build", "--force"], ["validate", "build/out/records"], ["datasheet"], ["diff"]),
    *(["release"], ["report"], ["verify", "releases/0.1.0"], ["schema", "check"], ["suggest"]),
    *(["export", "--format", "jsonl", "--out", "export"], ["agreement"]),
)


def test_every_step_that_may_take_long(galley: Any, workspace: Path) -> None:
    """Draws a bar on a terminal; into a pipe not a byte of one, as all other tests see."""
    for words in _STEPS:
        script = 'cd "$1"; shift; "$@" || test $? = 1'
        said = on_terminal(["bash", "-c", script, "-", workspace, PROGRAM, *words])
        assert "\x1b[" in said, words
    done = galley("build", "--force", cwd=workspace)
    assert "\x1b" not in done.stderr + done.stdout
