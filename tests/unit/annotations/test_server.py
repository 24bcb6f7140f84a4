"""What is no Label Studio that we know has one clear error."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from galley.annotations.access import Access
from galley.annotations.server import Server
from galley.errors import ServerError

TOKEN = "a-token-that-nobody-may-see"


@contextmanager
def answering(status: int, document: Any) -> Iterator[str]:
    """Yield the address of a server that answers everything alike, but its version truly."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            version = self.path == "/api/version" and status >= 400
            answer = {"release": "1.23.2"} if version else document
            body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(200 if version else status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "document", "code"),
    [
        (200, {"release": "1.22.0"}, "server_version"),
        (200, {"release": "2.0.0"}, "server_version"),
        (200, {"hello": "world"}, "server_answer"),
        (200, "<html>", "server_answer"),
        (403, {"detail": f"no, {TOKEN}"}, "server_permission"),
        (401, {"detail": "no"}, "server_token"),
        (500, {"detail": f"broken {TOKEN}"}, "server_failed"),
        (404, {"detail": "no such project"}, "server_refused"),
    ],
)
def test_refusals(status: int, document: Any, code: str) -> None:
    """Each has its code and a hint, and none shows the token."""
    with answering(status, document) as url:
        access = Access(url, TOKEN)
        with pytest.raises(ServerError) as caught, Server(access) as server:
            server.get("/api/projects")
    assert caught.value.code == code
    assert caught.value.hint
    assert TOKEN not in caught.value.message + caught.value.hint
    assert TOKEN not in repr(access)
