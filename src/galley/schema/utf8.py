"""The strings of a column as bytes, so that many are looked at without making one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.types as pt

_FOLLOWS = -64  # below it, as a signed number, is a byte that goes on with a character
_NEAR = 1 << 17  # bytes that stay in the cache of a processor while they are looked at


def find(test: Callable[[slice], Any], size: int) -> Any:
    """Return the places below `size` for which `test` holds, ascending.

    Args:
        test: Tells of a run of places for each whether it does.
        size: How many there are.
    """
    runs = (slice(start, min(start + _NEAR, size)) for start in range(0, size, _NEAR))
    found = [np.flatnonzero(test(run)) + run.start for run in runs]
    return np.concatenate([np.empty(0, dtype=np.int64), *found])


@dataclass(frozen=True)
class Utf8:
    """The strings of a column, one after another.

    Attributes:
        data: Their bytes, and perhaps others.
        bounds: Where each begins, and last where the last ends.
    """

    data: Any
    bounds: Any

    @classmethod
    def of(cls, array: Any) -> "Utf8":
        """Return the strings of an Arrow array of strings, large or not; a null may be any."""
        if not len(array):
            return cls(np.empty(0, dtype=np.uint8), np.zeros(1, dtype=np.int64))
        _, offsets, data = array.buffers()
        kind = np.int64 if pt.is_large_string(array.type) else np.int32
        bounds = np.frombuffer(offsets, kind)[array.offset : array.offset + len(array) + 1]
        return cls(np.frombuffer(data or b"", np.uint8), bounds.astype(np.int64))

    @property
    def own(self) -> Any:
        """The bytes of all strings, and of no other."""
        return self.data[self.bounds[0] : self.bounds[-1]]

    @cached_property
    def _followers(self) -> Any:
        """Where the bytes are that go on with a character: few, in most languages."""
        own = self.own.view(np.int8)
        return find(lambda some: own[some] < _FOLLOWS, len(own)) + self.bounds[0]

    @cached_property
    def _starts(self) -> Any:
        """For each bound how many bytes before it begin a character."""
        return self.bounds - np.searchsorted(self._followers, self.bounds)

    @cached_property
    def _before(self) -> Any:
        """For each follower the number of the first character after the one it goes on with."""
        return self._followers - np.arange(len(self._followers))

    @cached_property
    def lengths(self) -> Any:
        """How many code points each string has."""
        return np.diff(self._starts)

    def places(self, rows: Any, points: Any) -> Any:
        """Return where in the bytes the code points `points` of the strings `rows` begin.

        The place of the end of a string is where the next one begins.
        """
        points = self._starts[rows] + points
        return points + np.searchsorted(self._before, points, side="right")

    def differing(self, starts: Any, stops: Any, others: "Utf8") -> Any:
        """Return which of the slices from `starts` to `stops` are not what `others` says.

        All slices lie inside the bytes, and there are as many as other strings.
        """
        sizes, first = np.diff(others.bounds), others.bounds[0]
        places = np.arange(len(others.own)) + np.repeat(starts - others.bounds[:-1] + first, sizes)
        unlike = self.data[np.minimum(places, len(self.data) - 1)] != others.own
        bad = stops - starts != sizes
        bad[np.searchsorted(others.bounds - first, np.flatnonzero(unlike), side="right") - 1] = True
        return bad

    def sha256(self) -> pa.Array:
        """Return the SHA-256 of each string as 64 hex digits."""
        data, bounds = memoryview(self.data), self.bounds.tolist()
        pairs = pairwise(bounds)
        digits = b"".join(sha256(data[start:stop]).digest() for start, stop in pairs).hex()
        offsets = np.arange(len(bounds), dtype=np.int32) * 64
        buffers = [pa.py_buffer(offsets), pa.py_buffer(digits.encode("ascii"))]
        return pa.StringArray.from_buffers(len(bounds) - 1, *buffers)
