"""Find again, in a text that changed, what people marked in an earlier one.

A span is carried over by its quote and by what stands around it, if exactly one place fits;
white space aside, which a re-extraction sets anew. Nothing is placed by likelihood.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from galley.record import Entity, Span, make_entity

# What an event keeps of the text on either side of a span.
_KEPT = 40
# Characters on one side that must agree where the other side has changed.
_ENOUGH = 8

# What stood before and after a span.
Context = Sequence[str]


def context_of(text: str, entities: Sequence[Entity]) -> list[list[str]]:
    """Return what stands before and after each of `entities` in `text`."""
    return [
        [
            text[max(0, item["start"] - _KEPT) : item["start"]],
            text[(end := item["end"]) : end + _KEPT],
        ]
        for item in entities
    ]


def anchor(
    text: str, entities: Sequence[Entity], contexts: Sequence[Context] | None
) -> tuple[list[Entity], list[Entity]]:
    """Return the entities that have one place in `text`, sorted, and those that have not.

    Args:
        text: The new text.
        entities: As they were in the earlier text.
        contexts: What stood around each; None where the ledger does not know: then the quote
            alone must be unique.
    """
    placed: dict[tuple[Span, str], Entity] = {}
    lost = []
    for number, entity in enumerate(entities):
        spans = list(_places(text, entity["text"]))
        span = _only(spans) if contexts is None else _choose(text, spans, contexts[number])
        if span is None or (span, entity["label"]) in placed:
            lost.append(entity)
        else:
            placed[span, entity["label"]] = make_entity(text, span, label=entity["label"])
    return [placed[key] for key in sorted(placed)], lost


def _places(text: str, quote: str) -> Iterator[Span]:
    """Yield where `quote` stands in `text`, overlaps included."""
    words = quote.split()
    if not words:
        return
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    found = pattern.search(text)
    while found:
        yield Span(*found.span())
        found = pattern.search(text, found.start() + 1)


def _choose(text: str, spans: list[Span], context: Context) -> Span | None:
    """Return the one span that fits best: by all of both sides, by their near ends, by one."""
    agreed = {span: _agreement(text, span, context) for span in spans}
    lengths = [len(_fold(side)) for side in context]
    near = [min(length, _ENOUGH) for length in lengths]
    for fits in (
        lambda sides: sides == lengths,
        lambda sides: all(side >= enough for side, enough in zip(sides, near, strict=True)),
        lambda sides: any(
            side == length >= _ENOUGH for side, length in zip(sides, lengths, strict=True)
        ),
    ):
        fitting = [span for span in spans if fits(agreed[span])]
        if fitting:
            return _only(fitting)
    return None


def _agreement(text: str, span: Span, context: Context) -> list[int]:
    """Return how many characters next to `span` are as they were, on either side."""
    before, after = (_fold(side) for side in context)
    # white space may have grown: twice as much text is enough to find what is left of it
    left = _fold(text[max(0, span.start - 2 * _KEPT) : span.start])
    right = _fold(text[span.end : span.end + 2 * _KEPT])
    return [_common(before[::-1], left[::-1]), _common(after, right)]


def _common(first: str, second: str) -> int:
    """Return the length of what both begin with."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
    return sum(1 for _ in same)


def _fold(text: str) -> str:
    return "".join(text.split())


def _only(spans: list[Span]) -> Span | None:
    return spans[0] if len(spans) == 1 else None
