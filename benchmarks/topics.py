"""Tags of a generated corpus: the learned suggester beside single methods.

Topics have words of their own, some more than others; a record has one topic or several, and
mostly words of none. Few topics are frequent, most are rare. Prints one JSON line for each number
of corrected records.
"""

import json
import random
import time
import warnings
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import numpy as np

from galley.annotations.suggesters import topics
from galley.annotations.suggesters.terms import Terms
from galley.annotations.suggesters.threads import one_thread
from galley.hashing import sha256_text
from galley.record import Record
from galley.schema.vocabulary import Taxonomy

SIZES = (50, 200, 1000, 5000)
_HELD, _TOPICS, _WORDS, _OWN = 1000, 115, 6000, 60
Array = Any


def main() -> None:
    """Score each method on the same records."""
    warnings.simplefilter("ignore")  # a tag that no record has
    records = list(_records(_HELD + SIZES[-1]))
    held, rest = records[:_HELD], records[_HELD:]
    names = sorted({tag for record in records for tag in record["tags"]})
    with one_thread():
        for size in SIZES:
            print(json.dumps({"n": size, **_scores(rest[:size], held, names)}), flush=True)


def _scores(train: list[Record], held: list[Record], names: list[str]) -> dict[str, Any]:
    wanted = _table(held, names)
    begun = time.perf_counter()
    model = topics.train(train, Taxonomy("1", ()))
    seconds = time.perf_counter() - begun
    found = [set(tags) for tags, _ in model.propose(held)] if model else []
    ours = np.array([[name in tags for name in names] for tags in found])
    scores = {"learned": _micro(ours, wanted)}
    for name, chosen in _single(train, held, names):
        scores[name] = _micro(chosen, wanted)
    return {"scores": scores, "seconds": seconds}


def _single(
    train: list[Record], held: list[Record], names: list[str]
) -> Iterator[tuple[str, Array]]:
    """Yield what each single method finds, as its library has it."""
    from sklearn.linear_model import SGDClassifier  # noqa: PLC0415 - after the threads are held
    from sklearn.multiclass import OneVsRestClassifier  # noqa: PLC0415
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    terms = Terms(train)
    rows, asked, tags = terms.rows(train), terms.rows(held), _table(train, names)
    machine = OneVsRestClassifier(LinearSVC(random_state=0)).fit(rows, tags)
    yield "LinearSVC", machine.predict(asked)
    for loss in ("hinge", "modified_huber"):
        gradient = SGDClassifier(loss=loss, random_state=0)
        yield f"SGD, {loss}", OneVsRestClassifier(gradient).fit(rows, tags).predict(asked)
    like = (asked @ rows.T).toarray()
    for size in (5, 10, 20):
        least = np.partition(like, -size, axis=1)[:, -size][:, None]
        weights = np.where(like >= least, like, 0)
        shares = weights @ tags / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
        for bound in (0.3, 0.5):
            yield f"{size} nearest, from {bound}", shares > bound


def _table(records: list[Record], names: list[str]) -> Array:
    return np.array([[name in record["tags"] for name in names] for record in records], dtype=int)


def _micro(chosen: Array, wanted: Array) -> float:
    right = float((chosen * wanted).sum())
    return round(2 * right / max(1.0, float(chosen.sum() + wanted.sum())), 4)


def _records(number: int) -> Iterator[Record]:
    rng = random.Random("topics")
    common = list(accumulate(1 / (rank + 5) for rank in range(_WORDS)))
    frequent = list(accumulate(1 / (rank + 1) ** 1.3 for rank in range(_TOPICS)))
    own = [
        (rng.sample(range(_WORDS), _OWN), [rng.gammavariate(0.3, 1) for _ in range(_OWN)])
        for _ in range(_TOPICS)
    ]
    for at in range(number):
        how_many = 1 + (rng.random() < 0.3) + (rng.random() < 0.1)
        chosen = sorted(set(rng.choices(range(_TOPICS), cum_weights=frequent, k=how_many)))
        words = rng.choices(range(_WORDS), cum_weights=common, k=rng.randrange(40, 160))
        share = rng.betavariate(2, 6)
        for place in range(len(words)):
            if rng.random() < share:
                words[place] = rng.choices(*own[rng.choice(chosen)])[0]
        yield _record(at, " ".join(map(_word, words)), [f"topic-{topic}" for topic in chosen])


def _word(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return "w" + letters[number % 26] + letters[number // 26 % 26] + letters[number // 676]


def _record(number: int, text: str, tags: list[str]) -> Record:
    key = sha256_text(f"topics {number}")
    return {
        "id": key[:32],
        "cluster": key[:32],
        "title": "",
        "text": text,
        "source_tags": [],
        "listing_tags": [],
        "tags": tags,
    }


if __name__ == "__main__":
    main()
