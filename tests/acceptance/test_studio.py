"""`galley studio`: the real command, the real server."""

import json
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from galley.annotations.studio.health import Health
from galley.annotations.studio.process import is_alive
from tests.conftest import free_port

pytestmark = [pytest.mark.studio, pytest.mark.xdist_group("galley studio")]
Studio = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new workspace."""
    from galley.scaffold import lay_out

    folder = tmp_path_factory.mktemp("studio") / "work space"
    lay_out(folder, "example")
    return folder


@pytest.fixture
def port() -> str:
    """Return a free port."""
    return str(free_port())


@pytest.fixture
def studio(galley: Any, workspace: Path, port: str) -> Iterator[Studio]:
    """Yield a function that runs `galley studio WORD --json`; whatever runs is stopped."""

    def run(word: str) -> dict[str, Any]:
        done = galley("studio", word, "--json", cwd=workspace, GALLEY_STUDIO_PORT=port)
        assert done.returncode == 0, done.stdout + done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    try:
        yield run
    finally:
        run("down")


def test_up_down_and_up(studio: Studio, port: str) -> None:
    """Up gives what the contract says, twice the same; down ends it; nothing is left."""
    up = studio("up")
    assert set(up) == {"url", "token_file", "pid"}
    assert up["url"] == f"http://127.0.0.1:{port}"
    assert studio("up") == up
    assert studio("status")["health"] == "ok"
    assert studio("down") == {"stopped": True}
    with suppress(psutil.NoSuchProcess):
        assert not is_alive(psutil.Process(up["pid"]))
    assert studio("down") == {"stopped": False}
    assert studio("status") == {"running": False}


def test_the_server_is_private(studio: Studio, workspace: Path) -> None:
    """It listens on loopback alone, tells its secrets to nobody, and wants the token."""
    up = studio("up")
    process = psutil.Process(up["pid"])
    listening = [item for item in process.net_connections("tcp") if item.status == "LISTEN"]
    assert {item.laddr.ip for item in listening} == {"127.0.0.1"}
    token = Path(up["token_file"]).read_text().strip()
    password = Path(studio("status")["password_file"]).read_text().strip()
    assert not {token, password} & set(" ".join(process.cmdline()).split())
    assert (workspace / ".galley" / "studio").stat().st_mode & 0o777 == 0o700
    assert Health.of(up["url"], "0" * 40) is Health.REFUSED


def test_a_crash_costs_nothing(studio: Studio, workspace: Path) -> None:
    """Killed, it comes up again with the same token; a token renewed elsewhere is set back."""
    first = studio("up")
    token = Path(first["token_file"]).read_text()
    process = psutil.Process(first["pid"])
    process.kill()
    process.wait(timeout=10)
    database = workspace / ".galley/studio/data/label_studio.sqlite3"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE authtoken_token SET key = 'renewed'")
    again = studio("up")
    assert again["pid"] != first["pid"]
    assert Path(again["token_file"]).read_text() == token
    assert Health.of(again["url"], token.strip()) is Health.OK


def test_a_server_whose_note_is_lost_is_found(studio: Studio, workspace: Path) -> None:
    """Up finds what a killed `up` had started, and does not start a second one."""
    first = studio("up")
    (workspace / ".galley/studio/server.json").unlink()
    assert studio("up") == first


def test_a_busy_port_is_said(galley: Any, workspace: Path) -> None:
    """The server would silently take the next port; Galley says who holds this one."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = galley("studio", "up", "--json", cwd=workspace, GALLEY_STUDIO_PORT=port)
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (2, "studio_port")
    assert port in error["message"]


def test_another_server_is_respected(galley: Any, workspace: Path) -> None:
    """With LABEL_STUDIO_URL there is nothing to start."""
    url = "http://label.example:8080"
    done = galley("studio", "up", "--json", cwd=workspace, LABEL_STUDIO_URL=url)
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (2, "studio_other_server")
    assert url in error["message"]


def test_a_missing_installation_says_the_next_command(
    galley: Any, workspace: Path, tmp_path: Path
) -> None:
    """Without the server's environment nothing is started."""
    nowhere = str(tmp_path / "nowhere")
    done = galley("studio", "up", cwd=workspace, GALLEY_STUDIO_ENV=nowhere)
    assert done.returncode == 2
    assert "hint: run `galley studio install`" in done.stderr
