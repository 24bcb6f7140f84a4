"""A suspicion: one thing in a record that may be a mistake, and why."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Ground(StrEnum):
    """What a suspicion rests on."""

    MODEL = "model"  # a model that was taught with the other records would not have it so
    FORM = "form"  # the same words are labelled otherwise elsewhere, in like contexts
    EDGE = "edge"  # a span begins or ends oddly


@dataclass(frozen=True)
class Suspicion:
    """One thing that may be a mistake.

    Attributes:
        ground: What it rests on.
        score: How likely it is a mistake, 0 to 1, as far as its ground can tell.
        why: In words for whoever looks again.
        start: Where the span in question begins; None for a tag.
        end: Where it ends.
    """

    ground: Ground
    score: float
    why: str
    start: int | None = None
    end: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the object that `--json` has."""
        return {
            "ground": str(self.ground),
            "score": self.score,
            "why": self.why,
            "start": self.start,
            "end": self.end,
        }
