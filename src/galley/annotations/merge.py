"""Put onto each record what is known about it: corrections before suggestions."""

from collections.abc import Iterable, Iterator, Mapping

from galley.annotations.correction import NO_ALIASES, Aliases, Correction, Corrections
from galley.annotations.policy import LAST_WINS, Policies
from galley.annotations.suggestion import Suggestion
from galley.ledger import Event
from galley.record import Record, Status


def merge(
    records: Iterable[Record],
    events: Iterable[Event],
    suggestions: Mapping[str, Suggestion],
    *,
    aliases: Aliases = NO_ALIASES,
    policies: Policies = LAST_WINS,
) -> Iterator[Record]:
    """Yield each record with its tags and entities, in the order of `records`.

    Args:
        records: As built.
        events: The ledger, in its order.
        suggestions: By record. They count for the text that they were made on, and no other.
            A correction of an earlier text is carried over; where that fails for a part of
            it, the rest is a suggestion until a person has looked.
        aliases: From the id of a record that was merged into another one to the one that
            carries on: corrections go with it.
        policies: What stands where several people annotated one text. Where they leave an item
            open, the rest is a suggestion until somebody has decided.

    Yields:
        New records; those that came in are left as they are.
    """
    corrected = Corrections.collect(events, aliases, policies=policies)
    for record in records:
        correction = corrected.of(record)
        suggestion = suggestions.get(record["id"])
        if correction is not None and (correction.lost or correction.open):
            yield _suggested(record, correction)
        elif correction is not None:
            yield _corrected(record, correction)
        elif suggestion is not None and suggestion.fits(record):
            yield _suggested(record, suggestion)
        else:
            yield dict(record)


def _corrected(record: Record, correction: Correction) -> Record:
    return record | {
        "tags": list(correction.tags),
        "entities": list(correction.entities),
        "annotation": {
            "status": (Status.ADJUDICATED if correction.adjudicated else Status.CORRECTED).value,
            "annotators": correction.annotators,
            "guideline": correction.guideline,
            "taxonomy": correction.taxonomy,
        },
    }


def _suggested(record: Record, suggestion: Suggestion | Correction) -> Record:
    annotation = record["annotation"] | {"status": Status.SUGGESTED.value}
    return record | {
        "tags": list(suggestion.tags),
        "entities": list(suggestion.entities),
        "annotation": annotation,
    }
