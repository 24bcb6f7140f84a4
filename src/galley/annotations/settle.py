"""Settle what several people said of one text, item by item, under the policies.

An item is a tag, or a stretch of text in which what people marked overlaps. Spans agree when
ends and label do: of two that overlap only one can be right, so a stretch without a span that
the policy takes is not empty but open. What stays open waits for somebody to decide.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from galley.annotations.policy import ANNOTATOR, LATEST, MAJORITY, Policies
from galley.ledger import Event
from galley.record import Entity

# Start, end, label and surface.
Key = tuple[int, int, str, str]


@dataclass(frozen=True)
class Side:
    """What some people said of an open item, without who they are.

    Attributes:
        tag: The tag that they chose; empty for none.
        entities: What they marked.
        people: How many they are.
    """

    tag: str = ""
    entities: tuple[Key, ...] = ()
    people: int = 1


@dataclass(frozen=True)
class Open:
    """An item that no policy settles.

    Attributes:
        name: The tag, or the label where it was split; empty for entities of any label.
        sides: What was said of it, in an order that says nothing of who.
        options: Where a vocabulary split a name: what may take its place.
    """

    name: str
    sides: tuple[Side, ...]
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settled:
    """What stands.

    Attributes:
        tags: Slugs, those of the last annotation first.
        entities: Sorted by position.
        context: What stood around each entity; None where it is not known for all.
        open: What no policy settles.
    """

    tags: list[str]
    entities: list[Entity]
    context: list[list[str]] | None
    open: list[Open] = field(default_factory=list)


@dataclass(frozen=True)
class Vote:
    """Who is for one item.

    Attributes:
        yes: Those who said it.
        people: All who looked, the last one at the end.
    """

    yes: frozenset[str]
    people: tuple[str, ...]

    def decide(self, policy: str) -> bool | None:
        """Return whether it stands; None where `policy` does not say."""
        if policy == LATEST:
            return self.people[-1] in self.yes
        chosen = policy.removeprefix(ANNOTATOR)
        if chosen != policy and chosen in self.people:
            return chosen in self.yes
        if policy == MAJORITY and 2 * len(self.yes) != len(self.people):
            return 2 * len(self.yes) > len(self.people)
        # unanimous, and what a named person has not looked at
        return None if 0 < len(self.yes) < len(self.people) else bool(self.yes)


def settle(standing: Sequence[Event], policies: Policies) -> Settled:
    """Return what stands of `standing`, annotations of one text in the ledger's order."""
    found = _settle(standing, policies)
    return _without_splits(found, policies) if _is_split(found, policies) else found


def _settle(standing: Sequence[Event], policies: Policies) -> Settled:
    by_person = _by_person(standing)
    last = standing[-1].after or {}
    if policies.are_latest or len(by_person) == 1:
        return Settled(last["tags"], last["entities"], standing[-1].context)
    tags, open_tags = _settle_tags(by_person, policies)
    keys, open_spans = _settle_spans(by_person, policies)
    found = {_key(item): item for e in by_person.values() for item in (e.after or {})["entities"]}
    context = _contexts(by_person.values())
    known = [context[key] for key in keys if key in context]
    return Settled(
        tags,
        [found[key] for key in keys],
        known if len(known) == len(keys) else None,
        [*open_tags, *open_spans],
    )


def _is_split(found: Settled, policies: Policies) -> bool:
    labels = (item["label"] for item in found.entities)
    return any(tag in policies.split_tags for tag in found.tags) or any(
        label in policies.split_labels for label in labels
    )


def _without_splits(found: Settled, policies: Policies) -> Settled:
    """Return what stands, with what was split since among what is open."""
    tags, labels = policies.split_tags, policies.split_labels
    context = found.context or [["", ""]] * len(found.entities)
    kept = [
        (item, around)
        for item, around in zip(found.entities, context, strict=True)
        if item["label"] not in labels
    ]
    split = [Open(tag, (Side(tag),), tags[tag]) for tag in found.tags if tag in tags] + [
        Open(item["label"], (Side(entities=(_key(item),)),), labels[item["label"]])
        for item in found.entities
        if item["label"] in labels
    ]
    return Settled(
        [tag for tag in found.tags if tag not in tags],
        [item for item, _ in kept],
        None if found.context is None else [around for _, around in kept],
        [*found.open, *split],
    )


def _by_person(standing: Iterable[Event]) -> dict[str, Event]:
    """Return the last annotation of each person, the last person at the end."""
    found: dict[str, Event] = {}
    for event in standing:
        found.pop(event.annotator, None)
        found[event.annotator] = event
    return found


def _settle_tags(
    by_person: Mapping[str, Event], policies: Policies
) -> tuple[list[str], list[Open]]:
    people = tuple(by_person)
    said = {name: list((event.after or {})["tags"]) for name, event in by_person.items()}
    others = sorted({tag for tags in said.values() for tag in tags})
    found: list[str] = []
    left: list[Open] = []
    for tag in dict.fromkeys([*said[people[-1]], *others]):
        yes = frozenset(name for name in people if tag in said[name])
        decision = Vote(yes, people).decide(policies.of_tag(tag))
        found += [tag] if decision else []
        if decision is None:
            without = Side(people=len(people) - len(yes))
            left.append(Open(tag, (Side(tag, people=len(yes)), without)))
    return found, left


def _settle_spans(
    by_person: Mapping[str, Event], policies: Policies
) -> tuple[list[Key], list[Open]]:
    marked = {
        name: {_key(item) for item in (event.after or {})["entities"]}
        for name, event in by_person.items()
    }
    taken: list[Key] = []
    left: list[Open] = []
    for stretch in stretches(set().union(*marked.values())):
        found, settled = _settle_stretch(stretch, marked, policies)
        taken += found
        if not settled:
            left.append(Open("", tuple(_sides(stretch, marked))))
    return sorted(taken), left


def stretches(spans: Iterable[Key]) -> list[list[Key]]:
    """Return spans in groups within which they overlap, in the order of the text."""
    groups: list[list[Key]] = []
    end = -1
    for span in sorted(spans):
        if groups and span[0] < end:
            groups[-1].append(span)
        else:
            groups.append([span])
        end = max(end, span[1])
    return groups


def _settle_stretch(
    stretch: list[Key], marked: Mapping[str, set[Key]], policies: Policies
) -> tuple[list[Key], bool]:
    """Return the spans of a stretch that stand, and whether nothing in it is open."""
    people = tuple(marked)
    taken, clear = [], True
    for span in stretch:
        policy = policies.of_label(span[2])
        yes = frozenset(name for name in people if span in marked[name])
        decision = Vote(yes, people).decide(policy)
        taken += [span] if decision else []
        clear = clear and decision is not None
    if not taken and clear:
        voted = {s for s in stretch if policies.of_label(s[2]) == MAJORITY}
        some = sum(bool(voted & marked[name]) for name in people)
        clear = 2 * some < len(people)  # most saw something here, each something else
    together = any(set(taken) <= marked[name] for name in people)
    if len(stretches(taken)) < len(taken) and not together:
        return [], False
    return taken, clear


def _sides(stretch: list[Key], marked: Mapping[str, set[Key]]) -> list[Side]:
    counts: dict[tuple[Key, ...], int] = {}
    for spans in marked.values():
        said = tuple(span for span in stretch if span in spans)
        counts[said] = counts.get(said, 0) + 1
    return [Side(entities=said, people=counts[said]) for said in sorted(counts)]


def _contexts(events: Iterable[Event]) -> dict[Key, list[str]]:
    found: dict[Key, list[str]] = {}
    for event in events:
        entities = (event.after or {})["entities"]
        if event.context is not None:
            found.update(zip(map(_key, entities), event.context, strict=True))
    return found


def _key(entity: Entity) -> Key:
    return entity["start"], entity["end"], entity["label"], entity["text"]
