"""Read the ledger and suggestions under today's names."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from galley.annotations.suggestion import Suggestion
from galley.errors import SchemaError
from galley.ledger import STANDING, Event
from galley.nearest import find_nearest
from galley.schema.migration import Migrations, Names

_Said = dict[str, Any]


def migrate_events(events: Iterable[Event], migrations: Migrations) -> list[Event]:
    """Return the events as they would be had people chosen from today's names.

    Names that were split stay as they are: what they are today is for people to say. The
    ledger itself is not touched, so the events that come back must not be appended to it.

    Raises:
        SchemaError: An annotation has a name that is gone without a migration.
    """
    found = [_migrated(event, migrations) if migrations.versions else event for event in events]
    _refuse_unknown(found, migrations)
    return found


def migrate_suggestion(suggestion: Suggestion, migrations: Migrations) -> Suggestion:
    """Return a suggestion in today's names, without those that were split or are deprecated."""
    tags = _kept(suggestion.tags, migrations.tags)
    labels = {
        label: _kept([label], migrations.entities)
        for label in {item["label"] for item in suggestion.entities}
    }
    if tags == suggestion.tags and all(names == [label] for label, names in labels.items()):
        return suggestion
    entities = [
        item | {"label": name} for item in suggestion.entities for name in labels[item["label"]]
    ]
    same = (len(tags), len(entities)) == (len(suggestion.tags), len(suggestion.entities))
    return replace(suggestion, tags=tags, entities=entities, by=suggestion.by if same else {})


def _migrated(event: Event, migrations: Migrations) -> Event:
    parts = [event.suggestion, event.before, event.after]
    new = [_renamed(said, migrations) for said in parts]
    old = event.taxonomy in migrations.versions
    if not old and new == parts:
        return event
    suggestion, before, after = new
    version = migrations.version if old else event.taxonomy
    return replace(event, suggestion=suggestion, before=before, after=after, taxonomy=version)


def _renamed(said: _Said | None, migrations: Migrations) -> _Said | None:
    if said is None:
        return None
    entities = [
        item | {"label": migrations.entities.renamed(item["label"])} for item in said["entities"]
    ]
    tags = list(dict.fromkeys(map(migrations.tags.renamed, said["tags"])))
    return {**said, "tags": tags, "entities": entities}


def _kept(names: Iterable[str], vocabulary: Names) -> list[str]:
    found = dict.fromkeys(map(vocabulary.renamed, names))
    return [n for n in found if n not in vocabulary.splits and n not in vocabulary.deprecated]


def _refuse_unknown(events: Iterable[Event], migrations: Migrations) -> None:
    lost: dict[str, str] = {}
    for event in events:
        if event.kind in STANDING and event.after is not None:
            lost.update(_unknown(event.after, migrations))
    if lost:
        places = {"tag": "schema/tags.yaml", "label": "schema/entities.yaml"}
        names = ", ".join(f"the {kind} {name}" for name, kind in sorted(lost.items()))
        first = min(lost)
        kind = places[lost[first]]
        names_now = migrations.tags if lost[first] == "tag" else migrations.entities
        near = find_nearest(first, names_now.present)
        meant = f"; `{near}` may be what it is called now" if near else ""
        raise SchemaError(
            f"annotations in the ledger use {names}, which the vocabularies no longer have",
            code="labels_in_use",
            hint=f"put it back into {kind}, or say in schema/migrations/ what became of it{meant}",
        )


def _unknown(after: Mapping[str, Any], migrations: Migrations) -> dict[str, str]:
    tags, labels = migrations.tags, migrations.entities
    found = {t: "tag" for t in after["tags"] if t not in tags.present and t not in tags.splits}
    used = {item["label"] for item in after["entities"]}
    found |= {n: "label" for n in used if n not in labels.present and n not in labels.splits}
    return found
