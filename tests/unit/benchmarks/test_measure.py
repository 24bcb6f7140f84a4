"""What a command took is measured whole: with its children, and theirs."""

import subprocess
import sys

import pytest

from benchmarks.measure import MeasureError, measure

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

_BURN = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"
_ALLOCATE = "import time\nx = b'x' * 60_000_000\ntime.sleep(1)\n"


def _child(code: str, *, wait: bool) -> list[str]:
    then = "p.wait()" if wait else ""
    return [
        sys.executable,
        "-c",
        f"import subprocess, sys\np = subprocess.Popen([sys.executable, '-c', {code!r}])\n{then}",
    ]


@pytest.mark.parametrize("wait", [True, False])
def test_the_processor_of_children_counts(*, wait: bool) -> None:
    """Also of one that outlives its parent."""
    assert measure(_child(_BURN, wait=wait)).cpu > 0.3


def test_the_memory_of_children_counts() -> None:
    """It is their sum at one moment."""
    run = measure(_child(_ALLOCATE, wait=True), weigh=True)
    assert 60e6 < run.pss < 160e6
    assert run.wall > 1


def test_a_failure_says_what_was_said() -> None:
    """The last words of the command are in the message."""
    with pytest.raises(MeasureError, match="no such luck"):
        measure([sys.executable, "-c", "raise SystemExit('no such luck')"])


def test_other_children_are_left_alone() -> None:
    """A child that was there before is neither waited for nor counted."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        assert measure(_child(_BURN, wait=False)).cpu > 0.3
        assert other.poll() is None
        other.communicate(b"\n", timeout=10)


def test_who_takes_too_long_is_ended() -> None:
    """With its children."""
    with pytest.raises(MeasureError, match="-9"):
        measure(_child("import time; time.sleep(60)", wait=True), limit=0.5)
