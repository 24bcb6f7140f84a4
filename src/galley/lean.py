"""Keep a process small, and gone with the one that it works for."""

import ctypes
import gc
import os
import pickle
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Of glibc's `mallopt`: sizes from which memory is asked of the system and given back to it, and
# how many heaps there are.
_TRIM, _MAP, _ARENAS = -1, -3, -8
# A page's texts and arrays come and go all the time, and the system clears what it gives each
# time anew: below this size, which took a seventh of the time, they are kept.
_LARGE, _LARGEST = 1 << 21, 1 << 25
# Objects made between two looks for those that only hold each other: there are hardly any.
_OBJECTS = 100_000
_SETTINGS = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1"}


class _NoPandas:
    """Hides pandas from who imports it."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        del path, target
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


@contextmanager
def without_pandas() -> Iterator[None]:
    """Hide pandas meanwhile from what does not need it.

    Where pyarrow finds pandas it imports it, with the first array that it makes of Python's
    values: 46 MB and a third of a second. It asks only once.
    """
    sys.meta_path.insert(0, _NoPandas)
    try:
        yield
    finally:
        sys.meta_path.remove(_NoPandas)


def give_back(kept: int = _LARGE) -> None:
    """Let this process return to the system what it frees, where the C library is glibc.

    By itself it keeps ever larger pieces, once it has freed such a piece: for the next batch,
    which is there when the last one is not gone yet. That is a quarter of what a worker has.

    Before pyarrow and numpy are imported, here or in processes that this one starts, it keeps
    them from having heaps of their own, which give back nothing, and threads that only wait.

    Args:
        kept: Bytes from which a piece is given back; what is smaller is used again.
    """
    set_lean()
    _set({_MAP: kept, _TRIM: kept, _ARENAS: 1})


def set_lean() -> None:
    """Let pyarrow and numpy, which are imported later, have no heaps and no idle threads."""
    for name, setting in _SETTINGS.items():
        os.environ.setdefault(name, setting)


def collect_seldom() -> None:
    """Let this process seldom look for objects that only hold each other.

    In a build of ten thousand files, each look at what is known of all of them is in vain.
    """
    gc.set_threshold(_OBJECTS)


def keep_freed() -> None:
    """Let this process keep what it frees for what it asks for next, where it is glibc's.

    Where pieces of one size follow each other, the system would take the memory of each and
    give it back cleared for the next: a fifth of all the time.
    """
    _set({_MAP: _LARGEST, _TRIM: _LARGEST * 4})


def pack(item: Any) -> bytes:
    """Return an object as it waits: names of files, and the like, shrink to a tenth."""
    return zlib.compress(pickle.dumps(item), 1)


def unpack(data: bytes) -> Any:
    """Return the object that `pack` was given, by this same program."""
    return pickle.loads(zlib.decompress(data))  # noqa: S301 - as it says


def end_with_parent() -> None:
    """Let this worker end when its parent is gone: one that was killed could not tell it to."""
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    from multiprocessing import parent_process  # noqa: PLC0415 - only a worker has one

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _set(settings: dict[int, int]) -> None:
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        for option, value in settings.items():
            if hasattr(library, "mallopt"):
                library.mallopt(option, value)
