"""Machines as they are: no room, no right, a clock that jumps, and two who want the same."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from galley.desk import Workspace
from galley.ledger import Event
from tests.acceptance.conftest import correct
from tests.crash.stage import Theatre, copy, snapshot, theatre
from tests.crash.test_crashes import Play

YEAR = 365 * 24 * 3600.0
Bases = Callable[[str], Path]
# What somebody is told who wants what another command is at.
BUSY = {"build_running", "folder_busy", "server_busy"}


def of(quick: list[str], *others: str) -> list[Any]:
    """Return the names of cases, most of which are for the long run."""
    return [*quick, *(pytest.param(name, marks=pytest.mark.torture) for name in others)]


@pytest.mark.parametrize(
    "name", of(["build", "release", "retract", "adopt", "forget"], "suggest", "publish", "yank")
)
def test_nothing_may_be_written(name: str, bases: Bases, players: Theatre, tmp_path: Path) -> None:
    """One clear error, and all is as before."""
    play = Play(name, bases(name), players, tmp_path)
    copy(play.base, play.folder)
    before = snapshot(play.folder)
    done = play.run(0, "seal")
    assert (done.code, done.error) == (2, "no_access"), done.out + done.err
    assert snapshot(play.folder) == before
    assert play.run().code in play.case.codes
    assert play.differences() == {}


@pytest.mark.parametrize(("name", "limit"), [("build", 3000), ("release", 1000), ("suggest", 1000)])
def test_files_that_end_too_soon(
    name: str, limit: int, bases: Bases, players: Theatre, tmp_path: Path
) -> None:
    """The system itself refuses what is longer: written by Python and by others alike."""
    play = Play(name, bases(name), players, tmp_path)
    copy(play.base, play.folder)
    players.environ["CRASH_LIMIT"] = str(limit)
    done = play.run()
    del players.environ["CRASH_LIMIT"]
    assert (done.code, done.error) == (2, "disk_full"), done.out + done.err
    assert play.run().code == 0
    assert play.differences() == {}


@pytest.mark.parametrize("cut", [1, 40, -2])
def test_a_torn_line_of_the_ledger(cut: int, bases: Bases, tmp_path: Path) -> None:
    """What a crash cut short was promised to nobody: all else stands, and more is added."""
    folder = copy(bases("release"), tmp_path / "workspace")
    desk = Workspace.open(folder)
    path = next(desk.layout.ledger.glob("*.jsonl"))
    whole = path.read_bytes()
    last = whole[whole[:-1].rindex(b"\n") + 1 :]
    path.write_bytes(whole[: len(whole) - len(last)] + last[:cut])
    assert len(desk.ledger.events()) == whole.count(b"\n") - 1
    release = desk.release()
    assert release.created
    assert desk.ledger.append([_again(desk)]) == 1
    assert len(desk.ledger.events()) == whole.count(b"\n")
    assert Workspace.verify(release.path) == []


def _again(desk: Workspace) -> Event:
    return correct(next(iter(desk.records())), ["sport"], 15)


@pytest.mark.parametrize("shift", [YEAR, -YEAR])
def test_a_clock_that_jumped(shift: float, bases: Bases, players: Theatre, tmp_path: Path) -> None:
    """What was built by another clock is seen to be old when a raw file changes."""
    play = Play("build", bases("build"), players, tmp_path)
    players.environ["CRASH_CLOCK"] = str(shift)
    assert play.run().code == 0
    copy(play.base, play.folder)
    assert play.run().code == 0
    del players.environ["CRASH_CLOCK"]
    assert play.differences() == {}
    raw = min(path for path in (play.folder / "build/raw").rglob("*.txt"))
    text = raw.read_text(encoding="utf-8")
    raw.write_text(text.replace("the", "one", 1), encoding="utf-8")
    assert play.run().code == 0
    found = snapshot(play.folder)
    shutil.rmtree(play.folder / "build/out")
    assert play.run().code == 0
    ours = {name: digest for name, digest in snapshot(play.folder).items() if "records" in name}
    assert (
        {name: found.get(name) for name in ours}
        == ours
        != {name: play.wanted.get(name) for name in ours}
    )


@pytest.mark.parametrize("shift", [YEAR, -YEAR])
@pytest.mark.parametrize("name", of(["release-next", "adopt"], "suggest", "retract", "publish"))
def test_what_no_clock_changes(
    name: str, shift: float, bases: Bases, players: Theatre, tmp_path: Path
) -> None:
    """The same files come of it, whatever the clock says."""
    play = Play(name, bases(name), players, tmp_path)
    copy(play.base, play.folder)
    players.environ["CRASH_CLOCK"] = str(shift)
    done = play.run()
    del players.environ["CRASH_CLOCK"]
    assert done.code in play.case.codes, done.out + done.err
    assert play.differences() == {}


@pytest.mark.parametrize("name", ["build", "release-next", "retract", "publish", "adopt", "forget"])
def test_two_at_once(name: str, bases: Bases, players: Theatre, tmp_path: Path) -> None:
    """The second is told so, or finds nothing to do; the first ends as if it were alone."""
    play = Play(name, bases(name), players, tmp_path)
    with theatre(tmp_path / "other") as others:
        copy(play.base, play.folder)
        players.start(play.folder, play.words, len(play.effects) // 2, "stop")
        until_stopped(players.pid)
        second = others.run(play.folder, play.words)
        os.kill(players.pid, signal.SIGCONT)
        first = players.end()
    assert first.code in play.case.codes, first.out + first.err
    assert second.code == 2, second.out + second.err
    assert second.error in BUSY, second.out
    assert play.differences() == {}


def until_stopped(pid: int) -> None:
    """Wait until a process stands still."""
    until = time.monotonic() + 60
    while Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "T":
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("way", ["one", "kill"])
def test_workers(way: str, bases: Bases, tmp_path: Path) -> None:
    """A worker that is killed ends the build with one error; the next one comes to the same end."""
    with theatre(tmp_path / "pool", CRASH_POOL="1", GALLEY_BUILD_WORKERS="2") as players:
        play = Play("build", bases("build"), players, tmp_path)
        inside = [n for n, line in enumerate(play.effects) if "records.arrow" in line]
        assert inside
        for at in inside[len(inside) // 2 :: len(inside)]:
            copy(play.base, play.folder)
            done = play.run(at, way)
            if way == "one":
                assert (done.code, done.error) == (2, "worker_killed"), done.out + done.err
            else:
                assert done.code == -9
            assert play.run().code == 0
            assert play.differences() == {}
