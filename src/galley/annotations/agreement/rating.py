"""Ratings: what each person said of each text, as far as it stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from galley.annotations.agreement.spans import Marked
from galley.annotations.correction import NO_ALIASES, Aliases, TextKey, last_events
from galley.ledger import Event, Kind


@dataclass(frozen=True)
class Rating:
    """What one person said of one text.

    Attributes:
        annotator: The person's pseudonym.
        at: When, ISO 8601.
        tags: The tags chosen.
        spans: What was marked.
        lead_time: Seconds that it took, where the server says so.
        shown: Tags and spans of the suggestion it began with; None where there was none.
    """

    annotator: str
    at: str
    tags: frozenset[str]
    spans: frozenset[Marked]
    lead_time: float | None = None
    shown: tuple[frozenset[str], frozenset[Marked]] | None = None

    @property
    def content(self) -> tuple[frozenset[str], frozenset[Marked]]:
        """What was said, without who and when."""
        return self.tags, self.spans

    @property
    def unchanged(self) -> bool:
        """Whether a suggestion was left just as it was."""
        return self.shown == self.content


@dataclass(frozen=True)
class Item:
    """One text with what people said of it.

    Attributes:
        key: The record and its text.
        length: Of the text, in code points.
        ratings: One for each person, in the order of their pseudonyms.
    """

    key: TextKey
    length: int
    ratings: tuple[Rating, ...]

    @property
    def is_shared(self) -> bool:
        """Whether several people said something."""
        return len(self.ratings) > 1

    @cached_property
    def month(self) -> str:
        """When the last of them did, as `2026-03`."""
        return max(rating.at for rating in self.ratings)[:7]


def collect_items(
    events: Iterable[Event], lengths: Mapping[TextKey, int], aliases: Aliases = NO_ALIASES
) -> list[Item]:
    """Return the texts that people annotated, by record.

    Of several annotations that one person made of one text the last counts. What was decided
    between people is no opinion of its own and is left out.

    Args:
        events: The ledger, in its order.
        lengths: Of each text as it is built now; annotations of other texts are left out.
        aliases: As for `galley.annotations.merge.merge`.
    """
    found: dict[TextKey, dict[str, Event]] = {}
    for event in sorted(last_events(events).values(), key=lambda item: (item.at, item.event)):
        key = aliases.get(event.record_id, event.record_id), event.text_sha256
        if event.kind == Kind.ANNOTATED and event.after is not None and key in lengths:
            found.setdefault(key, {})[event.annotator] = event
    return [
        Item(key, lengths[key], tuple(_rating(by_person[name]) for name in sorted(by_person)))
        for key, by_person in sorted(found.items())
    ]


def pairs(item: Item) -> Iterator[tuple[Rating, Rating]]:
    """Yield each two ratings of an item."""
    for number, one in enumerate(item.ratings):
        for two in item.ratings[number + 1 :]:
            yield one, two


def _rating(event: Event) -> Rating:
    shown = None if event.suggestion is None else _content(event.suggestion)
    return Rating(event.annotator, event.at, *_content(event.after or {}), event.lead_time, shown)


def _content(said: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[Marked]]:
    spans = ((item["start"], item["end"], item["label"]) for item in said["entities"])
    return frozenset(said["tags"]), frozenset(spans)
