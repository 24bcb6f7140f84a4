"""How alike two texts are: MinHash over word shingles.

A sketch is the MinHash digest of a text's shingles; the share of places at which two sketches
agree estimates the Jaccard similarity of the shingle sets (Broder 1997). Texts whose sketches
share a band become candidates (locality-sensitive hashing), so no pair is compared in vain.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from galley.shingles import hash_shingles, minhash

SKETCH = 128  # values: the estimate is right to about 0.04
_ROWS = 4  # values in a band: pairs of 0.5 meet with 0.87, of 0.7 with 0.9998
_SEED = 20240501  # part of the format of identity.jsonl: never changed
_SHINGLED = 8  # texts that are hashed at a time, in 1 MB: of 2 the system takes some back each time
_AT_ONCE = 1 << 14  # sketches that are read at a time: 8 MB

Sketch = tuple[int, ...]
Numbers = Any  # an array; numpy is imported where it is used


def sketch(text: str, *, values: int = SKETCH) -> Sketch:
    """Return the MinHash sketch of `text`: `values` unsigned 32-bit numbers."""
    (found,) = _digest([text], values)
    return tuple(found)


def sketch_all(texts: Iterable[str]) -> Numbers:
    """Return the sketches of `texts`, one below another, in their order, as uint32."""
    import numpy as np  # noqa: PLC0415 - only where texts are compared

    found: list[Numbers] = [np.empty((0, SKETCH), dtype=np.uint32)]
    waiting = iter(texts)
    while some := list(islice(waiting, _SHINGLED)):
        found.append(np.array(_digest(some, SKETCH), dtype=np.uint32))
    return np.concatenate(found)


def _digest(texts: list[str], values: int) -> list[list[int]]:
    hashes, edges = hash_shingles(texts)
    digests = minhash().digest_matrix_from_flat_token_hashes(hashes, edges.tolist(), values, _SEED)
    found: list[list[int]] = digests.to_rows()
    return found


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the estimated Jaccard similarity, 0 to 1, of two sketches.

    Of sketches of unequal length the common beginning counts.
    """
    pairs = list(zip(one, other, strict=False))
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0


class Shelf(Protocol):
    """Sketches by number from 0, which need not be in memory."""

    def __len__(self) -> int:
        """Return how many there are."""

    def bands(self, some: range) -> Iterable[Numbers]:
        """Yield these bands of all sketches, as `fold` does, in pieces in order."""

    def rows(self, numbers: Numbers) -> Numbers:
        """Return the sketches of these numbers, one below another."""


@dataclass(frozen=True)
class Stack:
    """Sketches in memory, one below another."""

    sketches: Numbers

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.sketches)

    def bands(self, some: range) -> Iterable[Numbers]:
        """Yield these bands of all sketches."""
        yield fold(self.sketches)[some.start : some.stop]

    def rows(self, numbers: Numbers) -> Numbers:
        """Return the sketches of these numbers."""
        return self.sketches[numbers]


def fold(sketches: Numbers) -> Numbers:
    """Return the bands of sketches as numbers: a row for each band, a column for each sketch.

    Equal bands give equal numbers; that unequal ones do, too, is rare and costs a comparison.
    """
    import numpy as np  # noqa: PLC0415 - as above

    folded = np.zeros((-(-sketches.shape[1] // _ROWS), len(sketches)), dtype=np.uint64)
    for place in range(sketches.shape[1]):
        band = folded[place // _ROWS]
        band *= np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: mixes the bits
        band += sketches[:, place]
        band ^= band >> np.uint64(29)
    return folded


def group(sketches: Sequence[Sketch] | Numbers, *, threshold: float) -> list[list[int]]:
    """Return groups of indexes into `sketches` that are alike, directly or through others.

    Args:
        sketches: All of one length.
        threshold: Likeness, 0 to 1, from which two are alike.

    Returns:
        The groups of two and more, each ascending, in the order of their first member.
    """
    import numpy as np  # noqa: PLC0415 - as above

    if not len(sketches):
        return []
    stack = Stack(np.asarray(sketches, dtype=np.uint32))
    bands = range(-(-stack.sketches.shape[1] // _ROWS))
    members: dict[int, list[int]] = {}
    lowest = join(len(stack), [alike(stack, bands, threshold=threshold)])
    for index, first in enumerate(lowest.tolist()):
        members.setdefault(first, []).append(index)
    return [several for several in members.values() if len(several) > 1]


def alike(
    shelf: Shelf,
    bands: range,
    *,
    threshold: float,
    part: tuple[int, int] = (0, 1),
    among: Numbers | None = None,
) -> Numbers:
    """Return pairs of sketches that share one of `bands` and are alike.

    Not all pairs, but enough to join all that are alike: of a thousand reports after one
    pattern 999. Memory holds the keys of one part of these bands.

    Args:
        shelf: The sketches.
        bands: Which bands, from 0.
        threshold: Likeness, 0 to 1, from which two are alike.
        part: Which part of the bands' keys, from 0, of how many.
        among: For each sketch whether it counts; None for all.

    Returns:
        Numbers of sketches, of shape (pairs, 2).
    """
    import numpy as np  # noqa: PLC0415 - as above

    pairs, reached = [np.empty((0, 2), dtype=np.int64)], _Reached()
    for keys, numbers in _read(shelf, bands, part, among):
        found = _compare_all(shelf, _buckets(keys, numbers, reached.lowest(numbers)), threshold)
        pairs.append(found)
        reached.add(found)
    return np.concatenate(pairs)


class _Reached:
    """Numbers that pairs lead to from each other; most are in no pair, and not held."""

    def __init__(self) -> None:
        import numpy as np  # noqa: PLC0415 - as above

        self._members: Numbers = np.empty(0, dtype=np.int64)  # ascending
        self._lowest: Numbers = self._members  # of those that each of them is joined with

    def lowest(self, numbers: Numbers) -> Numbers:
        """Return for each of `numbers` the lowest of those that pairs lead to from it."""
        return _replaced(numbers, self._members, self._lowest)

    def add(self, pairs: Numbers) -> None:
        """Join the two of each of `pairs`; what was joined before is not looked through again."""
        import numpy as np  # noqa: PLC0415 - as above

        heads, places = np.unique(self.lowest(pairs), return_inverse=True)
        lower = heads[join(len(heads), [places.reshape(-1, 2)])]
        members = np.union1d(self._members, pairs)
        self._lowest = _replaced(self.lowest(members), heads, lower)
        self._members = members


def _replaced(numbers: Numbers, some: Numbers, others: Numbers) -> Numbers:
    """Return `numbers`, but those that stand in `some`, which ascend, as `others` has them."""
    import numpy as np  # noqa: PLC0415 - as above

    if not len(some):
        return numbers
    at = np.minimum(np.searchsorted(some, numbers), len(some) - 1)
    return np.where(some[at] == numbers, others[at], numbers)


def _buckets(keys: Numbers, numbers: Numbers, lowest: Numbers) -> tuple[Numbers, list[Numbers]]:
    """Return which of `numbers` have a key in common: the couples, and the others.

    `lowest` has for each the lowest that it is joined with.

    Those that are joined already are left out: nearly all that are alike share many bands.
    """
    import numpy as np  # noqa: PLC0415 - as above

    if not len(keys):
        return np.empty((0, 2), dtype=np.int64), []
    order = np.argsort(keys, kind="stable")
    keys, numbers, lowest = keys[order], numbers[order], lowest[order]
    starts = np.append(0, np.flatnonzero(np.diff(keys)) + 1)
    sizes = np.diff(np.append(starts, len(keys)))
    first, last = (end.reduceat(lowest, starts) for end in (np.minimum, np.maximum))
    new = first != last
    couples, several = new & (sizes == 2), new & (sizes > 2)  # the former are soon compared
    pairs = np.column_stack((numbers[starts[couples]], numbers[starts[couples] + 1]))
    places = zip(starts[several].tolist(), sizes[several].tolist(), strict=True)
    return pairs, [numbers[start : start + size] for start, size in places]


def _compare_all(shelf: Shelf, buckets: tuple[Numbers, list[Numbers]], threshold: float) -> Numbers:
    """Return pairs that are alike, of the couples and of each of the other buckets."""
    import numpy as np  # noqa: PLC0415 - as above

    couples, several = buckets
    pairs = [np.empty((0, 2), dtype=np.int64)]
    for found in np.split(couples, range(_AT_ONCE, len(couples), _AT_ONCE)):
        same = shelf.rows(found[:, 0]) == shelf.rows(found[:, 1])
        pairs.append(found[same.mean(axis=1) >= threshold])
    for some in _batches(several):
        rows = shelf.rows(np.concatenate(some))
        edges = np.cumsum([len(bucket) for bucket in some])[:-1]
        for bucket, own in zip(some, np.split(rows, edges), strict=True):
            pairs.append(bucket[_compare(own, threshold)])
    return np.concatenate(pairs)


def _batches(buckets: Iterable[Numbers]) -> Iterator[list[Numbers]]:
    """Yield buckets, so many at a time that their sketches are soon read and fit into memory."""
    waiting: list[Numbers] = []
    size = 0
    for bucket in buckets:
        waiting.append(bucket)
        size += len(bucket)
        if size >= _AT_ONCE:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


def _read(
    shelf: Shelf, bands: range, part: tuple[int, int], among: Numbers | None
) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield of each band the keys that belong to `part`, and which sketches have them.

    Of those keys that only one sketch has, few are left.
    """
    import numpy as np  # noqa: PLC0415 - as above

    keys: list[list[Numbers]] = [[np.empty(0, dtype=np.uint64)] for _ in bands]
    numbers: list[list[Numbers]] = [[np.empty(0, dtype=np.int64)] for _ in bands]
    start = 0
    for piece in shelf.bands(bands):
        stop = start + piece.shape[1]
        for place, band in enumerate(piece):
            wanted = band % np.uint64(part[1]) == part[0]
            if among is not None:
                wanted &= among[start:stop]
            keys[place].append(band[wanted])
            numbers[place].append(np.flatnonzero(wanted) + start)
        start = stop
    for some, whose in zip(keys, numbers, strict=True):
        own = np.concatenate(some)
        recurring = _may_recur(own)
        yield own[recurring], np.concatenate(whose)[recurring]


def _may_recur(keys: Numbers) -> Numbers:
    """Return for each of `keys` whether another may be equal: sooner found than by sorting."""
    import numpy as np  # noqa: PLC0415 - as above

    bits = max(len(keys) << 2, 2).bit_length()
    slots = (keys >> np.uint64(64 - bits)).astype(np.int64)
    last, every = np.empty(1 << bits, dtype=np.int32), np.arange(len(keys), dtype=np.int32)
    last[slots] = every
    met = np.zeros(1 << bits, dtype=bool)
    met[slots[last[slots] != every]] = True
    return met[slots]


def _compare(rows: Numbers, threshold: float) -> Numbers:
    """Return pairs of `rows` that are alike: each row is found once, by the first like it."""
    import numpy as np  # noqa: PLC0415 - as above

    left: Numbers = np.arange(len(rows))
    pairs = [np.empty((0, 2), dtype=np.int64)]
    while len(left):
        frontier, left = [int(left[0])], left[1:]
        while frontier and len(left):
            one = frontier.pop()
            near = (rows[left] == rows[one]).mean(axis=1) >= threshold
            found, left = left[near], left[~near]
            pairs.append(np.column_stack((np.full(len(found), one), found)))
            frontier += found.tolist()
    return np.concatenate(pairs)


class Joined:
    """Numbers from 0, each by itself at first, that pairs lead to from each other."""

    def __init__(self, count: int) -> None:
        """Take how many there are."""
        self._lower = array("i", range(count))  # of each one that it is joined with, or itself

    def add(self, pairs: Numbers) -> None:
        """Join the two of each of `pairs`."""
        import numpy as np  # noqa: PLC0415 - as above

        lower = np.frombuffer(self._lower, dtype=np.intc)[pairs]
        new = lower[:, 0] != lower[:, 1]  # most are joined already: they share several bands
        for one, other in pairs[new].tolist():
            first, second = sorted((self._find(one), self._find(other)))
            self._lower[second] = first

    def _find(self, number: int) -> int:
        lower = self._lower
        while lower[number] != number:
            lower[number] = lower[lower[number]]
            number = lower[number]
        return number

    def lowest(self) -> Numbers:
        """Return for each number the lowest of those that it is joined with."""
        import numpy as np  # noqa: PLC0415 - as above

        lower = np.frombuffer(self._lower, dtype=np.intc)
        while ((lowest := lower[lower]) != lower).any():
            lower[:] = lowest
        return lowest


def join(count: int, pairs: Iterable[Numbers]) -> Numbers:
    """Return for each of `count` numbers the lowest of those that `pairs` lead to from it."""
    joined = Joined(count)
    for some in pairs:
        joined.add(some)
    return joined.lowest()
