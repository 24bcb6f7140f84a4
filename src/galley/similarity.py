"""How alike two texts are: MinHash over word shingles.

A sketch is the MinHash digest of a text's shingles; the share of places at which two sketches
agree estimates the Jaccard similarity of the shingle sets (Broder 1997). Texts whose sketches
share a band become candidates (locality-sensitive hashing), so no pair is compared in vain.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

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
    parents = list(range(len(sketches)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for one, other in _candidates(sketches):
        first, second = sorted((root(one), root(other)))
        if first != second and likeness(sketches[one], sketches[other]) >= threshold:
            parents[second] = first
    members: dict[int, list[int]] = defaultdict(list)
    for index in range(len(sketches)):
        members[root(index)].append(index)
    return [group for group in members.values() if len(group) > 1]


def _candidates(sketches: Sequence[Sketch]) -> Iterable[tuple[int, int]]:
    """Yield pairs that share a band, each member of a bucket with all before it."""
    for start in range(0, len(sketches[0]) if sketches else 0, _ROWS):
        buckets: dict[Sketch, list[int]] = defaultdict(list)
        for index, values in enumerate(sketches):
            bucket = buckets[values[start : start + _ROWS]]
            yield from ((index, other) for other in bucket)
            bucket.append(index)
