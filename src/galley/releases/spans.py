"""What became of the entities of one record."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from galley.record import Entity


class Fate(StrEnum):
    """What became of a span."""

    ADDED = "added"
    REMOVED = "removed"
    RELABELLED = "relabelled"  # the same words in the same place under another label
    MOVED = "moved"  # the same label: the same words elsewhere, or other bounds around them


@dataclass(frozen=True)
class SpanChange:
    """A span that is not what it was.

    Attributes:
        fate: What became of it.
        before: The entity before; None for one that was added.
        after: The entity after; None for one that was removed.
    """

    fate: Fate
    before: Entity | None
    after: Entity | None

    def to_json(self) -> dict[str, Any]:
        """Return the change as a JSON object."""
        return {"fate": str(self.fate), "before": self.before, "after": self.after}


def compare_spans(
    before: list[Entity], after: list[Entity], *, same_text: bool
) -> list[SpanChange]:
    """Return which spans differ, in the order of the new text; removed ones by the old.

    Each span takes part in one change at most: pairs that share more are found first.

    Args:
        before: The entities before.
        after: The entities after.
        same_text: Whether their offsets count in the same text: else bounds that overlap
            mean nothing.
    """
    old = [item for item in before if item not in after]
    new = [item for item in after if item not in before]
    found: list[SpanChange] = []

    def pair(fate: Fate, fits: Callable[[Entity, Entity], bool]) -> None:
        for item in list(new):
            match = next((other for other in old if fits(other, item)), None)
            if match is not None:
                old.remove(match)
                new.remove(item)
                found.append(SpanChange(fate, match, item))

    pair(Fate.RELABELLED, lambda a, b: _bounds(a) == _bounds(b) and a["text"] == b["text"])
    if same_text:
        pair(Fate.MOVED, lambda a, b: a["label"] == b["label"] and _overlap(a, b))
    pair(Fate.MOVED, lambda a, b: (a["label"], a["text"]) == (b["label"], b["text"]))
    found += [SpanChange(Fate.ADDED, None, item) for item in new]
    found += [SpanChange(Fate.REMOVED, item, None) for item in old]
    return sorted(found, key=lambda change: _bounds(change.after or change.before or {}))


def _bounds(entity: Entity) -> tuple[int, int]:
    return entity["start"], entity["end"]


def _overlap(one: Entity, other: Entity) -> bool:
    start, end = max(one["start"], other["start"]), min(one["end"], other["end"])
    return bool(start < end)
