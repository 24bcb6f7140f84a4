"""Waits have ends, and what a server asks for is understood."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Event, Thread

import pytest

from galley.annotations.access import Access
from galley.annotations.server import Server
from galley.config import NetworkConfig
from galley.errors import ServerError
from galley.network import asked_wait, pauses

_BEGIN = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def dripping() -> Iterator[str]:
    """Yield the address of a server that sends a byte of its headers now and then, for ever."""
    over = Event()

    def serve() -> None:
        with listener:
            caller, _ = listener.accept()
            with caller:
                caller.sendall(_BEGIN)
                while not over.wait(0.05):
                    caller.sendall(b"x")

    listener = socket.create_server(("127.0.0.1", 0))
    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    over.set()
    thread.join(10)


def test_a_server_that_is_never_silent(dripping: str) -> None:
    """What drops for ever is given up, though no two bytes are far apart."""
    network = NetworkConfig(silence=5, total=0.5)
    began = time.monotonic()
    with pytest.raises(ServerError) as caught, Server(Access(dripping, "token"), network):
        pass
    assert caught.value.code == "server_unreachable"
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), (" 17 ", 17), ("", None), ("soon", None)])
def test_seconds(text: str, seconds: float | None) -> None:
    """A number of seconds, or nothing that can be read."""
    assert asked_wait(text) == seconds


def test_dates() -> None:
    """A date is so many seconds from now; one that has passed is none."""
    later = datetime.now(UTC) + timedelta(seconds=40)
    found = asked_wait(format_datetime(later, usegmt=True))
    assert found is not None
    assert 35 < found <= 40
    assert asked_wait("Wed, 21 Oct 2015 07:28:00 GMT") == 0


def test_pauses_grow() -> None:
    """Each is twice as long as the one before."""
    assert pauses(NetworkConfig(retries=4)) == [0.5, 1.0, 2.0, 4.0]
    assert pauses(NetworkConfig(retries=0)) == []
