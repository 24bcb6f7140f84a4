"""Tags of a record by several methods taken together.

How far each method can be trusted is found by cross-validation, for one wins with few records,
another with many: a logistic model turns their scores, and whether a printed tag stands for the
tag, into one probability, and the thresholds are those with the best micro-F1 on records that
the methods were not taught with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from galley.annotations.suggesters.folds import folds_of
from galley.annotations.suggesters.methods import METHODS, Array, Asked, Known
from galley.annotations.suggesters.terms import Terms
from galley.record import Record
from galley.schema.vocabulary import Taxonomy

# Beyond this many the matrix of similarities costs more than further records bring.
_MOST = 8000
# From this many records on three parts are as good as five.
_MANY = 2000
# Pairs of a record and a tag that the logistic model learns from.
_PAIRS = 100_000
# Low ones too: where people leave many records bare, no tag is very probable.
_STEPS = [step / 20 for step in range(2, 17)]
_USUAL = 0.3
# With so many records, what they say of thresholds counts half.
_FEW = 100
# With so many, the logistic model counts half, and half what the nearest records have.
_HANDFUL = 20
# Where the shares among the five and the ten nearest are among the features.
_SHARED = [2, 4]
_SHARES = (1.0, 0.75, 0.5, 0.0)


@dataclass(frozen=True)
class Decision:
    """What makes tags of scores.

    Attributes:
        weights: Of the features of `_features`, the constant first.
        plain: How much the shares among the nearest count by themselves, 0 to 1.
        top: From which probability on the most probable tag is proposed.
        rest: From which probability on the others are.
    """

    weights: Array
    plain: float
    top: float
    rest: float

    def chances(self, features: Array) -> Array:
        """Return the probability of each tag, a row for each record."""
        learned = 1 / (1 + np.exp(-(self.weights[0] + features @ self.weights[1:])))
        shares = features[..., _SHARED].mean(axis=-1)
        return np.asarray((1 - self.plain) * learned + self.plain * shares)

    def choose(self, chances: Array) -> Array:
        """Return which tags are proposed, a row of booleans for each record."""
        return _chosen(chances, self.top, self.rest)


@dataclass(frozen=True)
class TagModel:
    """A trained model.

    Attributes:
        taxonomy: What printed tags stand for.
        terms: Weighs the terms of records.
        columns: The corrected records, weighed: a column for each.
        fitted: What each method knows of them.
        shares: How many of them have each tag, 0 to 1.
        names: The tags, in the order of the columns.
        decision: What makes tags of scores.
    """

    taxonomy: Taxonomy
    terms: Terms
    columns: Any
    fitted: Mapping[str, Any]
    shares: Array
    names: tuple[str, ...]
    decision: Decision

    def chances(self, records: Sequence[Record]) -> Array:
        """Return how probable each tag is, a row for each of `records`."""
        rows = self.terms.rows(records)
        asked = Asked(rows, (rows @ self.columns).toarray())
        scores = [METHODS[name].scores(asked, fitted) for name, fitted in self.fitted.items()]
        printed = _printed(records, self.taxonomy, self.names)
        return self.decision.chances(_features(scores, printed, self.shares))

    def propose(self, records: Sequence[Record]) -> list[tuple[dict[str, float], dict[str, float]]]:
        """Return for each record the tags that it should have, and the probability of each tag."""
        chances = self.chances(records)
        found = []
        for row, picked in zip(chances, self.decision.choose(chances), strict=True):
            every = {name: round(float(p), 4) for name, p in zip(self.names, row, strict=True)}
            those = [name for name, yes in zip(self.names, picked, strict=True) if yes]
            best = sorted(those, key=lambda name: (-every[name], name))
            found.append(({name: every[name] for name in best}, every))
        return found


def train(records: Sequence[Record], taxonomy: Taxonomy) -> TagModel | None:
    """Return a model of the tags of `records`; None where they have none."""
    records = records[:: -(-len(records) // _MOST) or 1]
    names = tuple(sorted({tag for record in records for tag in record["tags"]}))
    if not names:
        return None
    tags = np.array([[name in r["tags"] for name in names] for r in records], dtype=float)
    terms = Terms(records)
    rows = terms.rows(records)
    known = Known(rows, (rows @ rows.T).toarray(), tags)
    folds = np.array(folds_of(records, 5 if len(records) < _MANY else 3))
    scores = _unseen(known, folds)
    features = _features(scores, _printed(records, taxonomy, names), tags.mean(axis=0))
    fitted = {name: method.fit(known) for name, method in METHODS.items()}
    return TagModel(
        taxonomy, terms, rows.T.tocsr(), fitted, tags.mean(axis=0), names, _decide(features, tags)
    )


def _printed(records: Sequence[Record], taxonomy: Taxonomy, names: Sequence[str]) -> Array:
    """Return 1 for each tag that a printed tag of a record stands for, else 0."""
    rows = []
    for record in records:
        printed = (*record["source_tags"], *record["listing_tags"])
        meant = {taxonomy.resolve(tag) for tag in printed}
        rows.append([name in meant for name in names])
    return np.array(rows, dtype=float)


def _unseen(known: Known, folds: Array) -> list[Array]:
    """Return each method's scores of each record, taught with the other folds."""
    scores = [np.zeros_like(known.tags) for _ in METHODS]
    for fold in np.unique(folds):
        own, others = folds == fold, folds != fold
        if not others.any():
            continue
        asked = Asked(known.rows[own], known.within[np.ix_(own, others)])
        some = known.only(others)
        for score, method in zip(scores, METHODS.values(), strict=True):
            score[own] = method.scores(asked, method.fit(some))
    return scores


def _features(scores: Sequence[Array], printed: Array, shares: Array) -> Array:
    """Return what the logistic model sees of each tag of each record, last axis."""
    columns = [np.broadcast_to(np.log(shares + 1e-3), printed.shape), printed]
    for one in scores:
        columns += [one, one - one.max(axis=1, keepdims=True)]
    return np.stack(columns, axis=-1)


def _decide(features: Array, tags: Array) -> Decision:
    """Return what makes the best of scores of records that the methods did not see."""
    weights = _logistic(features, tags)
    plain = _HANDFUL / (_HANDFUL + len(tags))
    chances = Decision(weights, plain, 0.5, 0.5).chances(features)
    pairs = [(share * rest, rest) for rest in _STEPS for share in _SHARES]
    # What few records say of thresholds is chance. So what the probabilities would have it to be
    # counts too, the more the fewer there are, and what is far from the usual must be better.
    trust, doubt = len(tags) / (len(tags) + _FEW), 2 / len(tags)

    def worth(pair: tuple[float, float]) -> float:
        chosen = _chosen(chances, *pair)
        seen, expected = _micro_f1(chosen, tags), _micro_f1(chosen, chances)
        return trust * seen + (1 - trust) * expected - doubt * abs(pair[1] - _USUAL)

    return Decision(weights, plain, *max(pairs, key=worth))


def _logistic(features: Array, tags: Array) -> Array:
    """Return the weights of a logistic model: the fewer records, the less it trusts any score."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - slow to import
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    step = -(-tags.size // _PAIRS)
    flat = features[::step].reshape(-1, features.shape[-1])
    wanted = tags[::step].reshape(-1)
    if wanted.min() == wanted.max():
        return np.array([20.0 * (2 * wanted[0] - 1), *[0.0] * flat.shape[1]])
    scale = StandardScaler().fit(flat)
    model = LogisticRegression(C=min(1.0, len(tags) / 2500), max_iter=200)
    model.fit(scale.transform(flat), wanted)
    weights = model.coef_[0] / scale.scale_
    return np.array([model.intercept_[0] - scale.mean_ @ weights, *weights])


def _chosen(chances: Array, top: float, rest: float) -> Array:
    best = chances >= chances.max(axis=1, keepdims=True)
    return np.asarray((chances >= rest) | (best & (chances >= top)))


def _micro_f1(chosen: Array, tags: Array) -> float:
    right = float((chosen * tags).sum())
    return 2 * right / max(float(chosen.sum() + tags.sum()), 1.0)
