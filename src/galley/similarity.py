"""How alike two texts are: MinHash over word shingles.

A sketch is the MinHash digest of a text's shingles; the share of places at which two sketches
agree estimates the Jaccard similarity of the shingle sets (Broder 1997). Texts whose sketches
share a band become candidates (locality-sensitive hashing), so no pair is compared in vain.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np

SKETCH = 128  # values: the estimate is right to about 0.04
_ROWS = 4  # values in a band: pairs of 0.5 meet with 0.87, of 0.7 with 0.9998
_SHINGLE = 3  # words
_SEED = 20240501  # part of the format of identity.jsonl: never changed
_AT_ONCE = 1 << 18  # sketches whose bands are sorted in memory at a time
# A character of a script that is written without spaces: a word of its own.
_WIDE = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_HAS_WIDE = re.compile(f"[{_WIDE}]")
_MIXED = re.compile(rf"[{_WIDE}]|\w+?(?:(?=[{_WIDE}])|\b)")
_WORD = re.compile(r"\w+")
# What `\w` matches in ASCII, in lower case; all else is a space.
_ASCII = bytes(ord(c.lower()) if (c := chr(n)).isalnum() or c == "_" else 32 for n in range(128))
_ASCII += bytes(128)

Sketch = tuple[int, ...]
Sketches = Any  # of shape (texts, values) and type uint32; numpy is imported where it is used


def sketch(text: str, *, values: int = SKETCH) -> Sketch:
    """Return the MinHash sketch of `text`: `values` unsigned 32-bit numbers."""
    (found,) = _digest([_shingles(text)], values)
    return tuple(found)


def sketch_all(texts: Iterable[str]) -> "np.ndarray[Any, np.dtype[np.uint32]]":
    """Return the sketches of `texts`, one below another, in their order."""
    import numpy as np  # noqa: PLC0415 - only where texts are compared

    found = _digest(list(map(_shingles, texts)), SKETCH)
    return np.array(found, dtype=np.uint32).reshape(len(found), SKETCH)


def _digest(shingles: list[list[str]], values: int) -> list[list[int]]:
    # Builds run a process for each core: threads inside them would only wait for each other.
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    from rensa import RMinHash  # noqa: PLC0415 - only where texts are compared

    found: list[list[int]] = RMinHash.digests_from_token_sets(shingles, values, _SEED)
    return found


def _shingles(text: str) -> list[str]:
    words = _words(text)
    if len(words) <= _SHINGLE:
        return [" ".join(words)]
    return list(map(" ".join, zip(*(words[start:] for start in range(_SHINGLE)), strict=False)))


def _words(text: str) -> list[str]:
    if text.isascii():  # the same words, three times as fast
        return text.encode("ascii").translate(_ASCII).decode("ascii").split()
    pattern = _MIXED if _HAS_WIDE.search(text) else _WORD
    return pattern.findall(text.casefold())


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

    def bands(self) -> int:
        """Return how many bands a sketch has."""

    def band(self, number: int) -> "Iterable[np.ndarray[Any, np.dtype[np.uint64]]]":
        """Yield that band of all sketches, folded to one number each, in pieces in order."""

    def rows(self, numbers: "np.ndarray[Any, Any]") -> Sketches:
        """Return the sketches of these numbers, one below another."""


@dataclass(frozen=True)
class Stack:
    """Sketches in memory, one below another."""

    sketches: Sketches

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.sketches)

    def bands(self) -> int:
        """Return how many bands a sketch has."""
        return len(fold(self.sketches[:1]))

    def band(self, number: int) -> "Iterable[np.ndarray[Any, np.dtype[np.uint64]]]":
        """Yield that band of all sketches."""
        yield fold(self.sketches)[number]

    def rows(self, numbers: "np.ndarray[Any, Any]") -> Sketches:
        """Return the sketches of these numbers."""
        return self.sketches[numbers]


def fold(sketches: Sketches) -> "np.ndarray[Any, np.dtype[np.uint64]]":
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


def group(sketches: Sequence[Sketch], *, threshold: float) -> list[list[int]]:
    """Return groups of indexes into `sketches` that are alike, directly or through others.

    Args:
        sketches: All of one length.
        threshold: Likeness, 0 to 1, from which two are alike.

    Returns:
        The groups of two and more, each ascending, in the order of their first member.
    """
    import numpy as np  # noqa: PLC0415 - as above

    if not sketches:
        return []
    first = first_alike(Stack(np.array(sketches, dtype=np.uint32)), threshold=threshold)
    members: dict[int, list[int]] = {}
    numbers: list[int] = first.tolist()
    for index, lowest in enumerate(numbers):
        members.setdefault(lowest, []).append(index)
    return [several for several in members.values() if len(several) > 1]


def first_alike(
    shelf: Shelf,
    *,
    threshold: float,
    among: "np.ndarray[Any, Any] | None" = None,
    at_once: int = _AT_ONCE,
) -> Any:
    """Return for each sketch the lowest number of those it is alike, directly or through others.

    Memory holds 8 bytes for each sketch, and one band of about `at_once` of them.

    Args:
        shelf: The sketches.
        threshold: Likeness, 0 to 1, from which two are alike.
        among: For each sketch whether it counts; None for all. Others stand alone.
        at_once: How many sketches' bands are sorted at a time.
    """
    import numpy as np  # noqa: PLC0415 - as above

    groups = _Groups(shelf, threshold)
    parts = -(-len(shelf) // at_once)
    for band in range(shelf.bands()):
        for part in range(parts):
            keys, numbers = _read(shelf, band, np.uint64(parts), part=part, among=among)
            groups.join(keys, numbers)
    return groups.roots


def _read(shelf: Shelf, band: int, parts: Any, *, part: int, among: Any) -> tuple[Any, Any]:
    """Return the keys of a band that belong to `part`, and which sketches have them."""
    import numpy as np  # noqa: PLC0415 - as above

    keys, numbers, start = [], [], 0
    for piece in shelf.band(band):
        wanted = piece % parts == part if parts > 1 else np.ones(len(piece), dtype=bool)
        if among is not None:
            wanted &= among[start : start + len(piece)]
        keys.append(piece[wanted])
        numbers.append(np.flatnonzero(wanted) + start)
        start += len(piece)
    return np.concatenate(keys), np.concatenate(numbers)


class _Groups:
    """Sketches in groups that grow together; each is named by its lowest number."""

    def __init__(self, shelf: Shelf, threshold: float) -> None:
        import numpy as np  # noqa: PLC0415 - as above

        self._shelf = shelf
        self._threshold = threshold
        self.roots: Any = np.arange(len(shelf))

    def join(self, keys: Any, numbers: Any) -> None:
        """Join those of `numbers`, ascending, that have one key and are alike."""
        import numpy as np  # noqa: PLC0415 - as above

        if not len(keys):
            return
        order = np.argsort(keys, kind="stable")
        keys, numbers = keys[order], numbers[order]
        edges = np.flatnonzero(np.diff(keys)) + 1
        starts, stops = np.append(0, edges), np.append(edges, len(keys))
        roots = self.roots[numbers]
        apart = np.minimum.reduceat(roots, starts) != np.maximum.reduceat(roots, starts)
        for start, stop in zip(starts[apart].tolist(), stops[apart].tolist(), strict=True):
            self._compare(numbers[start:stop])
        while (self.roots[self.roots] != self.roots).any():
            self.roots = self.roots[self.roots]

    def _compare(self, numbers: Any) -> None:
        """Join those of `numbers` that are alike.

        Each is compared only with those that no one was found alike yet: thousands of reports
        after one pattern take one comparison each.
        """
        import numpy as np  # noqa: PLC0415 - as above

        rows = self._shelf.rows(numbers)
        left: Any = np.arange(len(numbers))
        while len(left):
            frontier, left = [left[0]], left[1:]
            while frontier and len(left):
                one = frontier.pop()
                alike = (rows[left] == rows[one]).mean(axis=1) >= self._threshold
                for other in left[alike]:
                    self._unite(numbers[one], numbers[other])
                frontier += left[alike].tolist()
                left = left[~alike]

    def _unite(self, one: int, other: int) -> None:
        first, second = sorted((self._root(one), self._root(other)))
        self.roots[second] = first

    def _root(self, number: int) -> int:
        while (up := int(self.roots[number])) != number:
            number = up
        return number
