"""What can go wrong on the way, one request at a time."""

import asyncio
import os
import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Lock
from typing import Any

KINDS = (
    "500-before",
    "500-after",
    "503-after",
    "412-before",
    "429-before",
    "cut-before",
    "cut-after",
    "kill-before",
    "kill-after",
)
# What a network and those that stand in it do beside that.
STRANGE = (
    *("delay-after", "drip-after", "silence-before", "truncated-after"),
    *("429-date", "401-before", "502-after", "login-before", "login-after", "other-before"),
    "redirect-before",
)
_PAGE = b"<!doctype html><title>Log in</title>"


@dataclass
class Fault:
    """One fault; `before` and `after` say whether the request takes effect.

    Attributes:
        kind: One of KINDS or STRANGE.
        pattern: Matches `METHOD /path` of the requests it may befall.
        nth: Which of them, from 0.
        times: How many from there on.
        wait: Seconds after which a 429 asks to come back.
        leads: Where a redirect leads.
        meanwhile: Is called when it strikes: what somebody else does at that moment.
    """

    kind: str
    pattern: str = ""
    nth: int = 0
    times: int = 1
    wait: int = 0
    leads: str = ""
    meanwhile: Callable[[], object] = bool


@dataclass
class Faults:
    """An ASGI application in front of another, which lets go wrong what the tests ask for.

    Attributes:
        app: The hub.
        planned: What is to go wrong.
        seen: Every request so far, as `METHOD /path`.
        times: When each was.
        struck: The requests that went wrong.
        victim: The process group that a `kill` ends.
    """

    app: Any
    planned: list[Fault] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    victim: int | None = None
    _lock: Lock = field(default_factory=Lock)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request, or not."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        # Percent-encoded revisions and paths are told apart by the routes.
        path = scope["raw_path"].decode("ascii").partition("?")[0]
        scope = {**scope, "path": path}
        fault = self._strike(f"{scope['method']} {path}")
        if fault is None:
            return await self.app(scope, receive, send)
        fault.meanwhile()
        what, _, when = fault.kind.partition("-")
        said: list[Any] = []
        if when == "after":
            await self.app(scope, receive, _keep(said))
        else:
            await _read(receive)
        if what == "kill" and self.victim is not None:
            os.killpg(self.victim, signal.SIGKILL)
        if what in {"cut", "kill"}:
            return send.__self__.transport.abort()
        if what in {"delay", "drip", "silence", "truncated"}:
            return await _stall(what, said, send)
        if what in {"login", "other", "redirect"}:
            body = {"login": _PAGE, "other": b'{"hello": "world"}'}.get(what, b"")
            leads = [(b"location", fault.leads.encode())] if what == "redirect" else []
            return await _send(send, 302 if leads else 200, body, leads)
        return await _answer(send, int(what), fault)

    def _strike(self, request: str) -> Fault | None:
        with self._lock:
            self.seen.append(request)
            self.times.append(time.monotonic())
            for fault in self.planned:
                if not re.search(fault.pattern, request):
                    continue
                fault.nth -= 1
                if -1 - fault.times < fault.nth < 0:
                    self.struck.append(request)
                    return fault
            return None


def _keep(said: list[Any]) -> Any:
    async def keep(message: Any) -> None:
        said.append(message)

    return keep


async def _stall(what: str, said: list[Any], send: Any) -> None:
    """Answer late, bit by bit, in part, or never."""
    if what == "silence":
        await asyncio.sleep(8)
        return send.__self__.transport.abort()
    if what == "delay":
        await asyncio.sleep(1)
        for message in said:
            await send(message)
        return None
    body = b"".join(message.get("body", b"") for message in said[1:]).ljust(100)
    headers = [pair for pair in said[0]["headers"] if pair[0] != b"content-length"]
    length = (b"content-length", b"%d" % (len(body) + (what == "truncated")))
    await send({**said[0], "headers": [*headers, length]})
    if what == "truncated":
        await send({"type": "http.response.body", "body": body[:-1], "more_body": True})
        return send.__self__.transport.abort()
    for place in range(100):
        piece = body[place : place + 1] if place < 99 else body[99:]
        await send({"type": "http.response.body", "body": piece, "more_body": place < 99})
        await asyncio.sleep(0.25)
    return None


async def _read(receive: Any) -> None:
    while (await receive()).get("more_body"):
        pass


async def _answer(send: Any, status: int, fault: Fault) -> None:
    headers = [(b"content-type", b"application/json")]
    if status == 429:
        later = datetime.now(UTC) + timedelta(seconds=2)
        date = format_datetime(later, usegmt=True).encode()
        headers += [(b"retry-after", date if fault.kind == "429-date" else b"%d" % fault.wait)]
    await _send(send, status, b'{"error": "a test"}', headers)


async def _send(send: Any, status: int, body: bytes, headers: list[Any]) -> None:
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
