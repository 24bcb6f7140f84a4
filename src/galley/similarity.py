"""How alike two texts are: MinHash over word shingles.

A sketch is the MinHash digest of a text's shingles; the share of places at which two sketches
agree estimates the Jaccard similarity of the shingle sets (Broder 1997). Texts whose sketches
share a band become candidates (locality-sensitive hashing), so no pair is compared in vain.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

SKETCH = 128  # values: the estimate is right to about 0.04
_ROWS = 4  # values in a band: pairs of 0.5 meet with 0.87, of 0.7 with 0.9998
_SHINGLE = 3  # words
_SEED = 20240501  # part of the format of identity.jsonl: never changed
# A word, or one character of a script that is written without spaces.
_WORD = re.compile(
    r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+?(?:(?=[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])|\b)"
)

Sketch = tuple[int, ...]


def sketch(text: str, *, values: int = SKETCH) -> Sketch:
    """Return the MinHash sketch of `text`: `values` unsigned 32-bit numbers."""
    from rensa import RMinHash  # noqa: PLC0415 - only where texts are compared

    words = _WORD.findall(text.casefold())
    count = max(len(words) - _SHINGLE + 1, 1)
    shingles = {" ".join(words[index : index + _SHINGLE]) for index in range(count)}
    minhash = RMinHash(num_perm=values, seed=_SEED)
    minhash.update(sorted(shingles))
    return tuple(minhash.digest())


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the estimated Jaccard similarity, 0 to 1, of two sketches.

    Of sketches of unequal length the common beginning counts.
    """
    pairs = list(zip(one, other, strict=False))
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0


def group(sketches: Sequence[Sketch], *, threshold: float) -> list[list[int]]:
    """Return groups of indexes into `sketches` that are alike, directly or through others.

    Args:
        sketches: All of one length.
        threshold: Likeness, 0 to 1, from which two are alike.

    Returns:
        The groups of two and more, each ascending, in the order of their first member.
    """
    groups = _Groups(sketches, threshold)
    for start in range(0, len(sketches[0]) if sketches else 0, _ROWS):
        buckets: dict[Sketch, list[int]] = defaultdict(list)
        for index, values in enumerate(sketches):
            buckets[values[start : start + _ROWS]].append(index)
        for bucket in buckets.values():
            groups.join(bucket)
    return groups.several()


class _Groups:
    """Indexes into sketches, in groups that grow together; each is named by its first member."""

    def __init__(self, sketches: Sequence[Sketch], threshold: float) -> None:
        self._sketches = sketches
        self._threshold = threshold
        self._parents = list(range(len(sketches)))

    def join(self, bucket: list[int]) -> None:
        """Join those of `bucket`, ascending, that are alike.

        Who is in a group already is compared with no other of it: thousands of reports after
        one pattern take one comparison each.
        """
        parts: list[list[int]] = []  # members of the bucket, by group
        for index in bucket:
            own, others = [index], []
            for part in parts:
                if self._belongs(index, part):
                    self._unite(index, part[0])
                    part.extend(own)
                    own = part
                else:
                    others.append(part)
            parts = [own, *others]

    def several(self) -> list[list[int]]:
        """Return the groups of two and more, each ascending, in the order of their first."""
        members: dict[int, list[int]] = defaultdict(list)
        for index in range(len(self._parents)):
            members[self._root(index)].append(index)
        return [group for group in members.values() if len(group) > 1]

    def _belongs(self, index: int, part: list[int]) -> bool:
        if self._root(index) == self._root(part[0]):
            return True
        one = self._sketches[index]
        return any(likeness(one, self._sketches[other]) >= self._threshold for other in part)

    def _unite(self, one: int, other: int) -> None:
        first, second = sorted((self._root(one), self._root(other)))
        self._parents[second] = first

    def _root(self, index: int) -> int:
        while self._parents[index] != index:
            self._parents[index] = self._parents[self._parents[index]]
            index = self._parents[index]
        return index
