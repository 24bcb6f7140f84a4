"""Push, pull and run, killed at any effect and run again, against a real Label Studio."""

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from galley.desk import Workspace
from tests.crash.stage import Run, Theatre, snapshot, theatre
from tests.crash.test_machines import until_stopped
from tests.e2e.studio.conftest import desk  # noqa: F401 - a fixture
from tests.e2e.studio.desk import Desk
from tests.e2e.studio.test_kills import Story

# `send`: half of a request is sent, or all of it, and nobody waits for the answer.
_WAYS = ("kill", "send", "power")


@pytest.fixture
def players(desk: Desk, tmp_path: Path) -> Iterator[Theatre]:  # noqa: F811 - the fixture
    """Yield what runs commands that speak to the server."""
    environ = desk.environ | {"GALLEY_STUDIO_BATCH": "2"}
    with theatre(tmp_path.with_name(f"{tmp_path.name}-theatre"), **environ) as running:
        yield running


class Trial:
    """A workspace whose records grow and change, and commands that are killed."""

    def __init__(self, desk: Desk, players: Theatre, word: str) -> None:  # noqa: F811
        self.story, self.players, self.word = Story(desk, 3), players, word
        assert self.run().code == 0
        self.story.desk.run("push")
        self.story.desk.run("pull")

    def run(self, at: int = -1, way: str = "kill") -> Run:
        """Run the command."""
        words = [self.word, "--json"] if self.story.desk.number_of_tasks() else ["push", "--json"]
        return self.players.run(self.story.desk.folder, words, at, way)

    def strike(self, at: int, way: str) -> bool:
        """Kill the command at an effect, run it again and look; return whether it was killed."""
        self.story.go_on()
        if self.word == "pull":
            self.story.desk.run("push")
            self.story.annotate(3)
        struck = self.run(at, way)
        assert struck.code in {0, -9}, struck.out + struck.err
        again = self.run()
        assert again.code == 0, again.out + again.err
        if self.word == "push":
            self.story.check_tasks()
        else:
            self.story.check_ledger()
        left = [path.name for path in self.story.desk.folder.rglob("*.part")]
        assert left == [], f"{way} at {at}"
        return struck.code == -9


@pytest.mark.parametrize("word", ["push", "pull"])
def test_some_crashes(word: str, desk: Desk, players: Theatre) -> None:  # noqa: F811
    """In each way."""
    trial = Trial(desk, players, word)
    assert all(trial.strike(4 * number, way) for number, way in enumerate(_WAYS, 1))


@pytest.mark.torture
@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize("word", ["push", "pull"])
def test_every_crash(
    word: str,
    way: str,
    desk: Desk,  # noqa: F811
    players: Theatre,
    record_property: Callable[[str, object], None],
) -> None:
    """At every effect until there are no more, each in one way."""
    trial = Trial(desk, players, word)
    at = _WAYS.index(way)
    while trial.strike(at, way):
        at += len(_WAYS)
    assert at > len(_WAYS) * 3
    record_property("points", at // len(_WAYS))


def test_two_at_once(desk: Desk, players: Theatre) -> None:  # noqa: F811
    """While a push stands still, a pull is told so; the push ends as if it were alone."""
    trial = Trial(desk, players, "push")
    trial.story.go_on()
    players.start(desk.folder, ["push", "--json"], 8, "stop")
    until_stopped(players.pid)
    assert desk.run("pull", code=2)["error"]["code"] == "server_busy"
    os.kill(players.pid, signal.SIGCONT)
    first = players.end()
    assert first.code == 0, first.out + first.err
    trial.story.check_tasks()
    desk.run("pull")


class Way:
    """A new workspace that goes the whole way, with a project of its own each time."""

    def __init__(self, desk: Desk, players: Theatre, tmp_path: Path) -> None:  # noqa: F811
        self.desk, self.players = desk, players
        self.folder = tmp_path.with_name(f"{tmp_path.name}-way")
        self.begin()
        whole = self.run()
        assert whole.code == 0, whole.out + whole.err
        self.effects, self.wanted = len(whole.effects), self.files()

    def begin(self) -> None:
        """Lay out the workspace anew, under another name."""
        shutil.rmtree(self.folder, ignore_errors=True)
        Workspace.create(self.folder, f"way-{uuid4().hex[:8]}")

    def run(self, at: int = -1, way: str = "kill") -> Run:
        """Run `galley run`."""
        return self.players.run(self.folder, ["run", "--json"], at, way)

    def files(self) -> dict[str, str]:
        """Return the files, but the one that holds the name."""
        found = snapshot(self.folder)
        return {name: digest for name, digest in found.items() if name != "pyproject.toml"}

    def strike(self, at: int, way: str) -> bool:
        """Kill it at an effect, run it again, and look; return whether it was killed."""
        self.begin()
        struck, again = self.run(at, way), self.run()
        # how many requests there are is not the same every time
        assert struck.code in {0, -9}, f"{way} at {at}" + struck.out + struck.err
        assert again.code == 0, f"{way} at {at}" + again.out + again.err
        assert self.files() == self.wanted, f"{way} at {at}"
        project = json.loads(again.out)["steps"]["push"]["project_id"]
        records = [record["id"] for record in Workspace.open(self.folder).records()]
        tasks = [task["data"]["record_id"] for task in self.desk.tasks(project)]
        assert sorted(tasks) == sorted(records), f"{way} at {at}"
        assert Desk(self.folder, *self.desk_of).number_of_tasks() == len(records)
        return struck.code == -9

    @property
    def desk_of(self) -> tuple[Any, Any, Any]:
        """What speaks to the server."""
        return self.desk.server, self.desk.galley, self.desk.api


def test_some_crashes_on_the_way(desk: Desk, players: Theatre, tmp_path: Path) -> None:  # noqa: F811
    """Of `galley run`, in each way."""
    way = Way(desk, players, tmp_path)
    for number, how in enumerate(_WAYS, 1):
        assert way.strike(way.effects * number // (len(_WAYS) + 1), how)


@pytest.mark.torture
@pytest.mark.parametrize("how", _WAYS)
def test_crashes_all_the_way(
    how: str,
    desk: Desk,  # noqa: F811
    players: Theatre,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """At every sixth effect: what it does is what `build`, `push` and `pull` do."""
    way = Way(desk, players, tmp_path)
    at = 2 * _WAYS.index(how)
    while way.strike(at, how):
        at += 6
    assert at > way.effects * 2 // 3  # there are fewer requests than at the first time
    record_property("points", at // 6)
