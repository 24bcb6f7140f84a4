"""Vocabularies that change under a ledger and its releases."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from galley.desk import Workspace
from galley.errors import SchemaError
from galley.ledger import Event
from tests.acceptance.conftest import correct

CHOSEN = (
    ["labour", "trade"],
    ["rail", "sport"],
    ["shipping", "rail"],
    ["culture", "trade"],
    ["trade"],
)
MIGRATION = """
from: "1"
to: "2"
tags:
  - {rename: labour, to: work}
  - {merge: [rail, shipping], to: transport}
  - {split: culture, to: [museums, heritage]}
  - {deprecate: sport}
entities:
  - {rename: LOC, to: PLACE}
"""


@pytest.fixture
def tagged(workspace: Path) -> Path:
    """Return a workspace whose people chose five sets of tags in turn."""
    desk = Workspace.open(workspace)
    records = {record["id"]: record for record in desk.records()}
    desk.ledger.append(
        correct(records[event.record_id], CHOSEN[number % len(CHOSEN)], hour=11)
        for number, event in enumerate(desk.ledger.events())
    )
    return workspace


def rewrite(folder: Path, *, gone: set[str], renamed: dict[str, str], label: str = "PLACE") -> None:
    """Edit the vocabularies: a second version of the tags, a label under another name."""
    path = folder / "schema/tags.yaml"
    document = yaml.safe_load(path.read_text("utf-8"))
    document["version"] = 2
    document["tags"] = [tag for tag in document["tags"] if tag["name"] not in gone]
    for tag in document["tags"]:
        tag["name"] = renamed.get(tag["name"], tag["name"])
        if tag.get("parent") in gone:
            del tag["parent"]
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    path = folder / "schema/entities.yaml"
    path.write_text(path.read_text("utf-8").replace("name: LOC", f"name: {label}"), "utf-8")


def migrate(folder: Path, text: str = MIGRATION) -> None:
    """Edit the vocabularies and say what became of the names."""
    rewrite(folder, gone={"rail", "shipping", "culture"}, renamed={"labour": "work"})
    migrations = folder / "schema/migrations"
    migrations.mkdir()
    (migrations / "2.yaml").write_text(text, "utf-8")


def tags_of(folder: Path) -> dict[str, tuple[str, list[str]]]:
    """Return status and tags of each record that people worked on."""
    desk = Workspace.open(folder)
    said = {event.record_id for event in desk.ledger.events()}
    return {
        r["id"]: (r["annotation"]["status"], r["tags"]) for r in desk.merged() if r["id"] in said
    }


def test_release_before_and_after(galley: Any, tagged: Path) -> None:
    """Nothing is lost: what has one name has it, what has two waits, the old release stands."""

    def released() -> dict[str, Any]:
        desk = Workspace.open(tagged)
        stale = [i for i in desk.datasheet() if i.code == "answer_stale"]
        desk.datasheet([issue.path.split()[1] for issue in stale])
        done = galley("release", "--json", cwd=tagged)
        assert done.returncode == 0, done.stderr + done.stdout
        return dict(json.loads(done.stdout))

    first, before = released(), tags_of(tagged)
    migrate(tagged)
    after = tags_of(tagged)
    became = {"labour": ["work"], "rail": ["transport"], "shipping": ["transport"], "culture": []}
    for name, (_, old) in before.items():
        new = [one for tag in old for one in became.get(tag, [tag])]
        status = "suggested" if "culture" in old else "corrected"
        assert after[name] == (status, list(dict.fromkeys(new)))
    assert {e["label"] for r in Workspace.open(tagged).merged() for e in r["entities"]} >= {"PLACE"}
    second = released()
    assert (first["version"], second["version"]) == ("0.1.0", "0.2.0")  # a label has another name
    inputs = json.loads((Path(second["path"]) / "manifest.json").read_text("utf-8"))["inputs"]
    assert list(inputs["migrations"]) == ["2.yaml"]
    for release in (first, second):
        assert galley("verify", release["path"], cwd=tagged).returncode == 0
    waiting = [name for name, (status, _) in after.items() if status == "suggested"]
    assert len(waiting) == 4
    Workspace.open(tagged).ledger.append(_decided(tagged, name) for name in waiting)
    assert {status for status, _ in tags_of(tagged).values()} == {"corrected", "adjudicated"}
    third = released()
    assert third["version"] == "0.3.0"
    assert sum(third["configs"]["default"].values()) == sum(first["configs"]["default"].values())


def _decided(folder: Path, name: str) -> Event:
    """Return the event of somebody who said which of the new tags it is."""
    records = {record["id"]: record for record in Workspace.open(folder).records()}
    made = correct(records[name], ("museums", "trade"), hour=12)
    after = {**(made.after or {}), "entities": []}
    origin = {**made.origin, "annotation": f"decided {name}"}
    return replace(made, kind="adjudicated", taxonomy="2", after=after, origin=origin)


def test_ledger_is_not_touched(tagged: Path) -> None:
    """The events keep the names that people chose, and the version that they chose from."""
    ledger = Workspace.open(tagged).ledger
    before = [event.to_json() for event in ledger.events()]
    migrate(tagged)
    tags_of(tagged)
    assert [event.to_json() for event in Workspace.open(tagged).ledger.events()] == before
    assert {event["taxonomy"] for event in before} == {"1"}


def test_removed_without_migration(galley: Any, tagged: Path) -> None:
    """A tag or a label in use that is simply gone is refused, by name, with the way out."""
    rewrite(tagged, gone={"sport"}, renamed={})
    done = galley("release", "--json", cwd=tagged)
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (2, "labels_in_use")
    assert "the label LOC" in error["message"]
    assert "the tag sport" in error["message"]
    assert "schema/migrations" in error["hint"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('to: "2"', 'to: "3"'), "migration_chain"),
        (("to: work", "to: nowhere"), "migration_names"),
        (("rename: labour", "rename: trade"), "migration_names"),
        (("deprecate: sport", "forget: sport"), "migration_invalid"),
        (("[museums, heritage]", "museums"), "migration_invalid"),
        (("[museums, heritage]", "[culture, heritage]"), "migration_invalid"),
        (("entities:", "labels:"), "migration_invalid"),
    ],
)
def test_refused(tagged: Path, change: tuple[str, str], code: str) -> None:
    """A migration that leads nowhere, or that reuses an old name, is refused."""
    migrate(tagged, MIGRATION.replace(*change))
    with pytest.raises(SchemaError) as caught:
        list(Workspace.open(tagged).merged())
    assert caught.value.code == code


def test_chain(tagged: Path) -> None:
    """Two migrations are carried out one after the other, over a merge into an old name too."""
    migrate(tagged, MIGRATION.replace("to: work", "to: jobs"))
    later = 'from: "2"\nto: "3"\ntags:\n  - {merge: [jobs, work], to: work}\n'
    (tagged / "schema/migrations/3.yaml").write_text(later, "utf-8")
    path = tagged / "schema/tags.yaml"
    path.write_text(path.read_text("utf-8").replace("version: 2", "version: 3"), "utf-8")
    found = list(tags_of(tagged).values())
    assert ("corrected", ["work", "trade"]) in found
    assert {r["annotation"]["taxonomy"] for r in Workspace.open(tagged).merged()} == {None, "3"}


def test_suggestions_and_screen(tagged: Path) -> None:
    """What is deprecated is proposed no more, and stays on the screen with a word of warning."""
    from galley.annotations.suggestion import read_suggestions
    from galley.schema.labeling import labeling_config

    migrate(tagged)
    desk = Workspace.open(tagged)
    desk.suggest()
    proposed = {
        tag
        for suggestion in read_suggestions(desk.layout.suggestions).values()
        for tag in suggestion.tags
    }
    assert proposed
    assert not proposed & {"sport", "labour", "rail", "shipping", "culture"}
    screen = labeling_config(desk.taxonomy, desk.labels, deprecated=frozenset({"sport"}))
    assert 'value="Sport (no more)" alias="sport"' in screen
