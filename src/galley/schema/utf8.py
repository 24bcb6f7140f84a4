"""The strings of a column as bytes, so that many are looked at without making one of them."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.types as pt

from galley.schema.characters import FOLLOWS, Characters

_WIDE, _MOST = 32, 64  # bytes that are compared at once, and those of a string that are
_MASKS = np.array([b"\xff" * size for size in range(_WIDE + 1)], f"S{_WIDE}")
_MUCH = 1 << 16  # bytes that are looked at in runs


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

    def to_arrow(self) -> pa.Array:
        """Return them as an Arrow array; what was null is what it lies over."""
        buffers = [pa.py_buffer(self.bounds), pa.py_buffer(self.data)]
        return pa.LargeStringArray.from_buffers(len(self.bounds) - 1, *buffers)

    @cached_property
    def sizes(self) -> Any:
        """How many bytes each string has."""
        return self.bounds[1:] - self.bounds[:-1]

    @property
    def own(self) -> Any:
        """The bytes of all strings, and of no other."""
        return self.data[self.bounds[0] : self.bounds[-1]]

    @cached_property
    def characters(self) -> Characters:
        """What characters the strings are, as if they were one."""
        return Characters(self.own)

    @property
    def is_plain(self) -> bool:
        """Whether all is ASCII without NUL, as far as one look tells: of much it does not."""
        own = self.own
        return len(own) < _MUCH and (raw := own.tobytes()).isascii() and 0 not in raw

    @property
    def is_valid(self) -> bool:
        """Whether each string is UTF-8; bytes behind a null need not be."""
        own, begins = self.own, self.bounds[:-1] - self.bounds[0]
        if self.characters.is_ascii:
            return True
        # All together may be what those are not that are cut within a character.
        first = own[begins[begins < len(own)]].view(np.int8)
        return bool((first >= FOLLOWS).all()) and self.characters.is_valid

    def have_nul(self) -> Any:
        """Return which strings have a NUL."""
        bad = np.zeros(len(self.sizes), dtype=bool)
        places = np.flatnonzero(self.own == 0) + self.bounds[0]
        bad[np.searchsorted(self.bounds, places, side="right") - 1] = True
        return bad

    @cached_property
    def _starts(self) -> Any:
        """How many characters begin before each bound."""
        return self.characters.count(self.bounds - self.bounds[0])

    @cached_property
    def lengths(self) -> Any:
        """How many code points each string has."""
        return np.diff(self._starts)

    def places(self, rows: Any, points: Any) -> Any:
        """Return where in the bytes the code points `points` of the strings `rows` begin."""
        places = self.bounds[rows] + points
        if not self.characters.is_ascii:
            wide = np.flatnonzero((self.lengths != self.sizes)[rows])
            found = self.characters.find(self._starts[rows[wide]] + points[wide])
            places[wide] = found + self.bounds[0]
        return places

    def unlike(self, others: "Utf8") -> Any:
        """Return which strings are not what those of as many others are."""
        if self.own.tobytes() == others.own.tobytes() and np.array_equal(self.sizes, others.sizes):
            return np.zeros(len(self.sizes), dtype=bool)
        return self.differing(self.bounds[:-1], others) | (self.sizes != others.sizes)

    def differing(self, starts: Any, others: "Utf8") -> Any:
        """Return where the bytes from `starts` on do not begin with what `others` say.

        All starts lie inside the bytes, and there are as many as other strings.
        """
        theirs, sizes = others.bounds[:-1], others.sizes
        bad = starts + sizes > len(self.data)
        near = (starts > len(self.data) - _MOST) | (theirs > len(others.data) - _MOST)
        alone = ~bad & (near | (sizes > _MOST))
        some = np.flatnonzero(~(bad | alone))
        for on in range(0, _MOST, _WIDE):
            left = sizes[some] - on
            if on:
                some, left = some[left > 0], left[left > 0]
            if len(some):
                unlike = _pieces(self.data, starts[some] + on)
                unlike ^= _pieces(others.data, theirs[some] + on)
                unlike &= _MASKS[np.minimum(left, _WIDE)].view("<u8")
                if unlike.any():
                    bad[some[unlike.reshape(len(some), -1).any(axis=1)]] = True
        for item in np.flatnonzero(alone).tolist():  # few are so long
            here, there, size = starts[item], theirs[item], sizes[item]
            ours, said = self.data[here : here + size], others.data[there : there + size]
            bad[item] = ours.tobytes() != said.tobytes()
        return bad

    def sha256(self) -> "Utf8":
        """Return the SHA-256 of each string as 64 hex digits."""
        data, bounds = memoryview(self.data), self.bounds.tolist()
        pairs = pairwise(bounds)
        digits = b"".join([sha256(data[start:stop]).digest() for start, stop in pairs]).hex()
        return Utf8(np.frombuffer(digits.encode("ascii"), np.uint8), np.arange(len(bounds)) * 64)


def _pieces(data: Any, places: Any) -> Any:
    """Return the bytes from each place on, so many that they are compared at once, as numbers."""
    # Each overlaps the next one: they begin a byte apart.
    pieces: Any = np.ndarray(len(data) - _WIDE + 1, f"V{_WIDE}", data, strides=(1,))
    return pieces[places].view("<u8")
