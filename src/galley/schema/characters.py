"""Which characters some bytes of UTF-8 are, without making one of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

ASCII, _MOST = 0x80, 0xF4  # below the one are characters of one byte; above the other is nothing
FOLLOWS = -64  # below it, as a signed number, is a byte that goes on with a character
_NEAR = 1 << 19  # bytes that stay in the cache of a processor while they are looked at
_BITS, _SHIFT = 64, 6
_HALVES = (32, 16, 8, 4, 2, 1)
# Begins of characters after which not every byte may follow that goes on: what could be said in
# fewer bytes is not UTF-8, nor are surrogates, nor what is beyond U+10FFFF.
_CHOOSY = ((0xE0, 0xA0, 0xBF), (0xED, 0x80, 0x9F), (0xF0, 0x90, 0xBF), (0xF4, 0x80, 0x8F))
_NEVER = b"\xc0\xc1"
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
    def _looks(self) -> list["_Look"]:
        return [_look(self.data, run) for run in runs(len(self.data))]

    @cached_property
    def is_ascii(self) -> bool:
        """Whether each byte is a character."""
        return all(look.begins is None for look in self._looks)

    @property
    def is_valid(self) -> bool:
        """Whether all of it is UTF-8."""
        return all(look.valid for look in self._looks)

    @property
    def has_nul(self) -> bool:
        """Whether one of them is NUL."""
        return any(look.nul for look in self._looks)

    @cached_property
    def _begins(self) -> Any:
        """For each byte a bit, whether it begins a character, and a word more."""
        whole = np.full(_NEAR // 8, 0xFF, dtype=np.uint8)
        sizes = [-(-(run.stop - run.start) // 8) for run in runs(len(self.data))]
        looks = zip(sizes, self._looks, strict=True)
        bits = [whole[:size] if look.begins is None else look.begins for size, look in looks]
        bits.append(np.zeros(8 + -sum(sizes) % 8, dtype=np.uint8))
        return np.concatenate(bits).view("<u8")

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
        words, bits = places >> _SHIFT, (places & (_BITS - 1)).astype(np.uint64)
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


class _Look(NamedTuple):
    """What is found in a run.

    Attributes:
        valid: Whether each byte follows on those before it as it should.
        nul: Whether one is NUL.
        begins: For each byte a bit, whether it begins a character; None if each does.
    """

    valid: bool
    nul: bool
    begins: Any


def _look(data: Any, run: slice) -> _Look:
    """Look at a run of bytes; at the last three before it, too."""
    before = data[max(run.start - 3, 0) : run.start]
    some = data[run.start - len(before) : run.stop]
    raw = some.tobytes()  # to be searched for one byte, which is quicker than to compare all
    nul = 0 in raw
    if raw.isascii():
        return _Look(valid=True, nul=nul, begins=None)
    largest = some.max()
    # Before the first byte and behind the last one is what follows on nothing.
    if run.start == 0 or run.stop == len(data):
        after = _NONE[: 3 * (run.stop == len(data))]
        some = np.concatenate([_NONE[len(before) :], some, after])
    begins = some[3:].view(np.int8) >= FOLLOWS
    wanted = some[2:-1] >= 0xC2
    for least, further in ((0xE0, 1), (0xF0, 0)):
        if largest >= least:
            wanted |= some[further : further - 3] >= least
    wanted ^= begins
    valid = largest <= _MOST and bool(wanted.all())
    valid = valid and not any(byte in raw for byte in _NEVER)
    choosy = [rule for rule in _CHOOSY if rule[0] <= largest and rule[0] in raw]
    valid = valid and all(_chooses(some, *rule) for rule in choosy)
    return _Look(valid, nul, np.packbits(begins[: run.stop - run.start], bitorder="little"))


def _chooses(data: Any, first: int, least: int, most: int) -> bool:
    """Return whether behind each byte `first` is one from `least` to `most`."""
    seconds = data[1:][data[:-1] == first]
    return bool(((seconds >= least) & (seconds <= most)).all())
