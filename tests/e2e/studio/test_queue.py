"""What a push sends, and what annotators then find: queues, limits, the tab, the guidelines."""

from collections import Counter
from typing import Any

import pytest

from tests.e2e.studio.desk import TEXT, Desk, counts, span, surfaces
from tests.factory import make_record

MOVED = TEXT.replace("🚢 FERRY STRIKE\n\n", "")


def edited(desk: Desk, text: str) -> dict[str, Any]:
    """Let a person annotate the record, then give it another text; return what push did."""
    project = desk.run("push")["project_id"]
    task = desk.tasks(project)[0]
    quill = span("PER", "Ada Quill", start=TEXT.rindex("Ada Quill"))
    desk.annotate(task["id"], [span("GPE", "Spain"), quill])
    desk.run("pull")
    desk.write([make_record(id=task["data"]["record_id"], text=text)])
    return desk.run("push")


def test_reanchored(desk: Desk) -> None:
    """What people marked moves with its text, and counts as theirs; the old task is put aside."""
    report = edited(desk, MOVED)
    assert (report["created"], report["archived"]) == (1, 1)
    record = desk.record()
    assert record["annotation"]["status"] == "corrected"
    assert surfaces(record) == [("Spain", "GPE"), ("Ada Quill", "PER")]
    assert record["entities"][1]["start"] == MOVED.rindex("Ada Quill")
    assert desk.run("push", "--queue", "reanchor", "--dry-run")["unchanged"] == 0


def test_queued_for_a_person(desk: Desk) -> None:
    """A span without a place waits for a person, who sees what was marked; then it is done."""
    report = edited(desk, MOVED.replace("answered Ada Quill", "answered her"))
    (task,) = [t for t in desk.tasks(report["project_id"]) if not t["data"]["archived"]]
    assert task["data"]["queue"] == "reanchor"
    assert "PER “Ada Quill”" in task["data"]["link"]
    assert (desk.record()["annotation"]["status"], surfaces(desk.record())) == (
        "suggested",
        [("Spain", "GPE")],
    )
    assert desk.run("push", "--queue", "reanchor")["unchanged"] == 1
    desk.annotate(task["id"], [])
    assert desk.run("pull") == counts(annotations=2, events=1, records_changed=1)
    assert desk.record()["annotation"]["status"] == "corrected"
    assert desk.run("push")["updated"] == 1  # it is in no queue any more
    assert desk.run("push", "--queue", "reanchor")["unchanged"] == 0


def test_limits(desk: Desk) -> None:
    """A push can be limited and tried; what it is not about is left alone."""
    desk.write([make_record(number, language="fr" if number > 3 else "en") for number in range(6)])
    assert desk.run("push", "--dry-run") | {"project_id": 0} == {
        **dict.fromkeys(("updated", "unchanged", "archived", "withheld", "failed"), 0),
        "project_id": 0,
        "created": 6,
    }
    assert desk.number_of_tasks() == 0
    assert desk.run("push", "--only", "language=fr title~ferry")["created"] == 2
    assert desk.run("push", "--limit", "3")["created"] == 3
    report = desk.run("push", "--queue", "new", "--limit", "3")
    assert (report["created"], report["archived"], report["unchanged"]) == (1, 0, 5)
    desk.write([make_record(number) for number in range(1)])
    assert desk.run("push", "--only", "language=en")["archived"] == 0
    assert desk.run("push")["archived"] == 5
    for query in ("language", "colour=red", "'"):
        assert desk.run("push", "--only", query, code=2)["error"]["code"] == "query"


def test_tab(desk: Desk) -> None:
    """Annotators label from a tab that lacks what was put aside; a second push makes no other."""
    report = edited(desk, MOVED)
    query = {"project": report["project_id"]}
    (tab,) = desk.api.get("/api/dm/views", params=query).json()
    shown = desk.api.get("/api/tasks", params={"view": tab["id"], "fields": "all"}).json()
    assert Counter(task["data"]["archived"] for task in shown["tasks"]) == {False: 1}
    assert len(desk.tasks(report["project_id"])) == 2
    desk.run("push")
    assert len(desk.api.get("/api/dm/views", params=query).json()) == 1


def test_guidelines_and_overlap(desk: Desk) -> None:
    """The guidelines are on the server as they are here, and so is how many people see a task."""
    guidelines = desk.folder / "annotations/guidelines.md"
    guidelines.parent.mkdir(exist_ok=True)
    guidelines.write_text("# How to\n\n| a | b |\n|---|---|\n| c | <img src=x> |\n", "utf-8")
    project = desk.run("push", GALLEY_ANNOTATIONS_OVERLAP="2")["project_id"]

    def there() -> dict[str, Any]:
        return dict(desk.api.get(f"/api/projects/{project}").json())

    assert there()["maximum_annotations"] == 2
    assert "<h1>How to</h1>" in there()["expert_instruction"]
    assert "<img" not in there()["expert_instruction"]
    guidelines.write_text("# Otherwise\n", "utf-8")
    desk.run("push")
    assert "Otherwise" in there()["expert_instruction"]
    assert there()["maximum_annotations"] == 1
    error = desk.run("push", code=2, GALLEY_ANNOTATIONS_OVERLAP="0")["error"]
    assert error["code"] == "config_range"


@pytest.mark.parametrize("from_server", [True, False])
def test_adopted_project(desk: Desk, *, from_server: bool) -> None:
    """A project made by hand, or its export, is adopted onto records that have its texts."""
    screen = (
        '<View><Labels name="ner" toName="body"><Label value="GPE"/></Labels>'
        '<Text name="body" value="$text"/></View>'
    )
    made = {"title": "by hand", "label_config": screen}
    project = desk.api.post("/api/projects", json=made).json()["id"]
    desk.api.post(f"/api/projects/{project}/import", json=[{"text": TEXT}, {"text": "other"}])
    task = next(t for t in desk.tasks(project) if t["data"]["text"] == TEXT)
    desk.annotate(task["id"], [span("GPE", "Spain") | {"from_name": "ner", "to_name": "body"}])
    source = str(project)
    if not from_server:
        export = desk.api.get(f"/api/projects/{project}/export", params={"exportType": "JSON"})
        (desk.folder / "export.json").write_bytes(export.content)
        source = str(desk.folder / "export.json")
    report = desk.run("adopt", source)
    assert (report["events"], report["without_record"]) == (1, 0)
    assert surfaces(desk.record()) == [("Spain", "GPE")]
    assert desk.run("adopt", source)["events"] == 0
    assert desk.run("adopt", "999999", code=2)["error"]["code"] == "no_project"


@pytest.mark.parametrize("there", [False, True], ids=["new project", "standing project"])
def test_a_screen_that_the_server_refuses(desk: Desk, *, there: bool) -> None:
    """Vocabularies that make no screen are refused in words, and change nothing anywhere."""
    if there:
        desk.run("push")
    labels = desk.folder / "schema/entities.yaml"
    odd = 'version: "1"\nlabels:\n  - {name: GPE, description: "a page\\fbreak"}\n'
    labels.write_text(odd, encoding="utf-8")
    screen = desk.folder / "annotations/labeling_config.xml"
    before = screen.read_text(encoding="utf-8") if there else None
    for words in (["push"], ["push", "--dry-run"]):
        error = desk.run(*words, code=2)["error"]
        assert (error["code"], "entities.yaml" in error["message"]) == ("labeling_config", True)
    assert desk.number_of_tasks() == int(there)
    assert (screen.read_text(encoding="utf-8") if screen.exists() else None) == before
