"""Ways to score tags of a record: by those of the records that are like it, and by its terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from scipy.linalg import cho_factor, cho_solve

Array = np.ndarray[Any, Any]
# With fewer records than this, each one is the more to be believed.
_TRUSTED = 1500


class Known(NamedTuple):
    """Records whose tags are known.

    Attributes:
        rows: Their weighed terms, sparse: a row for each.
        within: How similar they are to each other.
        tags: Which tags each of them has, 0 or 1: a row for each.
    """

    rows: Any
    within: Array
    tags: Array

    def only(self, some: Array) -> "Known":
        """Return some of them."""
        return Known(self.rows[some], self.within[np.ix_(some, some)], self.tags[some])


class Asked(NamedTuple):
    """Records whose tags are asked for.

    Attributes:
        rows: Their weighed terms, sparse: a row for each.
        like: How similar each of them is to each of the known ones.
    """

    rows: Any
    like: Array


class Method(Protocol):
    """Scores tags."""

    def fit(self, known: Known) -> Any:
        """Return what `scores` needs to know."""

    def scores(self, asked: Asked, fitted: Any) -> Array:
        """Return a score of each tag: a row for each record that is asked about."""


@dataclass(frozen=True)
class Nearest:
    """The share of a tag among the most similar records, the more similar counting more."""

    size: int

    def fit(self, known: Known) -> Array:
        """Return the tags."""
        return known.tags

    def scores(self, asked: Asked, fitted: Array) -> Array:
        """Return the shares."""
        like = asked.like
        size = min(self.size, like.shape[1])
        least = np.partition(like, -size, axis=1)[:, -size][:, None]
        weights = np.where(like >= least, like, 0.0) ** 2
        whole = weights.sum(axis=1, keepdims=True)
        return np.asarray(weights @ fitted / np.maximum(whole, 1e-9))


@dataclass(frozen=True)
class Ridge:
    """A linear model for each tag, by regularised least squares."""

    penalty: float

    def fit(self, known: Known) -> Array:
        """Return what each known record counts for each tag; last, each tag's share."""
        share = known.tags.mean(axis=0)
        matrix = known.within + self.penalty * np.eye(len(known.within))
        solved = cho_solve(cho_factor(matrix, overwrite_a=True), known.tags - share)
        return np.vstack([solved, share])

    def scores(self, asked: Asked, fitted: Array) -> Array:
        """Return about 1 for a tag that applies, about 0 for another."""
        return np.asarray(asked.like @ fitted[:-1] + fitted[-1])


@dataclass(frozen=True)
class Centre:
    """How much more similar a record is to those with a tag than to all."""

    def fit(self, known: Known) -> Array:
        """Return the weight of each known record in the mean of each tag."""
        return np.asarray(known.tags / np.maximum(known.tags.sum(axis=0), 1))

    def scores(self, asked: Asked, fitted: Array) -> Array:
        """Return differences of similarities."""
        return np.asarray(asked.like @ fitted - asked.like.mean(axis=1, keepdims=True))


@dataclass(frozen=True)
class Margin:
    """A linear support vector machine for each tag."""

    def fit(self, known: Known) -> tuple[Array, Array]:
        """Return the weights of the terms, a column for each tag, and the constants."""
        from sklearn.svm import LinearSVC  # noqa: PLC0415 - slow to import

        tags = known.tags
        weights = np.zeros((known.rows.shape[1], tags.shape[1]), dtype=np.float32)
        constants = np.full(tags.shape[1], -1.0)
        cost = max(1.0, _TRUSTED / len(tags))
        for number in range(tags.shape[1]):
            column = tags[:, number]
            if column.min() == column.max():
                constants[number] = 2 * column[0] - 1
                continue
            machine = LinearSVC(C=cost, random_state=0, max_iter=300, tol=1e-3)
            machine.fit(known.rows, column)
            weights[:, number] = machine.coef_[0]
            constants[number] = machine.intercept_[0]
        return weights, constants

    def scores(self, asked: Asked, fitted: tuple[Array, Array]) -> Array:
        """Return above 0 for a tag that applies, below 0 for another."""
        weights, constants = fitted
        return np.asarray(asked.rows @ weights + constants)


METHODS: Mapping[str, Method] = {
    "closest": Nearest(5),
    "nearest": Nearest(10),
    "ridge": Ridge(1.0),
    "calm": Ridge(20.0),  # believes no record much: best where texts say little, or some are wrong
    "centre": Centre(),
    "margin": Margin(),
}
