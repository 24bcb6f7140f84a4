"""Killed at any effect and run again, a command comes to the same end as without that."""

from collections.abc import Callable
from pathlib import Path

import pytest

from galley.desk import Workspace
from tests.crash.conftest import CASES
from tests.crash.stage import Run, Theatre, copy, snapshot

_WAYS = ("kill", "power", "full")


class Play:
    """A case, over and over."""

    def __init__(self, name: str, base: Path, players: Theatre, tmp_path: Path) -> None:
        self.base, self.players, self.folder = base, players, tmp_path / "workspace"
        words = CASES[name].words.replace("@", str(self.folder)).split()
        if "ID" in words:
            words[words.index("ID")] = next(Workspace.open(base).records())["id"]
        self.words = [*words, "--json"]
        copy(base, self.folder)
        whole = self.run()
        assert whole.code == 0, whole.out + whole.err
        self.effects = whole.effects
        self.wanted = snapshot(self.folder)

    def run(self, at: int = -1, way: str = "kill") -> Run:
        """Run the command."""
        return self.players.run(self.folder, self.words, at, way)

    def strike(self, at: int, way: str) -> None:
        """Strike the command at an effect, run it again, and compare."""
        where = f"{way} at {at}: {self.effects[at]}"
        copy(self.base, self.folder)
        struck = self.run(at, way)
        if way == "full":
            assert struck.code in {0, 2}, where + struck.out + struck.err
            assert struck.code == 0 or struck.error == "disk_full", where + struck.out + struck.err
        else:
            assert struck.code == -9, where + struck.out + struck.err
        again = self.run()
        done = again.code == 2 and again.error == "tag_missing"  # a yank that was done
        assert again.code == 0 or done, where + again.out + again.err
        assert self.differences() == {}, f"{where}: {self.differences()}"

    def differences(self) -> dict[str, tuple[str | None, str | None]]:
        """Return what is there otherwise than without a crash."""
        found = snapshot(self.folder)
        names = sorted(found.keys() | self.wanted.keys())
        pairs = {name: (self.wanted.get(name), found.get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# Of each kind of work one; the others are in the long run.
_QUICK = ("init", "build", "suggest", "release-next", "retract")


@pytest.mark.parametrize("name", _QUICK)
def test_some_crashes(
    name: str, bases: Callable[[str], Path], players: Theatre, tmp_path: Path
) -> None:
    """At one effect in each way; which, is another one for each command."""
    play = Play(name, bases(name), players, tmp_path)
    for number, way in enumerate(_WAYS, 1):
        play.strike(len(play.effects) * number // (len(_WAYS) + 1), way)


@pytest.mark.torture
@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize("name", CASES)
def test_every_crash(  # noqa: PLR0913 - fixtures
    name: str,
    way: str,
    *,
    bases: Callable[[str], Path],
    players: Theatre,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """At every effect of every command, each effect in one way."""
    play = Play(name, bases(name), players, tmp_path)
    points = range(_WAYS.index(way), len(play.effects), len(_WAYS))
    for at in points:
        play.strike(at, way)
    record_property("points", len(points))
