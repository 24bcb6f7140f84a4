"""The round trip through a real Label Studio: push, work in a browser or by API, pull."""

import json
import shutil
from collections import Counter
from dataclasses import replace

from galley.desk import Workspace
from galley.files import append_jsonl
from tests.e2e.browser import annotator
from tests.e2e.studio.desk import TEXT, Desk, counts, span, surfaces
from tests.factory import make_record

WAITED = "Ada Quill, of Zürich, waited in Spain for a ferry that nobody in Norway had sent."


def test_browser_round_trip(desk: Desk, chromium: str) -> None:
    """What a person changes in a real browser, and only that, is on the record afterwards."""
    project = desk.run("push")["project_id"]
    suggested = desk.record()
    assert ("Spain", "GPE") in surfaces(suggested)
    assert suggested["tags"] == ["transport", "trade"]
    spain, quill = TEXT.index("Spain"), TEXT.rindex("Ada Quill")
    with annotator(chromium, desk.server.url) as hands:
        hands.login(desk.server.username, desk.server.password)
        hands.open(project=project, task=desk.tasks(project)[0]["id"])
        hands.delete(spain, spain + 5)
        hands.add(quill, quill + 9, "PER")
        hands.remove_tag("Trade")
        hands.add_tag("Rail")
        hands.submit()
    assert desk.run("pull") == {
        "annotations": 1,
        "events": 1,
        "records_changed": 1,
        "quarantined": 0,
        "unread": [],
    }
    record = desk.record()
    kept = [entity for entity in suggested["entities"] if entity["text"] != "Spain"]
    new = {"start": quill, "end": quill + 9, "label": "PER", "text": "Ada Quill"}
    assert record["entities"] == [*kept, new]
    assert record["tags"] == ["transport", "rail"]
    assert record["annotation"]["status"] == "corrected"
    assert desk.run("pull")["events"] == 0
    again = desk.run("push")
    assert (again["unchanged"], again["created"] + again["updated"]) == (1, 0)


def test_skip_update_delete(desk: Desk) -> None:
    """A skip, a change and a deletion are each noticed once, without notifications."""
    project = desk.run("push")["project_id"]
    task = desk.tasks(project)[0]["id"]
    annotation = desk.annotate(task, [span("GPE", "France")], was_cancelled=True)
    assert desk.run("pull") == counts(annotations=0, events=1, records_changed=0)
    change = {"result": [span("LOC", "Norway")], "was_cancelled": False}
    assert desk.api.patch(f"/api/annotations/{annotation}/", json=change).is_success
    assert desk.run("pull") == counts(annotations=1, events=1, records_changed=1)
    assert surfaces(desk.record()) == [("Norway", "LOC")]
    assert desk.api.delete(f"/api/annotations/{annotation}/").is_success
    assert desk.run("pull") == counts(annotations=0, events=1, records_changed=1)
    assert desk.record()["annotation"]["status"] == "suggested"
    assert desk.run("pull") == counts(annotations=0, events=0, records_changed=0)
    kinds = [event.kind for event in Workspace.open(desk.folder).ledger.events()]
    assert kinds == ["skipped", "annotated", "deleted"]


def test_deleted_task(desk: Desk) -> None:
    """A task that is deleted with its annotation is noticed, and pushed again."""
    project = desk.run("push")["project_id"]
    task = desk.tasks(project)[0]["id"]
    desk.annotate(task, [])
    assert desk.run("pull") == counts(annotations=1, events=1, records_changed=1)
    assert desk.record()["entities"] == []  # submitted empty: there is nothing to mark
    assert desk.api.delete(f"/api/tasks/{task}/").is_success
    assert desk.run("pull") == counts(annotations=0, events=1, records_changed=1)
    assert desk.run("push")["created"] == 1


def test_misfit_is_quarantined_once(desk: Desk) -> None:
    """A span in other units than code points is put aside with its reason, and no event."""
    project = desk.run("push")["project_id"]
    utf16 = span("GPE", "Spain", start=TEXT.index("Spain") + 2)
    desk.annotate(desk.tasks(project)[0]["id"], [utf16, span("NOBODY", "Norway")])
    expected = counts(annotations=0, events=0, records_changed=0) | {"quarantined": 1}
    assert desk.run("pull", code=1) == expected
    (desk.folder / ".galley/pull.json").unlink()
    assert desk.run("pull")["quarantined"] == 0
    lines = (desk.folder / "annotations/quarantine.jsonl").read_text(encoding="utf-8").splitlines()
    codes = [issue["code"] for line in lines for issue in json.loads(line)["issues"]]
    assert codes == ["span_surface", "label_unknown"]


def test_no_pull_brings_back_what_was_taken_out(desk: Desk) -> None:
    """Of a record that was retracted meanwhile nothing is put aside either: it has its words."""
    page = f"<html><title>Ferries</title><article><h1>Ferries</h1><p>{WAITED}</p></article></html>"
    build = desk.folder / "build"
    (build / "ferries.html").write_text(page, encoding="utf-8")
    source = '[[source]]\nname = "ferries"\nfiles = ["ferries.html"]\n'
    (build / "sources.toml").write_text(source, encoding="utf-8")
    assert desk.run("build")["records"] == 1
    (task,) = desk.tasks(desk.run("push")["project_id"])
    value = {"start": 0, "end": 5, "text": task["data"]["text"][:5], "labels": ["NOBODY"]}
    unfit = {"from_name": "entities", "to_name": "text", "type": "labels", "value": value}
    desk.annotate(task["id"], [unfit])
    assert desk.run("pull", code=1)["quarantined"] == 1
    desk.run("retract", desk.record()["id"], "--reason", "asked for", "--yes")
    aside = desk.folder / "annotations/quarantine.jsonl"
    assert not aside.exists() or not aside.read_bytes()
    (desk.folder / ".galley/pull.json").unlink()
    desk.annotate(task["id"], [unfit])
    assert desk.run("pull")["quarantined"] == 0
    assert not aside.exists() or not aside.read_bytes()


def test_a_task_that_the_server_fails_at(desk: Desk) -> None:
    """The others come, nothing of it counts as deleted, and it comes once it is mended."""
    records = [make_record(number, text=f"{number} {TEXT}") for number in range(5)]
    desk.write(records)
    project = desk.run("push")["project_id"]
    tasks = [task["id"] for task in desk.tasks(project)]
    marked = [span("GPE", "France", start=TEXT.index("France") + 2)]
    desk.annotate(tasks[2], marked)
    assert desk.run("pull") == counts(annotations=1, events=1, records_changed=1)
    half = marked[0] | {"value": marked[0]["value"] | {"text": "\ud83d"}}
    body, kind = json.dumps({"result": [half]}), {"Content-Type": "application/json"}
    path = f"/api/tasks/{tasks[2]}/annotations/"
    assert desk.api.post(path, content=body, headers=kind).status_code == 500  # it keeps it
    last = desk.annotate(tasks[3], marked)
    for memory in (True, False):
        if not memory:
            (desk.folder / ".galley/pull.json").unlink()
        found = desk.run("pull", code=1)
        assert (found["events"], found["unread"]) == (int(memory), [tasks[2]])
        assert desk.record(2)["entities"] == desk.record(3)["entities"] != []
    assert desk.api.delete(f"/api/annotations/{last - 1}/").is_success
    assert desk.run("pull") == counts(annotations=2, events=0, records_changed=0)


def test_a_label_that_comes_later(desk: Desk) -> None:
    """What did not fit the vocabulary is read again once it does."""
    (task,) = desk.tasks(desk.run("push")["project_id"])
    desk.annotate(task["id"], [span("SHIP", "Norway")])
    assert desk.run("pull", code=1)["quarantined"] == 1
    labels = desk.folder / "schema/entities.yaml"
    more = '  - name: SHIP\n    description: Ships.\n    color: "#123456"\n'
    labels.write_text(labels.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert desk.run("pull") == counts(annotations=1, events=1, records_changed=1)
    assert surfaces(desk.record()) == [("Norway", "SHIP")]


def test_a_clock_that_is_set_back(desk: Desk) -> None:
    """What came later counts, though the server stamped it earlier."""
    (task,) = desk.tasks(desk.run("push")["project_id"])
    number = desk.annotate(task["id"], [span("GPE", "Norway")])
    assert desk.run("pull")["events"] == 1
    (event,) = Workspace.open(desk.folder).ledger.events()
    (path,) = (desk.folder / "annotations/ledger").glob("*.jsonl")
    ahead = replace(event, at="2099-01-01T00:00:00.000000Z")
    path.unlink()
    Workspace.open(desk.folder).ledger.append([ahead])
    body = {"result": [span("GPE", "France")]}
    assert desk.api.patch(f"/api/annotations/{number}/", json=body).is_success
    assert desk.run("pull")["records_changed"] == 1
    assert surfaces(desk.record()) == [("France", "GPE")]
    assert desk.run("pull")["events"] == 0


def test_lost_memory_doubles_nothing(desk: Desk) -> None:
    """Another clone with the ledger and the key finds no news; with another key it may not."""
    project = desk.run("push")["project_id"]
    desk.annotate(desk.tasks(project)[0]["id"], [span("PER", "Ada Quill")])
    assert desk.run("pull")["events"] == 1
    key = (desk.folder / ".galley/annotator.key").read_text(encoding="utf-8")
    shutil.rmtree(desk.folder / ".galley")
    assert desk.run("pull", GALLEY_ANNOTATOR_KEY=key)["events"] == 0
    assert desk.run("push")["unchanged"] == 1
    (desk.folder / ".galley/pull.json").unlink()
    error = desk.run("pull", code=2, GALLEY_ANNOTATOR_KEY="another")["error"]
    assert error["code"] == "annotator_key"


def test_text_and_suggestions_change(desk: Desk) -> None:
    """A new text gets a new task, the old one is archived; new suggestions replace old ones."""
    record = make_record(text=TEXT, source_tags=["Transport", "Trade"])
    other = make_record(1, source_tags=["Trade"])
    desk.write([record, other])
    project = desk.run("push")["project_id"]
    edited = make_record(id=record["id"], text=TEXT.replace("Spain", "Italy"))
    desk.write([edited, other | {"source_tags": ["Rail"], "title": "Another title"}])
    report = desk.run("push")
    assert (report["created"], report["updated"], report["archived"]) == (1, 1, 1)
    tasks = desk.tasks(project)
    assert Counter(task["data"]["archived"] for task in tasks) == {False: 2, True: 1}
    fresh = next(task for task in tasks if task["data"]["record_id"] == other["id"])
    tags = [result for result in fresh["predictions"][0]["result"] if result["type"] == "taxonomy"]
    assert tags[0]["value"] == {"taxonomy": [["transport", "rail"]]}
    assert fresh["data"]["title"] == "Another title"
    assert (len(fresh["predictions"]), desk.run("push")["unchanged"]) == (1, 2)


def test_merged_meanwhile(desk: Desk) -> None:
    """Work on two records that were found to be one counts for one, in the ledger under both."""
    records = [make_record(number, text=TEXT) for number in range(2)]
    desk.write(records)
    project = desk.run("push")["project_id"]
    for task, surface in zip(desk.tasks(project), ("France", "Norway"), strict=True):
        desk.annotate(task["id"], [span("LOC", surface)])
    kept, gone = sorted(record["id"] for record in records)
    append_jsonl(
        Workspace.open(desk.folder).layout.identity,
        [
            {"id": kept, "kind": "text", "key": records[0]["text_sha256"]},
            {"id": gone, "kind": "text", "key": "e" * 64},
            {"id": kept, "kind": "alias", "key": gone},
        ],
    )
    assert desk.run("pull") == counts(annotations=2, events=2, records_changed=1)
    events = Workspace.open(desk.folder).ledger.events()
    assert sorted(event.record_id for event in events) == [kept, gone]
    assert surfaces(desk.record()) == [("Norway", "LOC")]
