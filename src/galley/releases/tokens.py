"""Words of a text with their offsets, and their labels.

A token is a run of letters, marks and digits of any script, or one other character that is no
white space; where an entity begins or ends inside of one, it is cut there. So no entity is lost
or moved by it, and the white space between the tokens gives the text back.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby, pairwise

from galley.record import Entity, Span


def tokenise(text: str, entities: list[Entity]) -> Iterator[Span]:
    """Yield the tokens of `text`, in order.

    Example:
        >>> list(tokenise("l’Unesco.", []))
        [Span(start=0, end=1), Span(start=1, end=2), Span(start=2, end=8), Span(start=8, end=9)]
    """
    bounds = {entity[side] for entity in entities for side in ("start", "end")}
    position = 0
    for kind, run in groupby(text, key=_kind):
        start, position = position, position + sum(1 for _ in run)
        if kind == "word":
            inside = [at for at in range(start + 1, position) if at in bounds]
            yield from (Span(*pair) for pair in pairwise([start, *inside, position]))
        elif kind == "other":
            yield from (Span(at, at + 1) for at in range(start, position))


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    if char.isspace():
        return "space"
    return "word" if unicodedata.category(char)[0] in "LMN" else "other"


def flatten(entities: list[Entity]) -> list[Entity]:
    """Return the entities without those that overlap a longer one, in their order.

    Of equally long ones the first stays.
    """
    kept: list[Entity] = []
    for entity in sorted(entities, key=lambda item: (item["start"] - item["end"], item["start"])):
        if all(entity["end"] <= e["start"] or e["end"] <= entity["start"] for e in kept):
            kept.append(entity)
    return sorted(kept, key=lambda item: int(item["start"]))


def label_tokens(tokens: list[Span], entities: list[Entity]) -> list[str]:
    """Return the label of each token in the scheme BIO.

    Args:
        tokens: Of `tokenise` with these entities.
        entities: That do not overlap.

    Raises:
        ValueError: An entity holds no token.
    """
    labels = ["O"] * len(tokens)
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    for entity in entities:
        # An entity may begin or end with white space, which no token has.
        first = bisect_left(starts, entity["start"])
        behind = bisect_right(ends, entity["end"])
        if first >= behind:
            raise ValueError(f"the entity {entity} holds no word")
        labels[first:behind] = [f"I-{entity['label']}"] * (behind - first)
        labels[first] = f"B-{entity['label']}"
    return labels
