"""One Galley at a time: two that push at once would both send what is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from galley.errors import ServerError


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Hold the lock at `path`; the system frees it when this process ends, however it ends.

    Raises:
        ServerError: Another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=0):
            yield
    except Timeout as error:
        raise ServerError(
            "another push or pull of this workspace is under way",
            code="server_busy",
            hint="wait until it has ended",
        ) from error
