"""How probable each tag of each token is, for many lines at once: forward and backward."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]
OUTSIDE = "O"


class Found(NamedTuple):
    """A span of a line, by the numbers of its first and last token, and its probability."""

    first: int
    last: int
    label: str
    chance: float


@dataclass(frozen=True)
class Chances:
    """What is probable in a line: a row for each token, a column for each label.

    Attributes:
        labels: Of the columns.
        inside: How probable each token is a part of any entity.
        begins: How probable each token begins an entity.
        second: If the token before it begins one, how probable this one belongs to it.
        further: If the token before it is a later part of one, the same.
    """

    labels: tuple[str, ...]
    inside: Array
    begins: Array
    second: Array
    further: Array

    def spans(self, least: float) -> Iterator[Found]:
        """Yield all spans that are at least so probable, overlapping ones too."""
        for first, number in np.argwhere(self.begins >= least).tolist():
            label = self.labels[number]
            for last, chance in self._ends(first, number, least):
                if chance >= least:
                    yield Found(first, last, label, chance)

    def chance(self, first: int, last: int, label: str) -> float:
        """Return how probable it is that an entity is just there."""
        if label not in self.labels:
            return 0.0
        ends = self._ends(first, self.labels.index(label), 0.0)
        return next((chance for at, chance in ends if at == last), 0.0)

    def _ends(self, first: int, label: int, least: float) -> Iterator[tuple[int, float]]:
        """Yield where an entity that begins at `first` may end, with how probable that is."""
        begun = float(self.begins[first, label])
        goes_on = self.second
        for last in range(first, len(self.inside)):
            after = float(goes_on[last + 1, label]) if last + 1 < len(self.inside) else 0.0
            yield last, begun * (1 - after)
            begun *= after
            goes_on = self.further
            if begun < least or not begun:
                return


def pick(spans: Sequence[Found], least: float) -> list[Found]:
    """Return the most probable of `spans` that do not overlap, none below `least`, in order."""
    taken: list[Found] = []
    for span in sorted(spans, key=lambda span: (-span.chance, span)):
        if span.chance < least:
            break
        if all(span.last < other.first or other.last < span.first for other in taken):
            taken.append(span)
    return sorted(taken)


def infer(scores: Array, moves: Array, sizes: Sequence[int], tags: Sequence[str]) -> list[Chances]:
    """Return what is probable in each line.

    Args:
        scores: What speaks for each tag, a row for each token of all lines, one after another.
        moves: What each tag says for each that follows.
        sizes: How many tokens each line has.
        tags: `B-` and `I-` with each label, and `O`, in the order of the columns.
    """
    order, counts = _packed(sizes)
    odds, follow = np.exp(scores - scores.max(axis=1, keepdims=True))[order], np.exp(moves)
    ahead, behind = _forward(odds, follow, counts), _backward(odds, follow, counts)
    both = ahead * behind
    chances = both / both.sum(axis=1, keepdims=True)
    to_come = odds * behind
    table = _tables(chances, to_come, to_come @ follow.T, tags, follow)
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    ends = np.cumsum(sizes)[:-1]
    labels = _labels(tags)
    parts = [np.split(column[back], ends) for column in table]
    return [Chances(labels, *some) for some in zip(*parts, strict=True)]


def _labels(tags: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(tag[2:] for tag in tags if tag.startswith("B-")))


def _tables(
    chances: Array, to_come: Array, whole: Array, tags: Sequence[str], follow: Array
) -> list[Array]:
    """Return the fields of `Chances`, for all tokens."""
    labels, none = _labels(tags), np.zeros((len(chances), 1))
    place = {tag: at for at, tag in enumerate(tags)}
    columns: list[list[Array]] = [[none], [none], [none]]
    for label in labels:
        begin, inner = place[f"B-{label}"], place.get(f"I-{label}")
        columns[0].append(chances[:, [begin]])
        for table, before in zip(columns[1:], (begin, inner), strict=True):
            if inner is None or before is None:
                table.append(none)
            else:
                share = follow[before, inner] * to_come[:, [inner]] / whole[:, [before]]
                table.append(share)
    inside = 1 - chances[:, place[OUTSIDE]] if OUTSIDE in place else np.ones(len(chances))
    return [np.maximum(inside, 0), *(np.hstack(table[1:] or table) for table in columns)]


def _packed(sizes: Sequence[int]) -> tuple[Array, list[int]]:
    """Return the tokens in the order of their place in a line, and how many have each place."""
    lengths = np.asarray(sizes)
    starts = np.cumsum(lengths) - lengths
    longest = np.argsort(-lengths, kind="stable")
    lengths, starts = lengths[longest], starts[longest]
    counts = [int((lengths > at).sum()) for at in range(int(lengths[0]))]
    return np.concatenate([starts[:count] + at for at, count in enumerate(counts)]), counts


def _forward(odds: Array, follow: Array, counts: Sequence[int]) -> Array:
    ahead = np.empty_like(odds)
    at, before = 0, np.empty((0, 0))
    for number, count in enumerate(counts):
        now = odds[at : at + count]
        if number:
            now = now * (before[:count] @ follow)
        before = ahead[at : at + count] = now / now.sum(axis=1, keepdims=True)
        at += count
    return ahead


def _backward(odds: Array, follow: Array, counts: Sequence[int]) -> Array:
    behind = np.ones_like(odds)
    end = len(odds)
    for count, fewer in zip(counts[-2::-1], counts[:0:-1], strict=True):
        later = slice(end - fewer, end)
        end -= fewer
        said = (odds[later] * behind[later]) @ follow.T
        behind[end - count : end - count + fewer] = said / said.sum(axis=1, keepdims=True)
    return behind
