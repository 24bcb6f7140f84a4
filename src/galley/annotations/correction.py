"""Corrections: what people's annotations say about a record, as the ledger holds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from galley.ledger import Event, Kind
from galley.record import Entity

# Record and text: offsets count in one text only.
TextKey = tuple[str, str]


@dataclass(frozen=True)
class Correction:
    """What stands for a record after people annotated it.

    Attributes:
        tags: Slugs of `tags.yaml`.
        entities: As in a record.
        annotators: How many people have an annotation of it.
        guideline: Version of the guidelines that they followed.
        taxonomy: Version of the tag vocabulary that they chose from.
    """

    tags: list[str]
    entities: list[Entity]
    annotators: int
    guideline: str
    taxonomy: str


def last_events(events: Iterable[Event]) -> dict[str, Event]:
    """Return the last event of each annotation; `events` are in the ledger's order."""
    return {event.annotation: event for event in events}


def corrections(events: Iterable[Event]) -> dict[TextKey, Correction]:
    """Return the correction of each text that an annotation stands for.

    Where several people annotated the same text, the last annotation counts.
    """
    live: dict[TextKey, list[Event]] = {}
    for event in last_events(events).values():
        if event.kind == Kind.ANNOTATED and event.after is not None:
            live.setdefault((event.record_id, event.text_sha256), []).append(event)
    return {key: _correction(standing) for key, standing in live.items()}


def _correction(standing: list[Event]) -> Correction:
    last = max(standing, key=lambda event: (event.at, event.event))
    after: dict[str, Any] = last.after or {}
    people = len({event.annotator for event in standing})
    return Correction(after["tags"], after["entities"], people, last.guideline, last.taxonomy)
