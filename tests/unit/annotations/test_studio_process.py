"""Starting, finding again and stopping a process, tried on small ones."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from galley.annotations.studio.notify import silent
from galley.annotations.studio.process import Server, is_alive, owner_of
from galley.annotations.studio.server import Studio
from galley.errors import StudioError

# A parent and a child, both of which would go on for minutes.
_FAMILY = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
time.sleep(600)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Yield a process that was started as a server is, with its data in `data`."""
    command = [sys.executable, "-c", _FAMILY, "--port", "1234"]
    environ = {"LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path / "data")}
    server = Server.start(command, environ, log=tmp_path / "log", port=1234)
    try:
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)  # the child too, when a test killed its parent
        server.stop()


def _until(true: object, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_server_leaves_the_terminal(server: Server) -> None:
    """It leads a session of its own, so closing the terminal does not end it."""
    assert os.getsid(server.pid) == server.pid != os.getsid(0)


def test_stopping_takes_the_children_along(server: Server) -> None:
    """No grandchild survives."""
    process = psutil.Process(server.pid)
    _until(process.children)
    family = [process, *process.children(recursive=True)]
    server.stop()
    assert not any(is_alive(member) for member in family)
    assert not server.alive


def test_a_noted_server_is_found(server: Server, tmp_path: Path) -> None:
    """The note brings back the same process."""
    server.save(tmp_path / "note.json")
    assert Server.find(tmp_path / "note.json", tmp_path / "elsewhere") == server


def test_a_server_is_found_without_a_note(server: Server, tmp_path: Path) -> None:
    """Whoever started it may have died before noting it down."""
    assert Server.find(tmp_path / "note.json", tmp_path / "data") == server
    assert Server.find(tmp_path / "note.json", tmp_path / "other") is None


def test_a_note_cut_short_is_no_note(server: Server, tmp_path: Path) -> None:
    """A broken note does not hide the server."""
    (tmp_path / "note.json").write_text('{"pid": 1')
    assert Server.find(tmp_path / "note.json", tmp_path / "data") == server


def test_a_recycled_number_is_not_our_server(server: Server, tmp_path: Path) -> None:
    """Another process that got the number is neither found nor stopped."""
    stranger = replace(server, started=server.started - 3600)
    stranger.save(tmp_path / "note.json")
    assert Server.find(tmp_path / "note.json", tmp_path / "data") is None
    stranger.stop()
    assert server.alive


def test_a_dead_server_is_not_found(server: Server, tmp_path: Path) -> None:
    """Killed from outside, it is gone, even while nobody has collected it."""
    server.save(tmp_path / "note.json")
    os.kill(server.pid, 9)
    _until(lambda: not server.alive)
    assert Server.find(tmp_path / "note.json", tmp_path / "data") is None


def test_who_holds_a_port() -> None:
    """The message for a busy port names its holder."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert str(os.getpid()) in owner_of(taken.getsockname()[1])


def test_a_busy_port_is_refused(tmp_path: Path) -> None:
    """Nothing is started, and nothing is written, when the port is taken."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        studio = Studio(tmp_path / "studio", taken.getsockname()[1])
        with pytest.raises(StudioError) as caught:
            studio._start(silent)
    assert caught.value.code == "studio_port"
    assert not (tmp_path / "studio").exists()


# A parent that never asks how its child ended, as the first process of many containers.
_CARELESS = """
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid, flush=True)
time.sleep(600)
"""


def test_who_ended_unasked_has_ended() -> None:
    """A process that is only still listed, because its parent does not look, is stopped."""
    with subprocess.Popen(
        [sys.executable, "-c", _CARELESS], stdout=subprocess.PIPE, text=True
    ) as parent:
        try:
            assert parent.stdout is not None
            child = psutil.Process(int(parent.stdout.readline()))
            began = time.monotonic()
            Server.of(child, 1234).stop()
            assert child.status() == psutil.STATUS_ZOMBIE
            assert time.monotonic() - began < 5
        finally:
            parent.kill()
