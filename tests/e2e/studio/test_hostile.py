"""What an account may say and change on a real server, and what comes of it: reasons, no events."""

import json
import time
from typing import Any

import pytest

from galley.desk import Workspace
from galley.ledger import Event
from galley.schema.labeling import ENTITIES
from tests.e2e.studio.desk import TEXT, Desk, span
from tests.factory import make_record

MUCH = "10 MB " * (10 * 2**20 // 6)
GOOD = span("GPE", "Norway")
_LONGEST = 60  # seconds of a pull that has ten megabytes to read


def prepare(desk: Desk) -> tuple[int, list[int]]:
    """Push two records more, and return the numbers of the project and of its tasks."""
    desk.write([make_record(number, text=TEXT) for number in range(3)])
    project = desk.run("push")["project_id"]
    return project, [task["id"] for task in desk.tasks(project)]


def ours(desk: Desk) -> list[Event]:
    return Workspace.open(desk.folder).ledger.events()


def put_aside(desk: Desk) -> list[dict[str, Any]]:
    """Return what is in the quarantine, by annotation."""
    path = desk.folder / "annotations/quarantine.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def codes(desk: Desk) -> list[str]:
    """Return the reasons in the quarantine, by annotation and place."""
    return [issue["code"] for entry in put_aside(desk) for issue in entry["issues"]]


def weight(desk: Desk) -> int:
    """Return how many bytes the ledger has."""
    return sum(path.stat().st_size for path in desk.folder.glob("annotations/ledger/*.jsonl"))


def relation(**more: Any) -> dict[str, Any]:
    return {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right", **more}


NOTE = {"from_name": "note", "to_name": "text", "type": "textarea", "value": {"text": [MUCH]}}


_LONG = pytest.mark.torture


@pytest.mark.parametrize(
    ("result", "reasons"),
    [
        (GOOD | {"meta": {"text": [MUCH]}}, []),
        (relation(labels=[MUCH]), []),
        pytest.param(GOOD | {"id": MUCH}, [], marks=_LONG),
        pytest.param(NOTE, ["result_type"], marks=_LONG),
        pytest.param(span("GPE", MUCH, start=0), ["span_range"], marks=_LONG),
        pytest.param(span(MUCH, "Norway"), ["label_unknown"], marks=_LONG),
    ],
    ids=["meta", "relation", "id", "textarea", "surface", "label"],
)
def test_ten_megabytes(desk: Desk, result: dict[str, Any], reasons: list[str]) -> None:
    """Of a comment, in any place: no event holds it, and the work beside it comes in."""
    _, (first, second, _) = prepare(desk)
    desk.annotate(first, [result])
    desk.annotate(second, [])
    began = time.monotonic()
    report = desk.run("pull", code=None)
    assert time.monotonic() - began < _LONGEST
    assert report["events"] == 2 - len(reasons)
    assert codes(desk) == reasons
    assert weight(desk) < 10_000
    assert all(len(said) < 10_000 for said in desk.said)
    again = desk.run("pull")
    assert (again["events"], again["quarantined"]) == (0, 0)


def test_regions_that_share(desk: Desk) -> None:
    """Spans that overlap are all there, the same one twice is one, ids are not looked at."""
    _, (first, *_) = prepare(desk)
    outer = span("ORG", "France for Norway") | {"id": "same"}
    twice = [GOOD | {"id": "same"}, GOOD | {"id": "other"}, GOOD]
    desk.annotate(first, [outer, *twice, relation(from_id="same", to_id="same"), relation()])
    assert desk.run("pull")["events"] == 1
    (event,) = ours(desk)
    found = [(item["text"], item["label"]) for item in (event.after or {})["entities"]]
    assert found == [("France for Norway", "ORG"), ("Norway", "GPE")]
    assert len(event.repairs or []) == 2


MISFITS: dict[str, list[tuple[str, list[Any]]]] = {
    "span_range": [
        ("before the text", [span("GPE", "Norway", start=-1)]),
        ("after it", [span("GPE", "Norway", start=10**9)]),
        ("no numbers", [GOOD | {"value": {"start": "4", "end": None, "labels": ["GPE"]}}]),
    ],
    "label_unknown": [("a script", [span("<script>alert(1)</script>", "Norway")])],
    "result_count": [("too many", [GOOD] * 5001)],
    "result_type": [("of the tags", [GOOD | {"from_name": "tags"}])],
}


def test_what_does_not_fit(desk: Desk) -> None:
    """It waits in the quarantine with its reason; what somebody else said there comes in."""
    _, (first, *_) = prepare(desk)
    expected = []
    for reason, cases in MISFITS.items():
        for _, results in cases:
            body = {"result": results}
            answer = desk.api.post(f"/api/tasks/{first}/annotations/", json=body)
            assert answer.is_success, answer.text
            expected.append(reason)
    desk.annotate(first, [GOOD])
    report = desk.run("pull", code=1)
    assert (report["events"], report["quarantined"]) == (1, len(expected))
    found = [{issue["code"] for issue in entry["issues"]} for entry in put_aside(desk)]
    assert found == [{reason} for reason in expected]


@pytest.mark.parametrize(
    ("old", "new", "results", "reason"),
    [
        ('"GPE"', '"PLACE"', [span("PLACE", "Norway")], "label_unknown"),
        (
            f'name="{ENTITIES}"',
            'name="spans"',
            [GOOD | {"from_name": "spans"}],
            "result_type",
        ),
        ('value="$text"', 'value="$title"', [span("GPE", "Ferry", start=0)], "span_surface"),
    ],
    ids=["label", "control", "text"],
)
def test_another_screen(
    desk: Desk, old: str, new: str, results: list[dict[str, Any]], reason: str
) -> None:
    """Somebody changed it on the server: nothing is misread, and the next push puts it back."""
    project, (first, second, third) = prepare(desk)
    made = desk.annotate(first, [GOOD])
    assert desk.run("pull")["events"] == 1
    place = f"/api/projects/{project}/"
    config = desk.api.get(place).json()["label_config"]
    assert old in config
    changed = {"label_config": config.replace(old, new)}
    answer, events = desk.api.patch(place, json=changed), 0
    if not answer.is_success:  # the server refuses what its annotations contradict
        assert desk.api.delete(f"/api/annotations/{made}/").is_success
        answer, events = desk.api.patch(place, json=changed), 1
    assert answer.is_success, answer.text
    number = desk.annotate(second, results)
    report = desk.run("pull", code=1)
    assert (report["events"], codes(desk)) == (events, [reason])
    assert [event.kind for event in ours(desk)] == ["annotated", "deleted"][: 1 + events]
    done = desk.run("push", code=None if reason == "span_surface" else 2)
    if "error" in done:  # what people said would have no place on our screen
        assert done["error"]["code"] in {"labels_in_use", "server_refused"}, done
        assert desk.api.delete(f"/api/annotations/{number}/").is_success
        desk.run("push")
    assert desk.api.get(place).json()["label_config"].strip() == config.strip()
    desk.annotate(third, [])
    assert desk.run("pull")["events"] == 1


def test_tasks_of_others(desk: Desk) -> None:
    """Tasks that push did not make, or made for another text, change nothing of what is known."""
    project, (first, *_) = prepare(desk)
    task = next(task for task in desk.tasks(project) if task["id"] == first)
    data, meta = task["data"], task["meta"]
    foreign = [
        {"data": dict.fromkeys(data, "Not ours.")},
        {"data": data},
        {"data": data | {"text": "Another text."}, "meta": meta},
        {"data": data | {"record_id": "f" * 32}, "meta": meta},
        {"data": data | {"record_id": "../x"}, "meta": meta | {"record_id": "../x"}},
        {"data": data, "meta": [1]},
    ]
    into = f"/api/projects/{project}/import"
    for one in foreign:
        answer = desk.api.post(into, json=[one])
        assert answer.is_success, answer.text
    before = {task["id"] for task in desk.tasks(project)}
    for number in sorted(before):
        desk.annotate(number, [])
    report = desk.run("pull", code=1)
    assert {event.record_id for event in ours(desk)} == {make_record(n)["id"] for n in range(3)}
    assert (report["events"], codes(desk)) == (3, ["task_text", "task_key", "task_key"])
    assert desk.run("pull")["events"] == 0
    assert desk.run("push")["unchanged"] == 3
    assert {task["id"] for task in desk.tasks(project)} == before


def test_another_project(desk: Desk) -> None:
    """Whatever it holds, tasks of ours included: it is not read, and not written to."""
    project, _ = prepare(desk)
    copies = [{"data": t["data"], "meta": t["meta"]} for t in desk.tasks(project)]
    made = desk.api.get(f"/api/projects/{project}/").json()
    title = {"title": made["title"], "label_config": made["label_config"]}
    other = desk.api.post("/api/projects/", json=title).json()["id"]
    assert desk.api.post(f"/api/projects/{other}/import", json=copies).is_success
    for task in desk.tasks(other):
        desk.annotate(task["id"], [])
    assert desk.run("pull")["events"] == 0
    assert desk.run("push")["unchanged"] == 3
    assert len(desk.tasks(other)) == 3
