"""A record's text cut into blocks and runs: subheads, entities, and what is between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from galley.record import Record


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of a text that are one entity, or none.

    Attributes:
        start: The first of them in the text.
        end: The one after the last.
        text: The characters.
        label: The entity's label, or None.
        hue: The place of the label among those of the text, or None.
    """

    start: int
    end: int
    text: str
    label: str | None = None
    hue: int | None = None


@dataclass(slots=True)
class Block:
    """A paragraph or a subhead."""

    subhead: bool
    runs: list[Run] = field(default_factory=list)


def mark_blocks(record: Record, labels: Sequence[str]) -> Iterator[Block]:
    """Yield the blocks of a record's text, in order.

    Where entities lie within each other, the longest that begins first is shown.

    Args:
        record: With `text`, `subheads` and `entities`.
        labels: Those that have a colour, in its order.
    """
    subheads = {(span["start"], span["end"]) for span in record["subheads"]}
    start = 0
    for piece in record["text"].split("\n\n"):
        end = start + len(piece)
        block = Block((start, end) in subheads)
        block.runs = list(_runs(record, (start, end), labels))
        yield block
        start = end + 2


def _runs(record: Record, span: tuple[int, int], labels: Sequence[str]) -> Iterator[Run]:
    text, (last, end) = record["text"], span
    for entity in _outermost(record["entities"], span):
        if last < entity["start"]:
            yield Run(last, entity["start"], text[last : entity["start"]])
        start, last = entity["start"], min(entity["end"], end)
        hue = labels.index(entity["label"]) if entity["label"] in labels else 0
        yield Run(start, last, text[start:last], entity["label"], hue)
    if last < end:
        yield Run(last, end, text[last:end])


def _outermost(entities: list[dict[str, Any]], span: tuple[int, int]) -> Iterator[dict[str, Any]]:
    """Yield the entities that begin inside `span` and after the end of the one before."""
    last, end = span
    for entity in sorted(entities, key=lambda entity: (entity["start"], -entity["end"])):
        if last <= entity["start"] < end:
            yield entity
            last = entity["end"]
