"""One Galley at a time: two that push at once would both send what is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from galley.errors import ServerError

# Seconds that another command is waited for: a pull that follows changes takes one or two.
_WAIT = 10.0


@contextmanager
def turn(path: Path, wait: float = _WAIT) -> Iterator[None]:
    """Hold the lock at `path`; the system frees it when this process ends, however it ends.

    Args:
        path: Of the lock.
        wait: Seconds that whoever holds it is waited for.

    Raises:
        ServerError: Another process holds it, and did not end within seconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=wait):
            yield
    except Timeout as error:
        raise ServerError(
            "another push or pull of this workspace is under way",
            code="server_busy",
            hint="wait until it has ended",
        ) from error
