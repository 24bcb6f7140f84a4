"""What text that nobody has read tells of words: where they stand, how they are written.

Words that have the same neighbours are alike: a name that no corrected record has is in a class
with names that some have. Counts of neighbours, weighed by how far they exceed chance, are
brought down to few dimensions, in which k-means finds classes, coarse and fine. And a word that
is written with a capital wherever no sentence begins is a name, or a noun in German.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from galley.annotations.suggesters.tokens import words_of_lines

# Beyond this much text, classes get better more slowly than they get dear.
_TOKENS = 1_000_000
_WORDS = 20_000  # that are put into classes, the most frequent
_NEIGHBOURS = 1_000  # words that count as neighbours
_LEAST = 2  # times that a word must be there
_DIMENSIONS = 50
_SIZES = (32, 128, 512)  # classes; each word is in one of each


@dataclass(frozen=True)
class Words:
    """What is known of words.

    Attributes:
        known: Features of each word.
        capitals: How often each word has a capital within a sentence, 0 to 4, by its small form.
    """

    known: Mapping[str, tuple[str, ...]]
    capitals: Mapping[str, int]

    def of(self, word: str) -> tuple[str, ...]:
        """Return what is known of a word."""
        return (*self.known.get(word, ()), f"q{self.capitals.get(word.lower(), '')}")


@lru_cache(maxsize=1)
def learn_words(texts: tuple[str, ...]) -> Words:
    """Return what `texts` tell of words: each with classes only if it is frequent enough."""
    lines = _lines(texts)
    return Words(_classes(lines), _capitals(lines))


def _capitals(lines: Iterable[Sequence[str]]) -> dict[str, int]:
    large: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for line in lines:
        for before, word in pairwise(line):
            if word[0].islower():
                small[word] += 1
            elif word[0].isupper() and before[0].isalnum():
                large[word.lower()] += 1
    return {
        word: round(4 * large[word] / (large[word] + small[word]))
        for word in large.keys() | small.keys()
    }


def _classes(lines: Sequence[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return the classes of each frequent word."""
    counts = Counter(word for line in lines for word in line)
    words = [w for w, n in sorted(counts.items(), key=lambda i: (-i[1], i[0])) if n >= _LEAST]
    words = words[:_WORDS]
    if len(words) < 2 * _SIZES[0]:
        return {}
    vectors = _vectors(lines, words)
    found = [_cluster(vectors, size) for size in _SIZES if 2 * size <= len(words)]
    return {
        word: tuple(f"k{at}.{column[number]}" for at, column in enumerate(found))
        for number, word in enumerate(words)
    }


def _lines(texts: Iterable[str]) -> list[list[str]]:
    """Return lines of words, up to a number of tokens."""
    lines: list[list[str]] = []
    left = _TOKENS
    for text in texts:
        for line in words_of_lines(text):
            lines.append(line)
            left -= len(line)
        if left < 0:
            break
    return lines


def _vectors(lines: Sequence[Sequence[str]], words: Sequence[str]) -> Any:
    """Return a row of few dimensions for each word: what it stands beside."""
    from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415 - slow to import
    from sklearn.preprocessing import normalize  # noqa: PLC0415

    table = _weighed(_counted(lines, words))
    size = min(_DIMENSIONS, min(table.shape) - 1)
    return normalize(TruncatedSVD(size, random_state=0, n_iter=2).fit_transform(table))


def _counted(lines: Sequence[Sequence[str]], words: Sequence[str]) -> Any:
    """Return how often each word stands behind, and before, each frequent one."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415 - slow to import

    numbers = {word: number for number, word in enumerate(words)}
    edge, size = len(words), min(_NEIGHBOURS, len(words))
    flat = [edge]
    for line in lines:
        flat += [numbers.get(word, -1) for word in line]
        flat.append(edge)
    ids = np.array(flat)
    near = np.where((ids >= size) & (ids != edge), -1, np.where(ids == edge, size, ids))
    parts = []
    for shift, first in ((1, 0), (-1, size + 1), (2, 2 * size + 2), (-2, 3 * size + 3)):
        beside = np.roll(near, shift)
        good = (ids >= 0) & (ids < edge) & (beside >= 0)
        parts.append((ids[good], beside[good] + first))
    rows, columns = (np.concatenate([part[at] for part in parts]) for at in (0, 1))
    shape = (len(words), 4 * (size + 1))
    return coo_matrix((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()


def _weighed(table: Any) -> Any:
    """Return pointwise mutual information instead of counts, none of it negative."""
    whole = table.sum()
    by_row = np.asarray(table.sum(axis=1)).ravel()
    by_column = np.asarray(table.sum(axis=0)).ravel() ** 0.75
    by_column *= whole / by_column.sum()
    found = table.tocoo()
    chance = by_row[found.row] * by_column[found.col] / whole
    found.data = np.maximum(np.log(found.data / chance), 0)
    return found.tocsr()


def _cluster(vectors: Any, size: int) -> list[int]:
    from sklearn.cluster import MiniBatchKMeans  # noqa: PLC0415 - slow to import

    means = MiniBatchKMeans(size, random_state=0, n_init=1, batch_size=2048, max_iter=20)
    return [int(number) for number in means.fit_predict(vectors)]
