"""A vocabulary that changes while a project is at work."""

from galley.desk import Workspace
from tests.e2e.studio.desk import TEXT, Desk, counts, span, surfaces

CHOICE = {"from_name": "tags", "to_name": "text", "type": "taxonomy"}


def chosen(*path: str) -> dict[str, object]:
    return {**CHOICE, "value": {"taxonomy": [list(path)]}}


def split(desk: Desk) -> None:
    """Let `culture` become one of two, and PER be called PERSON."""
    tags = desk.folder / "schema/tags.yaml"
    text = tags.read_text("utf-8").replace("version: 1", "version: 2", 1)
    text = text.replace("  - name: culture\n", "  - name: arts\n")
    tags.write_text(text.replace("parent: culture", "parent: arts"), "utf-8")
    labels = desk.folder / "schema/entities.yaml"
    labels.write_text(labels.read_text("utf-8").replace("name: PER", "name: PERSON"), "utf-8")
    migrations = desk.folder / "schema/migrations"
    migrations.mkdir()
    (migrations / "2-arts.yaml").write_text(
        'from: "1"\nto: "2"\ntags:\n  - {split: culture, to: [arts, heritage]}\n'
        "entities:\n  - {rename: PER, to: PERSON}\n",
        "utf-8",
    )


def test_split_under_way(desk: Desk) -> None:
    """Work from before a migration is read; what was split is asked for, and then it stands."""
    project = desk.run("push")["project_id"]
    (task,) = desk.tasks(project)
    quill = span("PER", "Ada Quill")
    desk.annotate(task["id"], [quill, chosen("culture")])
    assert desk.run("pull")["events"] == 1
    tags = desk.folder / "schema/tags.yaml"
    text = tags.read_text("utf-8")
    tags.write_text(
        text.replace("  - name: culture\n", "  - name: arts\n").replace(
            "parent: culture", "parent: arts"
        ),
        "utf-8",
    )
    assert desk.run("push", code=2)["error"]["code"] == "labels_in_use"
    tags.write_text(text, "utf-8")
    split(desk)
    # begun on the old screen, handed in after the change
    desk.annotate(task["id"], [quill, span("GPE", "Spain"), chosen("culture")])
    assert desk.run("pull") == counts(annotations=2, events=1, records_changed=1)
    assert desk.run("pull")["events"] == 0
    assert {event.taxonomy for event in Workspace.open(desk.folder).ledger.events()} == {"1"}
    desk.run("push")
    record = desk.record()
    assert (record["annotation"]["status"], record["tags"]) == ("suggested", [])
    assert (
        surfaces(record)
        == [("Spain", "GPE"), ("Ada Quill", "PERSON")][
            :: -1 if TEXT.index("Ada Quill") < TEXT.index("Spain") else 1
        ]
    )
    assert desk.run("push", "--queue", "adjudicate")["created"] == 0
    queue = desk.run("push", "--queue", "split")
    assert queue["created"] == 1
    (asked,) = desk.tasks(queue["project_id"])
    assert "<b>culture</b> has become arts or heritage" in asked["data"]["link"]
    shown = asked["predictions"][0]["result"]
    assert {label for item in shown for label in item["value"].get("labels", [])} == {
        "PERSON",
        "GPE",
    }
    desk.annotate(asked["id"], [*shown, chosen("arts")])
    assert desk.run("pull")["events"] == 1
    record = desk.record()
    assert (record["annotation"]["status"], record["tags"]) == ("adjudicated", ["arts"])
    assert record["annotation"]["taxonomy"] == "2"
    assert desk.run("push", "--queue", "split")["created"] == 0
