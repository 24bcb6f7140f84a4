"""Which characters some bytes of UTF-8 are, without making one of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

_ASCII, _MOST = 0x80, 0xF4  # below the one are characters of one byte; above the other is nothing
FOLLOWS = -64  # below it, as a signed number, is a byte that goes on with a character
_NEAR = 1 << 19  # bytes that stay in the cache of a processor while they are looked at
_BITS = 64
_HALVES = (32, 16, 8, 4, 2, 1)
# Begins of characters after which not every byte may follow that goes on: what could be said in
# fewer bytes is not UTF-8, nor are surrogates, nor what is beyond U+10FFFF.
_CHOOSY = ((0xE0, 0xA0, 0xBF), (0xED, 0x80, 0x9F), (0xF0, 0x90, 0xBF), (0xF4, 0x80, 0x8F))
_NONE = np.zeros(3, dtype=np.uint8)


def runs(size: int) -> list[slice]:
    """Return the places below `size` in runs that stay in the cache of a processor."""
    return [slice(start, min(start + _NEAR, size)) for start in range(0, size, _NEAR)]


@dataclass(frozen=True)
class Characters:
    """The characters of some bytes.

    Attributes:
        data: The bytes.
    """

    data: Any

    @cached_property
    def largest(self) -> int:
        """The largest byte, 0 if there is none."""
        return int(self.data.max(initial=0))

    @property
    def is_ascii(self) -> bool:
        """Whether each byte is a character."""
        return self.largest < _ASCII

    @property
    def is_valid(self) -> bool:
        """Whether all of it is UTF-8."""
        return self.is_ascii or (self.largest <= _MOST and self._looked[0])

    @property
    def _begins(self) -> Any:
        """For each byte a bit, whether it begins a character, and a word more."""
        return self._looked[1]

    @cached_property
    def _looked(self) -> tuple[bool, Any]:
        valid, bits = True, []
        for run in runs(len(self.data)):
            good, begins = self._look(run)
            valid = valid and good
            bits.append(begins)
        bits.append(np.zeros(8 + (-len(self.data) // 8) % 8, dtype=np.uint8))
        return valid, np.concatenate(bits).view("<u8")

    def _look(self, run: slice) -> tuple[bool, Any]:
        """Return whether each byte of a run follows on those before it as it should.

        And the bits of those that begin a character.
        """
        data = self.data[max(run.start - 3, 0) : run.stop]
        before, after = _NONE[: 3 * (run.start == 0)], _NONE[: 3 * (run.stop == len(self.data))]
        if len(before) or len(after):
            data = np.concatenate([before, data, after])
        begins = data[3:].view(np.int8) >= FOLLOWS
        wanted = data[2:-1] >= 0xC2
        wanted |= data[1:-2] >= 0xE0
        wanted |= data[:-3] >= 0xF0
        valid = bool((wanted ^ begins).all()) and not ((data & 0xFE) == 0xC0).any()
        valid = valid and all(_chooses(data, *rule) for rule in _CHOOSY if rule[0] <= self.largest)
        return valid, np.packbits(begins[: run.stop - run.start], bitorder="little")

    @cached_property
    def _counts(self) -> Any:
        """How many characters begin before each word of `_begins`."""
        counts = np.zeros(len(self._begins), dtype=np.int64)
        np.cumsum(np.bitwise_count(self._begins[:-1]), out=counts[1:])
        return counts

    def count(self, places: Any) -> Any:
        """Return how many characters begin before each of some places."""
        if self.is_ascii:
            return places
        words, bits = places // _BITS, (places % _BITS).astype(np.uint64)
        before = self._begins[words] & ((np.uint64(1) << bits) - np.uint64(1))
        return self._counts[words] + np.bitwise_count(before)

    def find(self, numbers: Any) -> Any:
        """Return the places where the characters of some numbers begin."""
        if self.is_ascii:
            return numbers
        words = np.searchsorted(self._counts, numbers, side="right") - 1
        left = (numbers - self._counts[words]).astype(np.uint8)
        bits, places = self._begins[words], words * _BITS
        for half in _HALVES:
            # Is it in the lower half of what is left of the word, or so many bits further on?
            lower = np.bitwise_count(bits & np.uint64((1 << half) - 1))
            further = left >= lower
            left -= lower * further
            steps = further * np.uint8(half)
            bits >>= steps
            places += steps
        return places


def _chooses(data: Any, first: int, least: int, most: int) -> bool:
    """Return whether behind each byte `first` is one from `least` to `most`."""
    marks = data[:-1] == first
    if not marks.any():
        return True
    seconds = data[1:][marks]
    return bool(((seconds >= least) & (seconds <= most)).all())
