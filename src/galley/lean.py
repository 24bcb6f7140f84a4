"""Keep a process small."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


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
