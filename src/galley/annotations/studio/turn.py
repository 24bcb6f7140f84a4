"""One at a time: two installers, or two that start the same server, wait for each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from galley.annotations.studio.notify import Notify


@contextmanager
def turn(folder: Path, notify: Notify) -> Iterator[None]:
    """Hold the lock beside `folder`; wait for whoever holds it, however long that takes.

    The operating system frees the lock of a process that dies.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - not needed for --help

    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_name(f"{folder.name}.lock"))
    try:
        lock.acquire(blocking=False)
    except Timeout:
        notify("another process is at it: waiting for it to end")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
