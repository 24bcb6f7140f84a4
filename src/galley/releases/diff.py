"""What a release changes against the one before: from the two indexes and features alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from galley.record import REVIEWED
from galley.releases.index import Entry
from galley.releases.version import Level


@dataclass(frozen=True)
class Change:
    """The records, fields and labels in which two releases differ, each sorted.

    Attributes:
        added: Records that are new.
        removed: Records that are gone.
        corrected: Records that people corrected since.
        retexted: Records whose text changed.
        changed: Records whose row changed in any way, those of the two above too.
        moved: Records in another split.
        fields_added: Fields that are new.
        fields_removed: Fields that are gone.
        fields_retyped: Fields of another type.
        labels_added: Entity labels that are new, after those that stood.
        labels_removed: Entity labels that are gone, or have another number.
    """

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    retexted: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    fields_added: list[str] = field(default_factory=list)
    fields_removed: list[str] = field(default_factory=list)
    fields_retyped: list[str] = field(default_factory=list)
    labels_added: list[str] = field(default_factory=list)
    labels_removed: list[str] = field(default_factory=list)

    @property
    def level(self) -> Level:
        """How far the change raises the version."""
        if self.moved or self.fields_removed or self.fields_retyped or self.labels_removed:
            return Level.MAJOR
        if self.added or self.removed or self.fields_added or self.labels_added:
            return Level.MINOR
        return Level.PATCH if self.changed else Level.NONE


@dataclass(frozen=True)
class State:
    """What a release is compared by.

    Attributes:
        entries: Its index, by id.
        features: Its features, as Hugging Face writes them.
    """

    entries: Mapping[str, Entry]
    features: Mapping[str, Any]


def compare(old: State, new: State) -> Change:
    """Return how two releases differ."""
    before, after = old.entries, new.entries
    both = sorted(before.keys() & after.keys())
    changed = [key for key in both if before[key].row_sha256 != after[key].row_sha256]
    were, are = dict(_flat(old.features, "")), dict(_flat(new.features, ""))
    return Change(
        added=sorted(after.keys() - before.keys()),
        removed=sorted(before.keys() - after.keys()),
        corrected=[key for key in changed if _corrected(before[key], after[key])],
        retexted=[key for key in changed if before[key].text_sha256 != after[key].text_sha256],
        changed=changed,
        moved=[key for key in both if before[key].split != after[key].split],
        fields_added=sorted(are.keys() - were.keys()),
        fields_removed=sorted(were.keys() - are.keys()),
        fields_retyped=sorted(
            key for key in were.keys() & are.keys() if _retyped(were[key], are[key])
        ),
        labels_added=sorted(set(_labels(are)) - set(_labels(were))),
        labels_removed=sorted(_renumbered(were, are)),
    )


def _corrected(old: Entry, new: Entry) -> bool:
    return old.status not in REVIEWED and new.status in REVIEWED


def _flat(node: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the path and the description of each field that is no struct."""
    kind = node.get("_type")
    if kind == "List":
        yield from _flat(node["feature"], f"{path}[]")
    elif isinstance(kind, str):
        yield path, node
    else:
        for name, sub in node.items():
            yield from _flat(sub, f"{path}.{name}" if path else name)


def _retyped(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return (old["_type"], old.get("dtype")) != (new["_type"], new.get("dtype"))


def _labels(fields: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [name for node in fields.values() for name in node.get("names", ())]


def _renumbered(
    were: Mapping[str, Mapping[str, Any]], are: Mapping[str, Mapping[str, Any]]
) -> set[str]:
    """Return the labels of fields that stayed, whose number now stands for something else."""
    found: set[str] = set()
    for path in were.keys() & are.keys():
        old, new = were[path].get("names", []), are[path].get("names", [])
        found.update(
            name for name, now in zip(old, [*new, *[None] * len(old)], strict=False) if name != now
        )
    return found
