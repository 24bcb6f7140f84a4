"""Tags of a record by those of the corrected records that are like it.

Several methods score each tag. How far each of them can be trusted is found by
cross-validation: a logistic model turns their scores into one probability, and the thresholds
are those with the best micro-F1 on records that the methods were not taught with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from galley.annotations.suggesters.folds import folds_of
from galley.annotations.suggesters.methods import METHODS, Array
from galley.annotations.suggesters.terms import Terms
from galley.record import Record

# Beyond this many the matrix of similarities costs more than further records bring.
MOST = 8000
_STEPS = [step / 40 for step in range(2, 39)]


@dataclass(frozen=True)
class Decision:
    """What makes tags of scores.

    Attributes:
        methods: Names of the methods that are asked.
        weights: Of the features of `_features`, the constant first.
        top: From which probability on the most probable tag is proposed.
        rest: From which probability on the others are.
    """

    methods: tuple[str, ...]
    weights: Array
    top: float
    rest: float

    def chances(self, scores: Mapping[str, Array], shares: Array) -> Array:
        """Return the probability of each tag, a row for each record."""
        features = _features([scores[name] for name in self.methods], shares)
        return np.asarray(1 / (1 + np.exp(-(self.weights[0] + features @ self.weights[1:]))))

    def choose(self, chances: Array) -> Array:
        """Return which tags are proposed, a row of booleans for each record."""
        return _chosen(chances, self.top, self.rest)


@dataclass(frozen=True)
class TagModel:
    """A trained model.

    Attributes:
        terms: Weighs the terms of records.
        rows: The corrected records, weighed.
        within: How similar these are to each other.
        tags: Which tags each of them has.
        names: The tags, in the order of the columns.
        decision: What makes tags of scores.
    """

    terms: Terms
    rows: Any
    within: Array
    tags: Array
    names: tuple[str, ...]
    decision: Decision

    def chances(self, records: Sequence[Record]) -> Array:
        """Return how probable each tag is, a row for each of `records`."""
        like = (self.terms.rows(records) @ self.rows.T).toarray()
        scores = {
            name: METHODS[name].scores(like, self.within, self.tags)
            for name in self.decision.methods
        }
        return self.decision.chances(scores, self.tags.mean(axis=0))

    def propose(self, records: Sequence[Record]) -> list[tuple[dict[str, float], dict[str, float]]]:
        """Return for each record the tags that it should have, and the probability of each tag."""
        chances = self.chances(records)
        chosen = self.decision.choose(chances)
        found = []
        for row, picked in zip(chances, chosen, strict=True):
            every = {name: round(float(p), 4) for name, p in zip(self.names, row, strict=True)}
            those = [name for name, yes in zip(self.names, picked, strict=True) if yes]
            best = sorted(those, key=lambda name: (-every[name], name))
            found.append(({name: every[name] for name in best}, every))
        return found


def train(records: Sequence[Record]) -> TagModel | None:
    """Return a model of the tags of `records`; None where they have none."""
    records = _some(records)
    names = tuple(sorted({tag for record in records for tag in record["tags"]}))
    if not names:
        return None
    tags = np.array([[name in set(r["tags"]) for name in names] for r in records], dtype=float)
    terms = Terms(records)
    rows = terms.rows(records)
    within = (rows @ rows.T).toarray()
    decision = _decide(within, tags, np.array(folds_of(records)))
    return TagModel(terms, rows, within, tags, names, decision)


def _some(records: Sequence[Record]) -> Sequence[Record]:
    step = -(-len(records) // MOST)
    return records[::step] if step else records


def _decide(within: Array, tags: Array, folds: Array) -> Decision:
    """Return the decision that does best on records that the methods did not see."""
    scores = {name: _unseen(name, within, tags, folds=folds) for name in METHODS}
    found = [_fit((name,), scores, tags, folds=folds) for name in METHODS]
    found.append(_fit(tuple(METHODS), scores, tags, folds=folds))
    best = max(range(len(found)), key=lambda at: found[at][0])
    return found[best][1]


def _unseen(name: str, within: Array, tags: Array, *, folds: Array) -> Array:
    """Return the scores of each record by a method that was taught with the other folds."""
    scores = np.zeros_like(tags)
    for fold in np.unique(folds):
        own, others = folds == fold, folds != fold
        if others.any():
            like = within[np.ix_(own, others)]
            known = within[np.ix_(others, others)]
            scores[own] = METHODS[name].scores(like, known, tags[others])
    return scores


def _features(scores: Sequence[Array], shares: Array) -> Array:
    """Return what the logistic model sees of each tag of each record, last axis."""
    rarity = np.broadcast_to(np.log(shares + 1e-4), scores[0].shape)
    columns = [rarity]
    for one in scores:
        ahead = one - np.max(one, axis=1, keepdims=True)
        columns += [one, ahead, np.sqrt(np.maximum(one, 0))]
    return np.stack(columns, axis=-1)


def _fit(
    methods: tuple[str, ...], scores: Mapping[str, Array], tags: Array, *, folds: Array
) -> tuple[float, Decision]:
    """Return the micro-F1 of the scores of `methods` taken together, and what makes it."""
    features = _features([scores[name] for name in methods], tags.mean(axis=0))
    chances = np.zeros_like(tags)
    for fold in np.unique(folds):
        own, others = folds == fold, folds != fold
        weights = _logistic(features[others], tags[others])
        chances[own] = 1 / (1 + np.exp(-(weights[0] + features[own] @ weights[1:])))
    best = max(
        (_micro_f1(_chosen(chances, top, rest), tags), -abs(rest - 0.5), -top, top, rest)
        for rest in _STEPS
        for top in _STEPS
        if top <= rest
    )
    return best[0], Decision(methods, _logistic(features, tags), best[3], best[4])


def _logistic(features: Array, tags: Array) -> Array:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - slow to import
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    flat, wanted = features.reshape(-1, features.shape[-1]), tags.reshape(-1)
    if wanted.min() == wanted.max():
        return np.array([20.0 if wanted.size and wanted[0] else -20.0, *[0.0] * flat.shape[1]])
    scale = StandardScaler().fit(flat)
    model = LogisticRegression(C=1.0, max_iter=300).fit(scale.transform(flat), wanted)
    weights = model.coef_[0] / scale.scale_
    return np.array([model.intercept_[0] - scale.mean_ @ weights, *weights])


def _chosen(chances: Array, top: float, rest: float) -> Array:
    best = chances >= chances.max(axis=1, keepdims=True)
    return np.asarray((chances >= rest) | (best & (chances >= top)))


def _micro_f1(chosen: Array, tags: Array) -> float:
    right = float((chosen * tags).sum())
    return 2 * right / max(float(chosen.sum() + tags.sum()), 1.0)
