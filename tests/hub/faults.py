"""What can go wrong on the way, one request at a time."""

import os
import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
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


@dataclass
class Fault:
    """One fault; `before` and `after` say whether the request takes effect.

    Attributes:
        kind: One of KINDS.
        pattern: Matches `METHOD /path` of the requests it may befall.
        nth: Which of them, from 0.
        times: How many from there on.
        wait: Seconds after which a 429 asks to come back.
        meanwhile: Is called when it strikes: what somebody else does at that moment.
    """

    kind: str
    pattern: str = ""
    nth: int = 0
    times: int = 1
    wait: int = 0
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
        if when == "after":
            await self.app(scope, receive, _swallow)
        else:
            await _read(receive)
        if what == "kill" and self.victim is not None:
            os.killpg(self.victim, signal.SIGKILL)
        if what in {"cut", "kill"}:
            return send.__self__.transport.abort()
        return await _answer(send, int(what), fault.wait)

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


async def _swallow(message: Any) -> None:
    del message


async def _read(receive: Any) -> None:
    while (await receive()).get("more_body"):
        pass


async def _answer(send: Any, status: int, wait: int) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"19")]
    headers += [(b"retry-after", b"%d" % wait)] if status == 429 else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"error": "a test"}'})
