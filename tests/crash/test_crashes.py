"""Killed at any effect and run again, a command comes to the same end as without that."""

from collections.abc import Callable
from pathlib import Path

import pytest

from galley.cli.main import COMMANDS
from galley.desk import Workspace
from tests.crash.conftest import CASES
from tests.crash.stage import Run, Theatre, copy, snapshot

_WAYS = ("kill", "power", "full")


class Play:
    """A case, over and over."""

    def __init__(self, name: str, base: Path, players: Theatre, tmp_path: Path) -> None:
        self.base, self.players, self.folder = base, players, tmp_path / "workspace"
        self.case = CASES[name]
        words = self.case.words.replace("@/", f"{self.folder}/").split()
        if "ID" in words:
            words[words.index("ID")] = next(Workspace.open(base).records())["id"]
        self.words = [*words, "--json"]
        copy(base, self.folder)
        whole = self.run()
        assert whole.code in self.case.codes, whole.out + whole.err
        self.case.check(self.folder)
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
            failed = struck.code == 2 and struck.error == "disk_full"
            assert failed or struck.code in self.case.codes, where + struck.out + struck.err
        else:
            assert struck.code == -9, where + struck.out + struck.err
        again = self.run()
        done = again.code == 2 and again.error == "tag_missing"  # a yank that was done
        assert again.code in self.case.codes or done, where + again.out + again.err
        assert self.differences() == {}, f"{where}: {self.differences()}"
        self.case.check(self.folder)

    def differences(self) -> dict[str, tuple[str | None, str | None]]:
        """Return what is there otherwise than without a crash."""
        found = snapshot(self.folder)
        names = sorted(found.keys() | self.wanted.keys())
        pairs = {name: (self.wanted.get(name), found.get(name)) for name in names}
        for name in self.case.drawn:  # that it is there, not what it holds
            pairs[name] = (str(name in self.wanted), str(name in found))
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# Of each kind of work one; the others are in the long run.
_QUICK = ("init", "build", "suggest", "release-next", "retract", "adopt-first", "forget")
# Commands that are struck before a real Label Studio, in `test_studio.py`.
_STUDIO = {"push", "pull", "run"}
# Those that change nothing: an effect in one of them would be a mistake of its own.
_READING = {
    *("status", "agreement", "diff", "verify", "validate", "completion"),
    *("schema", "quarantine"),
}
# What makes a server of Label Studio and starts it; struck in `test_studio_environment.py`.
_SERVER = {"studio"}


def test_every_command_is_struck() -> None:
    """A new command that writes has to be tested here too."""
    struck = {case.words.split()[0] for case in CASES.values()}
    groups = (struck, _STUDIO, _READING, _SERVER)
    assert sorted(name for group in groups for name in group) == sorted(COMMANDS)


@pytest.mark.parametrize(
    "words", sorted({*_READING - {"schema", "quarantine"}, "schema check", "quarantine list"})
)
def test_what_only_reads(
    words: str, bases: Callable[[str], Path], players: Theatre, tmp_path: Path
) -> None:
    """Nothing is written, not even a note."""
    folder = copy(bases("report"), tmp_path / "workspace")
    more = {
        "verify": f"{folder}/releases/0.1.0",
        "completion": "bash",
        "diff": "0.1.0 0.1.0",
        "validate": f"{folder}/build/out/records",
    }
    before = snapshot(folder)
    done = players.run(folder, [*words.split(), *more.get(words, "").split(), "--json"])
    assert done.code in {0, 1}, done.out + done.err
    assert (done.effects, snapshot(folder)) == ([], before)


@pytest.mark.parametrize("name", _QUICK)
def test_some_crashes(
    name: str, bases: Callable[[str], Path], players: Theatre, tmp_path: Path
) -> None:
    """At one effect in each way; which, is another one for each command."""
    play = Play(name, bases(name), players, tmp_path)
    for number, way in enumerate(_WAYS, 1):
        play.strike(len(play.effects) * number // (len(_WAYS) + 1), way)


# What once failed: the last effect whose name holds some words.
_FOUND = (
    ("standoff", "kill", "fsync /standoff/.standoff.jsonl."),
    ("publish", "full", "open /published/.0.1.0.part/"),
    ("forget", "kill", "fsync /annotations/.annotators.json."),
)


@pytest.mark.parametrize(("name", "way", "words"), _FOUND)
def test_found(  # noqa: PLR0913 - fixtures
    name: str,
    way: str,
    words: str,
    *,
    bases: Callable[[str], Path],
    players: Theatre,
    tmp_path: Path,
) -> None:
    """It stays mended."""
    play = Play(name, bases(name), players, tmp_path)
    play.strike(max(at for at, said in enumerate(play.effects) if words in said), way)


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
