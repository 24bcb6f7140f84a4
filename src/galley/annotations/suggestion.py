"""A suggestion: tags and entities that a machine proposes for a record."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from galley.errors import WorkspaceError
from galley.files import read_jsonl, write_bytes
from galley.hashing import canonical_json
from galley.record import Entity, Record, is_said


@dataclass(frozen=True)
class Suggestion:
    """What a machine proposes for one record.

    Attributes:
        record_id: The record.
        text_sha256: The text that the offsets count in.
        model: The suggesters that were asked, with their versions.
        tags: Slugs of `tags.yaml`, in order.
        entities: As in a record.
        score: How sure the model is of the record as a whole, 0 to 1; None when it does not say.
        by: For each of `tags` and `entities`, which suggester proposed it and how sure that is.
    """

    record_id: str
    text_sha256: str
    model: str
    tags: list[str] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    score: float | None = None
    by: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is proposed: the line says only how sure that is."""
        return not self.tags and not self.entities

    def fits(self, record: Record) -> bool:
        """Tell whether something is proposed for the text that `record` has."""
        return self.text_sha256 == record["text_sha256"] and not self.is_empty

    def to_json(self) -> dict[str, Any]:
        """Return the line of `suggestions.jsonl`."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def read_suggestions(path: Path) -> dict[str, Suggestion]:
    """Return the suggestion of each record that has one; none where there is no file.

    Raises:
        WorkspaceError: A line is no suggestion.
    """
    found: dict[str, Suggestion] = {}
    for number, line in read_jsonl(path):
        try:
            suggestion = Suggestion(**line)
            if not _is_whole(suggestion):
                raise TypeError("a value is of another kind")  # noqa: TRY301 - one message for all
        except (TypeError, KeyError) as error:
            raise WorkspaceError(
                f"{path}:{number} is no suggestion: {error}",
                code="suggestions_invalid",
                hint="remove the file and run `galley suggest` again",
            ) from error
        found[suggestion.record_id] = suggestion
    return found


def _is_whole(suggestion: Suggestion) -> bool:
    """Tell whether all values are of their kinds."""
    texts = (suggestion.record_id, suggestion.text_sha256, suggestion.model)
    score = suggestion.score
    return (
        all(isinstance(text, str) for text in texts)
        and (score is None or (isinstance(score, int | float) and 0 <= score <= 1))
        and isinstance(suggestion.by, dict)
        and is_said({"tags": suggestion.tags, "entities": suggestion.entities})
    )


def write_suggestions(path: Path, suggestions: Iterable[Suggestion]) -> bool:
    """Write `suggestions` sorted by record, and return whether that changed the file."""
    ordered = sorted(suggestions, key=lambda suggestion: suggestion.record_id)
    data = "".join(canonical_json(item.to_json()) + "\n" for item in ordered).encode("utf-8")
    if path.exists() and path.read_bytes() == data:
        return False
    write_bytes(path, data)
    return True
