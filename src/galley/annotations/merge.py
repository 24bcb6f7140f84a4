"""Put onto each record what is known about it: corrections before suggestions."""

from collections.abc import Iterable, Iterator, Mapping

from galley.annotations.correction import Correction, corrections
from galley.annotations.suggestion import Suggestion
from galley.ledger import Event
from galley.record import Record, Status


def merge(
    records: Iterable[Record], events: Iterable[Event], suggestions: Mapping[str, Suggestion]
) -> Iterator[Record]:
    """Yield each record with its tags and entities, in the order of `records`.

    Args:
        records: As built.
        events: The ledger, in its order.
        suggestions: By record. Like corrections they count for the text that they were made
            on, and no other.

    Yields:
        New records; those that came in are left as they are.
    """
    corrected = corrections(events)
    for record in records:
        correction = corrected.get((record["id"], record["text_sha256"]))
        suggestion = suggestions.get(record["id"])
        if correction is not None:
            yield _corrected(record, correction)
        elif suggestion is not None and suggestion.text_sha256 == record["text_sha256"]:
            yield _suggested(record, suggestion)
        else:
            yield dict(record)


def _corrected(record: Record, correction: Correction) -> Record:
    return record | {
        "tags": list(correction.tags),
        "entities": list(correction.entities),
        "annotation": {
            "status": Status.CORRECTED.value,
            "annotators": correction.annotators,
            "guideline": correction.guideline,
            "taxonomy": correction.taxonomy,
        },
    }


def _suggested(record: Record, suggestion: Suggestion) -> Record:
    annotation = record["annotation"] | {"status": Status.SUGGESTED.value}
    return record | {
        "tags": list(suggestion.tags),
        "entities": list(suggestion.entities),
        "annotation": annotation,
    }
