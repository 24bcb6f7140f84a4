"""The server's environment: complete, unfinished, somebody else's; and two at once."""

import threading
from pathlib import Path

import pytest

from galley.annotations.studio import settings
from galley.annotations.studio.environment import Environment, _pins_sha256, _run
from galley.annotations.studio.notify import silent
from galley.annotations.studio.turn import turn
from galley.errors import StudioError


def _mark(folder: Path, text: str) -> Environment:
    folder.mkdir(exist_ok=True)
    (folder / "galley.txt").write_text(text)
    return Environment(folder)


def test_the_folder_depends_on_the_pins() -> None:
    """Other pins get another folder, so that clones at different commits do not fight."""
    assert _pins_sha256()[:12] in Environment.default({}).folder.name
    named = Environment.default({"GALLEY_STUDIO_ENV": "/somewhere"})
    assert named.folder == Path("/somewhere")


def test_only_a_finished_environment_counts(tmp_path: Path) -> None:
    """Nothing, an unfinished one and one of other pins are not installed."""
    assert not Environment(tmp_path / "none").installed
    assert not _mark(tmp_path / "half", "unfinished\n").installed
    assert not _mark(tmp_path / "old", "0" * 64).installed
    assert _mark(tmp_path / "whole", _pins_sha256()).installed


def test_installing_what_is_there_does_nothing(tmp_path: Path) -> None:
    """A second run says that nothing was to be done, and tells nobody anything."""
    said: list[str] = []
    assert _mark(tmp_path / "env", _pins_sha256()).install(said.append) is False
    assert said == []


def test_an_unfinished_environment_is_emptied(tmp_path: Path) -> None:
    """What an interrupted installation left is not built upon."""
    environment = _mark(tmp_path / "env", "unfinished\n")
    (environment.folder / "leftover").touch()
    environment._claim()
    assert [path.name for path in environment.folder.iterdir()] == ["galley.txt"]


def test_a_folder_of_somebody_else_is_kept(tmp_path: Path) -> None:
    """GALLEY_STUDIO_ENV may name anything: only what Galley made is emptied."""
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(StudioError) as caught:
        Environment(tmp_path).install(silent)
    assert caught.value.code == "studio_folder"
    assert (tmp_path / "thesis.txt").exists()


def test_without_it_the_hint_says_how_to_install(tmp_path: Path) -> None:
    """The failure names the next command."""
    with pytest.raises(StudioError) as caught:
        Environment(tmp_path / "none").require()
    assert "galley studio install" in caught.value.hint


def test_a_failing_step_says_why() -> None:
    """The last words of the command are in the message."""
    with pytest.raises(StudioError, match="no such luck"):
        _run(["sh", "-c", "echo no such luck >&2; exit 3"], silent)


def test_two_take_turns(tmp_path: Path) -> None:
    """The second waits until the first is done, and says that it waits."""
    order: list[str] = []

    def second() -> None:
        with turn(tmp_path / "it", order.append):
            order.append("second")

    with turn(tmp_path / "it", order.append):
        thread = threading.Thread(target=second)
        thread.start()
        while not order:
            assert thread.is_alive()
        order.append("first")
    thread.join(timeout=10)
    assert order == ["another process is at it: waiting for it to end", "first", "second"]


def test_nothing_of_ours_reaches_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads bare names such as CI and PASSWORD: only what it needs is passed on."""
    for name in ("CI", "HOST", "PASSWORD", "SENTRY_DSN", "LABEL_STUDIO_HOST", "HF_TOKEN"):
        monkeypatch.setenv(name, "true")
    environ = settings.environ(Path("/data"))
    assert "true" not in {environ.get(name) for name in ("CI", "HOST", "PASSWORD", "HF_TOKEN")}
    assert "LABEL_STUDIO_HOST" not in environ
    assert environ["LABEL_STUDIO_SENTRY_DSN"] == ""
