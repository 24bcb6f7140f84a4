"""Mistakes planted in corpora of marked names: how many are among the first suspects.

    python -m benchmarks.mistakes DIR

Of the sentences of each corpus one in 25 gets a mistake: another label, a name unmarked, a word too
few, a word too many, a word that is none marked as a name. Prints one JSON line for each corpus.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.spans import corpora
from galley.annotations.suggesters.pool import workers_of
from galley.annotations.suggesters.threads import one_thread
from galley.annotations.suggesters.tokens import tokenize
from galley.annotations.suspects.ranking import rank
from galley.record import Entity, Record, Span, make_entity
from galley.schema.vocabulary import Label, Labels, Taxonomy

KINDS = ("label", "missed", "short", "long", "false")
_EVERY, _FIRST, _MOST = 25, 10, 2000


def main() -> None:
    """Plant, rank, count."""
    for name, records in corpora(Path(sys.argv[1])).items():
        print(json.dumps({"corpus": name, **measure(records[:_MOST])}), flush=True)


def measure(records: Sequence[Record], seed: int = 1) -> dict[str, Any]:
    """Return how many planted mistakes are in the first tenth of the ranking, by kind."""
    right = sorted(records, key=lambda record: record["id"])
    labels = sorted({entity["label"] for record in right for entity in record["entities"]})
    wrong, planted = plant(right, labels, seed)
    with one_thread():
        vocabulary = Labels("1", tuple(map(Label, labels)))
        ranked = rank(wrong, Taxonomy("1", ()), labels=vocabulary, workers=workers_of(0))
    first = {item.record["id"] for item in ranked[: len(right) // _FIRST]}
    found = Counter(kind for key, kind in planted.items() if key in first)
    kinds = Counter(planted.values())
    return {
        "records": len(right),
        "planted": len(planted),
        "found": found.total(),
        "kinds": {kind: [found[kind], kinds[kind]] for kind in KINDS},
    }


def plant(
    records: Sequence[Record], labels: Sequence[str], seed: int = 1
) -> tuple[list[Record], dict[str, str]]:
    """Return `records` with a mistake in some, and the kind of each by record."""
    rng = random.Random(seed)
    made, planted = list(records), {}
    places = [at for at, record in enumerate(records) if record["entities"]]
    for turn, at in enumerate(rng.sample(places, min(len(places), len(records) // _EVERY))):
        kind = KINDS[turn % len(KINDS)]
        entities = _wrong(records[at], kind, labels, rng)
        if entities is not None:
            made[at] = {**records[at], "entities": entities}
            planted[records[at]["id"]] = kind
    return made, planted


def _wrong(
    record: Record, kind: str, labels: Sequence[str], rng: random.Random
) -> list[Entity] | None:
    """Return the entities of a record with a mistake; None where there is no place for it."""
    text, entities = record["text"], record["entities"]
    item = rng.choice(entities)
    rest = [entity for entity in entities if entity is not item]
    if kind == "missed":
        return rest
    if kind == "label":
        others = [label for label in labels if label != item["label"]]
        return _sorted([*rest, {**item, "label": rng.choice(others)}]) if others else None
    words = [token for token in tokenize(text) if token.text[0].isalnum()]
    free = [
        w for w in words if not any(w.start < e["end"] and e["start"] < w.end for e in entities)
    ]
    inside = [w for w in words if item["start"] <= w.start and w.end <= item["end"]]
    if kind == "false":
        word = rng.choice(free) if free else None
        span = word and make_entity(text, Span(word.start, word.end), label=item["label"])
        return _sorted([*entities, span]) if span else None
    if kind == "short":
        span = _shorter(inside, rng)
    else:
        beside = [w for w in free if w.start == item["end"] + 1 or w.end == item["start"] - 1]
        word = rng.choice(beside) if beside else None
        span = word and Span(min(word.start, item["start"]), max(word.end, item["end"]))
    return _sorted([*rest, make_entity(text, span, label=item["label"])]) if span else None


def _shorter(inside: Sequence[Any], rng: random.Random) -> Span | None:
    if len(inside) < 2:
        return None
    kept = inside[1:] if rng.random() < 0.5 else inside[:-1]
    return Span(kept[0].start, kept[-1].end)


def _sorted(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda entity: (entity["start"], entity["end"]))


if __name__ == "__main__":
    main()
