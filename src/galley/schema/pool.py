"""Who checks the pieces of a file: threads, or processes where there is work for them."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing import get_context
from typing import Any, TypeVar

import pyarrow as pa

from galley.errors import GalleyError
from galley.lean import end_with_parent, keep_freed

Kept = TypeVar("Kept")

# Processes start in the time in which one reads so many bytes.
_WORTH = 1 << 24


@contextmanager
def open_pool(size: int) -> Iterator[Executor]:
    """Yield what runs functions: a thread, or a process, for each core.

    Threads wait for each other, since much of the work needs the interpreter. Processes are
    forked, with all that was imported, where the system can do it and nothing else runs that
    might hold a lock meanwhile.

    Args:
        size: Bytes of the files to be read.

    Raises:
        GalleyError: A process was killed.
    """
    number = os.cpu_count() or 1
    alone = sys.platform == "linux" and threading.active_count() == 1
    if size < _WORTH or number == 1 or not alone:
        with ThreadPoolExecutor(number) as threads:
            yield threads
        return
    with ProcessPoolExecutor(number, get_context("fork"), _prepare) as pool:
        pool.submit(int)  # forks them all
        try:
            yield pool
        except BrokenProcessPool as error:
            raise GalleyError(
                "a process was killed, as when there is too little memory",
                code="worker_killed",
                hint="close what else is running, then run the same command again",
            ) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@lru_cache(maxsize=1)
def keep(make: Callable[..., Kept], *arguments: Any) -> Kept:
    """Return what `make` returns; again and again the same for the same arguments.

    What goes to a worker with each piece of a file is made there once.
    """
    return make(*arguments)


def _prepare() -> None:
    """Let a worker end with its parent, at once and without a word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    gc.freeze()  # what is shared with the others stays shared: nothing looks at it again
    keep_freed()
    pa.set_memory_pool(pa.system_memory_pool())
