"""A conditional random field at work: from lines of tokens to what is probable in them.

CRFsuite's own tagger takes each feature of each token as a string, which takes most of its time.
Here what the features of a word say together is worked out once for each word.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from galley.annotations.suggesters.features import PAIRS, PLACES, Features, Line, Word, pair
from galley.annotations.suggesters.lattice import Array, Chances, infer
from galley.annotations.suggesters.weights import Weights

# Words whose sums are kept; then it begins anew.
_MOST = 100_000


class Field:
    """Scores tokens.

    Args:
        weights: Of the model.
        features: Of tokens.
    """

    def __init__(self, weights: Weights, features: Features) -> None:
        self._weights = weights
        self._features = features
        self._none = len(weights.rows)
        self._pairs = [_pairs(weights.rows, kind, self._none) for kind in PAIRS]
        self._forget()

    def chances(self, lines: Sequence[Line]) -> list[Chances]:
        """Return what is probable in each of `lines`."""
        if not lines:
            return []
        if len(self._forms) > _MOST:
            self._forget()
        self._learn(lines)
        sizes = [len(line.tokens) for line in lines]
        weights = self._weights
        return infer(self._scores(lines), weights.moves, sizes, weights.tags)

    def _forget(self) -> None:
        self._numbers: dict[str, int] = {}
        self._forms: list[tuple[str, str]] = []
        self._sums: Array = np.empty((0, len(PLACES), len(self._weights.tags)), np.float32)
        self._add([self._features.edge])

    def _learn(self, lines: Sequence[Line]) -> None:
        """Work out what words say that were not there before."""
        there = dict.fromkeys(token.text for line in lines for token in line.tokens)
        new = [text for text in there if text not in self._numbers]
        for number, text in enumerate(new, len(self._forms)):
            self._numbers[text] = number
        self._add([self._features.make(text) for text in new])

    def _add(self, words: Sequence[Word]) -> None:
        row_of, none = self._weights.rows.get, self._none
        rows: list[int] = []
        starts: list[int] = []
        for word in words:
            for place in PLACES:
                starts.append(len(rows))
                rows += [none, *(row_of(feature, none) for feature in word.told[place])]
        if words:
            sums = np.add.reduceat(self._weights.states[rows], starts)
            sums = sums.reshape(len(words), len(PLACES), -1).astype(np.float32)
            self._sums = np.concatenate([self._sums, sums])
            self._forms += [(word.lower, word.shape) for word in words]

    def _scores(self, lines: Sequence[Line]) -> Array:
        """Return what speaks for each tag of each token, all lines one after another."""
        ids: list[int] = [0, 0]
        for line in lines:  # two edges between lines: a word tells those two places off
            ids += (self._numbers[token.text] for token in line.tokens)
            ids += (0, 0)
        flat = np.array(ids)
        inner = np.flatnonzero(flat)
        told = [self._sums[flat[inner - place], at] for at, place in enumerate(PLACES)]
        scores = np.asarray(sum(told), dtype=float)
        found = np.array(list(self._beside(lines)), dtype=int).reshape(-1, 3)
        for column in (0, 1):  # for the second of two neighbours, and for the first
            np.add.at(scores, found[:, 0] - column, self._weights.states[found[:, 1 + column]])
        return scores

    def _beside(self, lines: Sequence[Line]) -> Iterator[tuple[int, int, int]]:
        """Yield tokens, with the rows of what is said of each and of the one before it."""
        forms, numbers = self._forms, self._numbers
        words, shapes = (pairs.get for pairs in self._pairs)
        none, rows, start = self._none, self._weights.rows, 0
        for line in lines:
            row = [forms[numbers[token.text]] for token in line.tokens]
            for at, two in enumerate(pairwise(row), start + 1):
                by_word, by_shape = pair(*two)
                for found in (words(by_word), shapes(by_shape)):
                    if found is not None:
                        yield at, *found
            for number, hint in self._features.hinted(line):
                yield start + number, rows.get(hint, none), none
            start += len(row)


def _pairs(rows: Mapping[str, int], kind: Sequence[str], none: int) -> dict[str, tuple[int, int]]:
    """Return the rows of what pairs of neighbours say, of the second and of the first."""
    second, first = kind
    keys = {row[len(one) :] for one in kind for row in rows if row.startswith(one)}
    return {key: (rows.get(second + key, none), rows.get(first + key, none)) for key in keys}
