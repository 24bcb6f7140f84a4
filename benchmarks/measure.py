"""Run a command and measure it whole: wall clock, processor, memory of all its processes.

Linux only: memory is the sum of the proportional set sizes (PSS) in /proc, which count a page
that several processes share once. Reading them costs the processes time, so a run is either
timed or weighed.
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

_EVERY = 0.05  # seconds between two looks at the memory
_PATIENCE = 10.0  # seconds that processes may outlive the command
_SUBREAPER = 36  # prctl: orphans below this process become its children
_PROC = Path("/proc")


class MeasureError(Exception):
    """A command failed, or took longer than it may."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a command took.

    Attributes:
        wall: Seconds from start to exit.
        cpu: Seconds of processor, of all processes below it, in user and system mode.
        pss: Peak memory of all its processes in bytes; 0 where it was timed and not weighed.
        said: What it printed on stdout.
    """

    wall: float
    cpu: float
    pss: int
    said: str


def measure(
    command: Sequence[str | Path],
    *,
    environ: Mapping[str, str] | None = None,
    weigh: bool = False,
    limit: float = 600,
) -> Run:
    """Run `command` to its end.

    Args:
        command: A program and its arguments.
        environ: Variables beside those of this process.
        weigh: Whether to watch its memory.
        limit: Seconds it may take.

    Raises:
        MeasureError: It failed, or took too long.
    """
    _adopt_orphans()
    begun = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        env={**_environ(), **(environ or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    stop, peak = Event(), [0]
    threads = [Thread(target=_watch, args=(process.pid, stop, peak))] if weigh else []
    output = {"out": b"", "err": b""}
    for key, stream in (("out", process.stdout), ("err", process.stderr)):
        threads.append(Thread(target=_drain, args=(stream, output, key), daemon=True))
    for thread in threads:
        thread.start()
    code, cpu = _wait(process, begun + limit)
    wall = time.perf_counter() - begun
    cpu += _reap(process.pid)
    stop.set()
    for thread in threads:
        thread.join(_PATIENCE)
    if code:
        last = output["err"].decode(errors="replace")[-1500:]
        raise MeasureError(f"{' '.join(map(str, command))} ended with {code}:\n{last}")
    return Run(wall, cpu, peak[0], output["out"].decode(errors="replace"))


def _environ() -> dict[str, str]:
    """Return the variables of this process: none that keeps modules from being compiled."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def _adopt_orphans() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)


def _drain(stream: "subprocess._FILE", output: dict[str, bytes], key: str) -> None:
    with stream:  # type: ignore[union-attr]
        output[key] = stream.read()  # type: ignore[union-attr]


def _wait(process: subprocess.Popen[bytes], deadline: float) -> tuple[int, float]:
    """Return the exit code and the seconds of processor; a command that takes too long is ended."""
    done = Event()
    seconds = deadline - time.perf_counter()
    Thread(target=_end_after, args=(process.pid, seconds, done), daemon=True).start()
    # Blocks in the kernel; `Popen.wait` with a timeout would look now and then.
    _, status, usage = os.wait4(process.pid, 0)
    done.set()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime


def _end_after(session: int, seconds: float, done: Event) -> None:
    if not done.wait(seconds):
        _kill(session)


def _kill(session: int) -> None:
    for pid in _members(session):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _reap(session: int) -> float:
    """Wait for what outlived the command, and return the processor that it used.

    Other children of this process are nobody's business here.
    """
    cpu = 0.0
    deadline = time.perf_counter() + _PATIENCE
    while members := _members(session):
        for pid in members:
            cpu += _reap_one(pid)
        if time.perf_counter() > deadline:
            _kill(session)
        time.sleep(0.01)
    return cpu


def _reap_one(pid: int) -> float:
    try:
        _, _, usage = os.wait4(pid, os.WNOHANG)
    except ChildProcessError:  # its parent is still there
        return 0.0
    return usage.ru_utime + usage.ru_stime


def _watch(session: int, stop: Event, peak: list[int]) -> None:
    while not stop.is_set():
        peak[0] = max(peak[0], sum(map(_pss, _members(session))))
        stop.wait(_EVERY)


def _members(session: int) -> list[int]:
    """Return the processes of a session."""
    found = []
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(") ")[2].split()
            except OSError:
                continue  # it is gone
            if int(fields[3]) == session:
                found.append(int(folder.name))
    return found


def _pss(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
