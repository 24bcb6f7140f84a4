"""Push and pull, killed at any effect and run again, against a real Label Studio."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.crash.stage import Run, Theatre, theatre
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
