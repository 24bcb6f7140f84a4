"""How long to wait for others, and how often to ask again: the same for every server.

A read time-out alone bounds nothing: a server that sends a byte now and then is never silent.
So every request has a deadline too, which what it moves puts off: large transfers may take
long, drops may not.
"""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from galley.config import NetworkConfig

# Bytes that put the deadline of a request off by a second: a slower line is as good as none.
_FLOOR = 20_000
_PIECE = 1 << 16  # bytes that are sent between two looks at the clock


def pauses(network: NetworkConfig) -> list[float]:
    """Return the seconds before each further attempt."""
    return [0.5 * 2**number for number in range(network.retries)]


def asked_wait(header: str) -> float | None:
    """Return the seconds after which a `Retry-After` asks to come back; None if it says nothing.

    Example:
        >>> asked_wait("7")
        7.0
    """
    text = header.strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:  # as RFC 5322 writes UTC of an unknown zone
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def pace(transports: Iterable[Any], network: NetworkConfig, late: type[Exception]) -> None:
    """Give the connections of a client's transports deadlines.

    Args:
        transports: Of httpx, or of a library of the same make; None among them is passed over.
        network: The settings.
        late: What that library's connections raise when time is up.
    """
    for transport in transports:
        # The library has a place for this, and no public way there but to do without proxies.
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = _Backend(pool._network_backend, network, late)  # noqa: SLF001


class _Backend:
    """Opens connections that have deadlines."""

    def __init__(self, inner: Any, network: NetworkConfig, late: type[Exception]) -> None:
        self._inner = inner
        self._with = (network, late)

    def connect_tcp(self, *args: Any, **options: Any) -> "_Stream":
        return _Stream(self._inner.connect_tcp(*args, **options), *self._with)

    def connect_unix_socket(self, *args: Any, **options: Any) -> "_Stream":
        return _Stream(self._inner.connect_unix_socket(*args, **options), *self._with)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Stream:
    """A connection; what is written after something was read begins a request."""

    def __init__(self, inner: Any, network: NetworkConfig, late: type[Exception]) -> None:
        self._inner = inner
        self._with = (network, late)
        self._answering = True
        self._begin()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._answering = True
        data: bytes = self._inner.read(max_bytes, self._left(timeout))
        self._moved += len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._answering:
            self._begin()
        for start in range(0, len(buffer), _PIECE):
            piece = buffer[start : start + _PIECE]
            self._inner.write(piece, self._left(timeout))
            self._moved += len(piece)

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, *args: Any, **options: Any) -> "_Stream":
        return _Stream(self._inner.start_tls(*args, **options), *self._with)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def _begin(self) -> None:
        self._answering = False
        self._began, self._moved = time.monotonic(), 0

    def _left(self, timeout: float | None) -> float:
        """Return the seconds that the next piece may take."""
        network, late = self._with
        allowed = network.total + self._moved / _FLOOR
        left = self._began + allowed - time.monotonic()
        if left <= 0:
            raise late(f"not done within {allowed:.0f} s")
        return min(left, network.silence if timeout is None else timeout)
