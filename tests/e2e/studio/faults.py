"""What may stand between Galley and Label Studio: it lets requests go wrong, in many ways."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

import httpx

# `before` and `after` say whether the request takes effect; what says nothing does.
KINDS = (
    *("delay", "drip", "drip-headers", "silence"),
    *("reset-before", "reset-after", "truncated", "truncated-chunks"),
    *("429-seconds", "429-date", "500-before", "500-after", "502-before", "503-after"),
    *("login-before", "login-after", "401-before", "other-before", "empty-after"),
    "redirect-before",
)
_PAGE = b"<!doctype html><title>Log in</title><form method=post></form>"


@dataclass
class Fault:
    """What goes wrong.

    Attributes:
        kind: One of `KINDS`.
        nth: Which request from now on, from 0.
        struck: Whether it did.
    """

    kind: str
    nth: int
    struck: str = ""


@dataclass
class FaultProxy:
    """A proxy on loopback.

    Attributes:
        url: Its address.
        fault: What is to go wrong; None for nothing.
        choose: Is asked of each request for a kind of fault; for those who draw them.
        seen: Method and path of each request.
    """

    url: str = ""
    fault: Fault | None = None
    choose: Callable[[str], str | None] = lambda _: None
    seen: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def kind(self, request: str) -> str | None:
        """Return what goes wrong with this request."""
        with self.lock:
            self.seen.append(request)
            if self.fault is None:
                return self.choose(request)
            self.fault.nth -= 1
            if self.fault.nth != -1:
                return None
            self.fault.struck = request
            return self.fault.kind


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection; the server has `proxy`, `client` and `other`."""

    protocol_version = "HTTP/1.1"
    server: "_Server"
    answer: httpx.Response
    status: int

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.server.proxy.kind(f"{self.command} {self.path.split('?')[0]}") or "none"
        what, _, when = kind.partition("-")
        self.status = int(what) if what.isdecimal() else 200
        self.answer = httpx.Response(200)
        if when != "before" and what != "429":
            passed = {k: v for k, v in self.headers.items() if k.lower() != "host"}
            client, path = self.server.client, self.path
            self.answer = client.request(self.command, path, content=body, headers=passed)
        act = getattr(self, f"_{what}", self._refuse)
        getattr(self, f"_{kind.replace('-', '_')}", act)()

    do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - names of the library

    def _none(self) -> None:
        names = ("Content-Type", "Date")
        headers = {name: self.answer.headers[name] for name in names if name in self.answer.headers}
        self._send(self.answer.status_code, self.answer.content, headers)

    def _delay(self) -> None:
        time.sleep(1)
        self._none()

    def _reset(self) -> None:
        self.close_connection = True

    def _silence(self) -> None:
        time.sleep(8)
        self.close_connection = True

    def _refuse(self) -> None:
        self._send(self.status, b'{"detail": "a test"}', {})

    def _429_seconds(self) -> None:
        self._send(429, b"", {"Retry-After": "1"})

    def _429_date(self) -> None:
        later = datetime.now(UTC) + timedelta(seconds=2)
        self._send(429, b"", {"Retry-After": format_datetime(later, usegmt=True)})

    def _redirect(self) -> None:
        self._send(302, b"", {"Location": f"{self.server.other}{self.path}"})

    def _login(self) -> None:
        self._send(200, _PAGE, {"Content-Type": "text/html"})

    def _other(self) -> None:
        self._send(200, b'{"detail": "a test"}', {})

    def _empty(self) -> None:
        self._send(200, b"", {})

    def _truncated(self) -> None:
        self._send(
            self.answer.status_code,
            self.answer.content[:-1],
            {},
            length=len(self.answer.content) + 1,
        )
        self.close_connection = True

    def _truncated_chunks(self) -> None:
        self.send_response_only(self.answer.status_code)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        half = self.answer.content[: len(self.answer.content) // 2]
        self.wfile.write(b"%x\r\n%s" % (len(half) + 9, half))
        self.close_connection = True

    def _drip(self) -> None:
        self._send(self.answer.status_code, b"", {}, length=max(len(self.answer.content), 100))
        self._drop(self.answer.content.ljust(100))

    def _drip_headers(self) -> None:
        self._drop(b"HTTP/1.1 200 OK\r\nX-Drops: " + b"." * 100)

    def _drop(self, data: bytes) -> None:
        self.close_connection = True
        with suppress(OSError):  # they have enough
            for place in range(len(data)):
                self.wfile.write(data[place : place + 1])
                time.sleep(0.25)

    def _send(
        self, status: int, content: bytes, headers: dict[str, str], *, length: int | None = None
    ) -> None:
        self.send_response_only(status)
        if status != 204:
            size = len(content) if length is None else length
            headers = {**headers, "Content-Length": str(size)}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None: ...


class _Server(ThreadingHTTPServer):
    proxy: FaultProxy
    client: httpx.Client
    other: str


@contextmanager
def faulty(target: str, other: str) -> Iterator[FaultProxy]:
    """Yield a proxy to the server at `target`; redirects lead to `other`."""
    proxy = FaultProxy()
    client = httpx.Client(base_url=target, trust_env=False, timeout=60)
    with client, _Server(("127.0.0.1", 0), _Handler) as server:
        server.proxy, server.client, server.other = proxy, client, other
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        proxy.url = f"http://127.0.0.1:{server.server_port}"
        yield proxy
        server.shutdown()


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Yield the address of a host that nobody should talk to, and the headers of who does."""
    found: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            found.append(dict(self.headers.items()))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_HEAD = _serve  # noqa: N815 - as above

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}", found
        server.shutdown()
