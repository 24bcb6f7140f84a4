"""Corrections: what people's annotations say about a record, as the ledger holds it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from galley.annotations.anchor import anchor
from galley.annotations.policy import LAST_WINS, Policies
from galley.annotations.settle import Open, settle
from galley.ledger import STANDING, Event, Kind
from galley.record import Entity, Record

# Record and text: offsets count in one text only.
TextKey = tuple[str, str]
# From the id of a record that was merged into another one to the id that carries on.
Aliases = Mapping[str, str]
NO_ALIASES: Aliases = MappingProxyType({})


@dataclass(frozen=True)
class Correction:
    """What stands for a record after people annotated it.

    Attributes:
        tags: Slugs of `tags.yaml`.
        entities: As in a record.
        annotators: How many people have an annotation of it.
        guideline: Version of the guidelines that they followed.
        taxonomy: Version of the tag vocabulary that they chose from.
        context: What stood around each entity, where the ledger knows.
        at: When the last of the annotations was made.
        lost: Entities of an earlier text that have no place, or several, in this one: a
            person has to look before the correction counts.
        open: What people said differently and no policy settles: as with `lost`.
        adjudicated: Whether somebody decided between people.
    """

    tags: list[str]
    entities: list[Entity]
    annotators: int
    guideline: str
    taxonomy: str
    context: list[list[str]] | None = None
    at: str = ""
    lost: list[Entity] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)
    adjudicated: bool = False


@dataclass(frozen=True)
class Corrections:
    """The corrections of all records.

    Attributes:
        by_text: Of each text that a live annotation stands for.
        texts: The texts of each record that have one.
    """

    by_text: dict[TextKey, Correction]
    texts: dict[str, list[str]]

    @classmethod
    def collect(
        cls,
        events: Iterable[Event],
        aliases: Aliases = NO_ALIASES,
        *,
        policies: Policies = LAST_WINS,
    ) -> "Corrections":
        """Return what `events`, in the ledger's order, say about all records.

        What was said of a record that has since been merged into another one is said of that.
        """
        by_text = corrections(events, aliases, policies=policies)
        texts: dict[str, list[str]] = {}
        for record_id, digest in by_text:
            texts.setdefault(record_id, []).append(digest)
        return cls(by_text, texts)

    def of(self, record: Record) -> Correction | None:
        """Return the correction of `record`, carried over where only an earlier text has one.

        Args:
            record: With `id`, `text` and `text_sha256`.
        """
        exact = self.by_text.get((record["id"], record["text_sha256"]))
        if exact is not None:
            return exact
        texts = self.texts.get(record["id"], [])
        earlier = [self.by_text[record["id"], digest] for digest in texts]
        if not earlier:
            return None
        last = max(earlier, key=lambda item: item.at)
        entities, lost = anchor(record["text"], last.entities, last.context)
        return replace(last, entities=entities, lost=lost, context=None)


def last_events(events: Iterable[Event]) -> dict[str, Event]:
    """Return the last event of each annotation; `events` are in the ledger's order."""
    return {event.annotation: event for event in events}


def corrections(
    events: Iterable[Event], aliases: Aliases = NO_ALIASES, *, policies: Policies = LAST_WINS
) -> dict[TextKey, Correction]:
    """Return the correction of each text that an annotation stands for.

    Where several people annotated the same text, the policies say what stands; where somebody
    has decided between them, that does.
    """
    live: dict[TextKey, list[Event]] = {}
    for event in last_events(events).values():
        if event.kind in STANDING and event.after is not None:
            record_id = aliases.get(event.record_id, event.record_id)
            live.setdefault((record_id, event.text_sha256), []).append(event)
    return {key: _correction(standing, policies) for key, standing in live.items()}


def _correction(standing: list[Event], policies: Policies) -> Correction:
    standing.sort(key=lambda event: (event.at, event.event))
    decided = [event for event in standing if event.kind == Kind.ADJUDICATED]
    made = [event for event in standing if event.kind != Kind.ADJUDICATED]
    last = (decided or made)[-1]
    found = settle(decided[-1:] or made, policies)
    return Correction(
        tags=found.tags,
        entities=found.entities,
        annotators=len({event.annotator for event in made or decided}),
        guideline=last.guideline,
        taxonomy=last.taxonomy,
        context=found.context,
        at=last.at,
        open=found.open,
        adjudicated=bool(decided),
    )
