"""A suggestion: tags and entities that a machine proposes for a record."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from galley.files import read_jsonl, write_bytes
from galley.hashing import canonical_json
from galley.record import Entity


@dataclass(frozen=True)
class Suggestion:
    """What a machine proposes for one record.

    Attributes:
        record_id: The record.
        text_sha256: The text that the offsets count in.
        model: What proposed it, with its version.
        tags: Slugs of `tags.yaml`, in order.
        entities: As in a record.
        score: How sure the model is, 0 to 1; None when it does not say.
    """

    record_id: str
    text_sha256: str
    model: str
    tags: list[str] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    score: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the line of `suggestions.jsonl`."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def read_suggestions(path: Path) -> dict[str, Suggestion]:
    """Return the suggestion of each record that has one; none where there is no file."""
    found = (Suggestion(**line) for _, line in read_jsonl(path))
    return {suggestion.record_id: suggestion for suggestion in found}


def write_suggestions(path: Path, suggestions: Iterable[Suggestion]) -> bool:
    """Write `suggestions` sorted by record, and return whether that changed the file."""
    ordered = sorted(suggestions, key=lambda suggestion: suggestion.record_id)
    data = "".join(canonical_json(item.to_json()) + "\n" for item in ordered).encode("utf-8")
    if path.exists() and path.read_bytes() == data:
        return False
    write_bytes(path, data)
    return True
