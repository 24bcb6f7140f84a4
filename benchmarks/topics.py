"""Tags of generated corpora, and of real wires: the learned suggester beside single methods.

    python -m benchmarks.topics [FOLDER]

Topics have words of their own, some more than others; a record has one topic or several, and
mostly words of none. Few topics are frequent, most are rare. Corpora differ in how many topics
they have, how skewed, how many go with a record, how long it is and how much it says of them.
Prints one JSON line for each corpus and number of corrected records.
"""

import json
import random
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import wires
from galley.annotations.suggesters import topics
from galley.annotations.suggesters.terms import Terms
from galley.annotations.suggesters.threads import one_thread
from galley.hashing import sha256_text
from galley.record import Record
from galley.schema.vocabulary import Taxonomy

SIZES = (50, 200, 1000, 5000)
_HELD, _WORDS = 1000, 15_000
Array = Any


@dataclass(frozen=True)
class Character:
    """What a corpus is like.

    Attributes:
        topics: How many there are.
        skew: Of their frequencies: the exponent of Zipf's law.
        several: How probable a second topic is, and then each further one.
        length: Words of a record, from and to.
        share: Of the words that a topic has of its own: parameters of a beta distribution.
        own: How many words each topic has of its own.
        bare: The share of records that people left without any tag.
        sizes: Numbers of corrected records.
    """

    topics: int
    skew: float
    several: tuple[float, float]
    length: tuple[int, int]
    share: tuple[float, float]
    own: int = 80
    bare: float = 0.0
    sizes: tuple[int, ...] = SIZES[:3]


CHARACTERS = {
    "many, rare": Character(115, 1.3, (0.3, 0.3), (40, 160), (2, 6), own=60, sizes=SIZES),
    "as agencies' wires": Character(
        90, 1.7, (0.13, 0.5), (40, 250), (1.5, 6), own=120, sizes=SIZES
    ),
    "short": Character(60, 1.0, (0.3, 0.1), (8, 30), (3, 4)),
    "long, little said": Character(60, 1.2, (0.3, 0.1), (300, 900), (1.2, 15), own=150),
    "several each": Character(40, 0.8, (0.9, 0.6), (80, 300), (3, 6)),
    "bare ones": Character(80, 1.4, (0.3, 0.1), (40, 200), (2, 6), bare=0.3),
    "faint": Character(115, 1.2, (0.3, 0.1), (60, 200), (1, 12), own=100),
}


def main(*folders: str) -> None:
    """Score each method on the same records."""
    warnings.simplefilter("ignore")  # a tag that no record has
    with one_thread():
        for name, character in CHARACTERS.items():
            records = list(_records(_HELD + character.sizes[-1], name, character))
            _contest(name, records, character.sizes)
        for folder in folders:
            _contest("Reuters-21578", wires.read(Path(folder)), SIZES)


def _contest(name: str, records: list[Record], sizes: tuple[int, ...]) -> None:
    held, rest = records[:_HELD], records[_HELD:]
    names = sorted({tag for record in records for tag in record["tags"]})
    for size in sizes:
        found = _scores(rest[:size], held, names)
        print(json.dumps({"corpus": name, "n": size, **found}), flush=True)


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


def _records(number: int, name: str, character: Character) -> Iterator[Record]:
    rng = random.Random(f"topics {name}")
    topics = range(character.topics)
    common = list(accumulate(1 / (rank + 5) for rank in range(_WORDS)))
    frequent = list(accumulate(1 / (rank + 1) ** character.skew for rank in topics))
    size = character.own
    own = [
        (rng.sample(range(_WORDS), size), [rng.gammavariate(0.3, 1) + 1e-9 for _ in range(size)])
        for _ in topics
    ]
    for at in range(number):
        chosen, chance = set(rng.choices(topics, cum_weights=frequent)), character.several[0]
        while rng.random() < chance:
            chosen.update(rng.choices(topics, cum_weights=frequent))
            chance = character.several[1]
        words = rng.choices(range(_WORDS), cum_weights=common, k=rng.randrange(*character.length))
        share = rng.betavariate(*character.share)
        for place in range(len(words)):
            if rng.random() < share:
                words[place] = rng.choices(*own[rng.choice(sorted(chosen))])[0]
        bare = rng.random() < character.bare
        tags = [] if bare else [f"topic-{topic}" for topic in sorted(chosen)]
        yield _record(at, " ".join(map(_word, words)), tags)


def _word(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return "w" + "".join(letters[number // 26**place % 26] for place in range(3))


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
    main(*sys.argv[1:])
