"""What people did, by the ledger: how far they are, and what became of what they were shown."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from galley.ledger import Event, Kind
from galley.releases.spans import Fate, SpanChange, compare_spans

NOTHING: dict[str, Any] = {"tags": [], "entities": []}


@dataclass
class Outcome:
    """What became of what machines suggested under one label, or as tags.

    Attributes:
        kept: How many stand as they were suggested.
        fates: How many were removed, moved or relabelled; and how many people added.
    """

    kept: int = 0
    fates: Counter[str] = field(default_factory=Counter)

    @property
    def shown(self) -> int:
        """How many were suggested."""
        return self.kept + sum(self.fates.values()) - self.fates[Fate.ADDED]

    @property
    def share(self) -> float | None:
        """Which share stands as it was suggested; None where nothing was."""
        return self.kept / self.shown if self.shown else None


@dataclass
class Person:
    """What one annotator did.

    Attributes:
        annotations: How many of theirs stand.
        records: Of how many records.
        skipped: How many tasks they passed over.
        lead_times: Seconds, where the server says so.
        unchanged: In how many annotations all stands as it was suggested.
        suggested: How many annotations began with a suggestion.
    """

    annotations: int = 0
    records: set[str] = field(default_factory=set)
    skipped: int = 0
    lead_times: list[float] = field(default_factory=list)
    unchanged: int = 0
    suggested: int = 0

    @property
    def lead_time(self) -> float | None:
        """The median time for an annotation, in seconds."""
        return median(self.lead_times) if self.lead_times else None


@dataclass
class Work:
    """What all did.

    Attributes:
        people: By pseudonym.
        days: How many records had their first annotation on each day.
        outcomes: By label; tags are under the empty name.
        stories: What was done to each record, in order.
    """

    people: dict[str, Person] = field(default_factory=dict)
    days: Counter[str] = field(default_factory=Counter)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    stories: dict[str, list["Step"]] = field(default_factory=dict)

    @classmethod
    def tell(
        cls, events: Iterable[Event], records: frozenset[str], aliases: Mapping[str, str]
    ) -> "Work":
        """Return what `events` say of `records`.

        Args:
            events: In the ledger's order.
            records: The ids that count.
            aliases: From an id that gave way to the one that carries on.
        """
        work, first, last = cls(), dict[str, str](), dict[str, Event]()
        for event in events:
            key = aliases.get(event.record_id, event.record_id)
            if key not in records:
                continue
            last[event.annotation] = event
            work.stories.setdefault(key, []).append(Step(event))
            if event.kind == Kind.ANNOTATED:
                first[key] = min(first.get(key, event.at), event.at)
        work.days.update(at[:10] for at in first.values())
        for event in last.values():
            work._add(event)
        return work

    def _add(self, event: Event) -> None:
        """Count the last word of an annotation."""
        person = self.people.setdefault(event.annotator, Person())
        person.skipped += event.kind == Kind.SKIPPED
        if event.kind != Kind.ANNOTATED or event.after is None:
            return
        person.annotations += 1
        person.records.add(event.record_id)
        person.lead_times += [] if event.lead_time is None else [event.lead_time]
        if event.suggestion is not None:
            person.suggested += 1
            person.unchanged += self._compare(event.suggestion, event.after)

    def _compare(self, shown: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
        """Count what became of a suggestion; return whether all of it stands and no more."""
        for entity in shown["entities"]:
            self._outcome(entity["label"]).kept += entity in after["entities"]
        changes = compare_spans(shown["entities"], after["entities"], same_text=True)
        for change in changes:
            entity = change.before or change.after or {}
            self._outcome(entity["label"]).fates[change.fate] += 1
        tags, old, new = self._outcome(""), set(shown["tags"]), set(after["tags"])
        tags.kept += len(old & new)
        tags.fates[Fate.REMOVED] += len(old - new)
        tags.fates[Fate.ADDED] += len(new - old)
        return not changes and old == new

    def _outcome(self, name: str) -> Outcome:
        return self.outcomes.setdefault(name, Outcome())


@dataclass(frozen=True)
class Step:
    """One event of a record, as what it changed."""

    event: Event

    @property
    def shown(self) -> Mapping[str, Any]:
        """What stood before: the annotation itself, else what was suggested."""
        return self.event.before or self.event.suggestion or NOTHING

    @property
    def spans(self) -> list[SpanChange]:
        """The entities that are another after it."""
        if self.event.after is None:
            return []
        after: list[dict[str, Any]] = self.event.after["entities"]
        return compare_spans(self.shown["entities"], after, same_text=True)

    def tags(self) -> Iterator[tuple[str, str]]:
        """Yield the tags that were added and removed, each with what became of it."""
        if self.event.after is not None:
            old, new = self.shown["tags"], self.event.after["tags"]
            yield from ((tag, "added") for tag in new if tag not in old)
            yield from ((tag, "removed") for tag in old if tag not in new)
