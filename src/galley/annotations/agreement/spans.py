"""How far two people marked the same spans: pairwise F1.

For spans there is no number of things that both left alone, so kappa has no meaning and F1
takes its place (Hripcsak and Rothschild 2005): twice the spans that two people share, by all
spans of both. It does not matter who of the two is taken for right.
"""

from collections.abc import Iterable, Sequence

# Start, end (code points, end-exclusive) and label.
Marked = tuple[int, int, str]


def count_exact(one: Iterable[Marked], two: Iterable[Marked]) -> int:
    """Return how many spans both marked with the same ends and label."""
    return len(set(one) & set(two))


def count_partial(one: Iterable[Marked], two: Iterable[Marked]) -> int:
    """Return how many pairs of spans have one label and overlap, each span in one pair.

    Equal spans are paired first, then the others in the order of the text.
    """
    first, second = set(one), set(two)
    both = first & second
    left, right = sorted(first - both), sorted(second - both)
    return len(both) + sum(_paired(left, right))


def _paired(left: Sequence[Marked], right: Sequence[Marked]) -> Iterable[bool]:
    free = list(right)
    for start, end, label in left:
        found = (s for s in free if s[2] == label and s[0] < end and start < s[1])
        other = next(found, None)
        if other is not None:
            free.remove(other)
        yield other is not None
