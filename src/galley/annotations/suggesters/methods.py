"""Ways to score tags by how alike records are; all work on one matrix of similarities."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Nearest:
    """The share of a tag among the most similar records, the more similar counting more."""

    size: int

    def scores(self, like: Array, within: Array, tags: Array) -> Array:
        """Return a row of scores for each row of `like`, which holds its similarities.

        Args:
            like: Similarity of each record to each known one.
            within: Similarities among the known ones.
            tags: Which tags each known one has, 0 or 1.
        """
        del within
        size = min(self.size, like.shape[1])
        least = np.partition(like, -size, axis=1)[:, -size][:, None]
        weights = np.where(like >= least, like, 0.0) ** 2 + 0.0
        whole = weights.sum(axis=1, keepdims=True)
        return np.asarray(weights @ tags / np.maximum(whole, 1e-9))


@dataclass(frozen=True)
class Ridge:
    """A linear model for each tag, by regularised least squares."""

    penalty: float

    def scores(self, like: Array, within: Array, tags: Array) -> Array:
        """Return a row of scores for each row of `like`; see `Nearest`."""
        return np.asarray(like @ self.solve(within, tags) + tags.mean(axis=0))

    def solve(self, within: Array, tags: Array) -> Array:
        """Return what each known record counts for each tag."""
        factor = cho_factor(within + self.penalty * np.eye(len(within)), overwrite_a=True)
        return np.asarray(cho_solve(factor, tags - tags.mean(axis=0)))


@dataclass(frozen=True)
class Centre:
    """How much more similar a record is to those with a tag than to all."""

    def scores(self, like: Array, within: Array, tags: Array) -> Array:
        """Return a row of scores for each row of `like`; see `Nearest`."""
        del within
        having = like @ tags / np.maximum(tags.sum(axis=0), 1)
        return np.asarray(having - like.mean(axis=1, keepdims=True))


METHODS: Mapping[str, Nearest | Ridge | Centre] = {
    "nearest-5": Nearest(5),
    "nearest-20": Nearest(20),
    "ridge-1": Ridge(1.0),
    "ridge-0.2": Ridge(0.2),
    "centre": Centre(),
}
