"""A whole campaign: several people, agreement, decisions between them, a release."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from galley.annotations.blind import is_blind
from galley.desk import Workspace
from tests.conftest import ROOT
from tests.e2e.studio.campaign import Case, make_cases, results, true_alpha, true_f1
from tests.e2e.studio.desk import Desk
from tests.e2e.studio.test_access import Account

SETTINGS = {
    "GALLEY_ANNOTATIONS_OVERLAP": "3",
    "GALLEY_ANNOTATIONS_BLIND": "0.3",
    "GALLEY_ANNOTATIONS_MERGE_DEFAULT": "majority",
    "GALLEY_RELEASE_LICENSE": "CC0-1.0",
}


@pytest.fixture
def people(desk: Desk) -> Iterator[list[httpx.Client]]:
    """Yield three people's connections to the server."""
    with ExitStack() as stack:
        found = []
        for _ in range(3):
            web = stack.enter_context(
                httpx.Client(base_url=desk.server.url, trust_env=False, timeout=60)
            )
            token = Account.sign_up(desk, web).legacy_token()
            headers = {"Authorization": f"Token {token}"}
            found.append(
                stack.enter_context(
                    httpx.Client(
                        base_url=web.base_url, headers=headers, trust_env=False, timeout=60
                    )
                )
            )
        yield found


def tasks_of(desk: Desk, project: int) -> dict[str, dict[str, Any]]:
    """Return the tasks of a project that are not put aside, by record."""
    query = {"project": project, "fields": "all", "page_size": 10000}
    found = desk.api.get("/api/tasks", params=query).json()["tasks"]
    return {task["data"]["record_id"]: task for task in found if not task["data"]["archived"]}


def annotate(desk: Desk, people: list[httpx.Client], cases: list[Case], project: int) -> None:
    """Let the people do their work, with and without suggestions, as it was drawn."""
    tasks = tasks_of(desk, project)
    for case in cases:
        task = tasks[case.record["id"]]
        assert bool(task["predictions"]) != is_blind(case.record["id"], 0.3)
        shown = {"parent_prediction": task["predictions"][0]["id"]} if task["predictions"] else {}
        for person, (tags, spans) in case.answers.items():
            marked = [span for span in spans if span is not None]
            body = {"result": results(case.record["text"], tags, marked), "lead_time": 9.5}
            answer = people[person].post(f"/api/tasks/{task['id']}/annotations/", json=body | shown)
            assert answer.is_success, answer.text


def decide(desk: Desk, cases: list[Case], project: int) -> None:
    """Let somebody who knows the truth decide what is open."""
    tasks = tasks_of(desk, project)
    assert set(tasks) == {case.record["id"] for case in cases if case.is_open}
    for case in cases:
        if case.is_open:
            task = tasks[case.record["id"]]
            assert task["data"]["queue"] == "adjudicate"
            assert "to be decided" in task["data"]["link"].lower()
            desk.annotate(task["id"], results(case.record["text"], case.tags, case.spans))


def check(record: Any, case: Case) -> None:
    """Check a record of the release: the truth, wherever it was decided or two were right."""
    tags = set(record["tags"])
    spans = {(item["start"], item["end"], item["label"]) for item in record["entities"]}
    if case.is_open:
        assert record["annotation"]["status"] == "adjudicated"
        assert (tags, spans) == (set(case.tags), set(case.spans))
        return
    assert record["annotation"]["status"] == "corrected"
    assert tags == {tag for tag, chosen in case.settled_tags().items() if chosen}
    assert spans == {span for _, span in case.settled_spans() if span is not None}
    for number, span in enumerate(case.spans):
        if sum(said[number] == span for _, said in case.answers.values()) >= 2:
            assert span in spans


def run_campaign(desk: Desk, people: list[httpx.Client], number: int) -> dict[str, Any]:
    """Run a campaign from push to release, and return what was said of agreement."""
    cases = make_cases(number)
    desk.write([case.record for case in cases])
    shutil.copy(ROOT / "DATASHEET.md", desk.folder)
    annotate(desk, people, cases, desk.run("push", **SETTINGS)["project_id"])
    assert desk.run("pull", **SETTINGS)["annotations"] == sum(len(c.answers) for c in cases)
    report = desk.run("agreement", **SETTINGS)
    waiting = sum(case.is_open for case in cases)
    assert desk.run("push", "--queue", "adjudicate", "--dry-run", **SETTINGS)["created"] == waiting
    pushed = desk.run("push", "--queue", "adjudicate", **SETTINGS)
    assert pushed["created"] == waiting > 0
    decide(desk, cases, pushed["project_id"])
    assert desk.run("pull", **SETTINGS)["events"] == waiting
    assert desk.run("push", "--queue", "adjudicate", **SETTINGS)["created"] == 0
    assert not tasks_of(desk, pushed["project_id"])
    released = desk.run("release", **SETTINGS)
    by_id = {case.record["id"]: case for case in cases}
    rows = list(Workspace.open(desk.folder).records())
    assert sum(released["configs"]["default"].values()) == len(rows) == number
    desk.run("export", "--format", "jsonl", "--out", "out")
    texts = [path.read_text("utf-8") for path in sorted((desk.folder / "out").glob("**/*.jsonl"))]
    lines = "".join(texts).strip().split("\n")
    assert len(lines) == number
    for line in lines:
        record = json.loads(line)
        check(record, by_id[record["id"]])
    assert desk.run("agreement", **SETTINGS)["overall"] == report["overall"]
    return report


def test_small_campaign(desk: Desk, people: list[httpx.Client]) -> None:
    """Three people, two dozen records: who decides gets what is open, and the truth is released."""
    report = run_campaign(desk, people, 24)
    assert (report["people"], report["shared_texts"]) == (3, 24)
    assert report["suggestions"]["too_small"]
    assert report["suggestions"]["without_suggestions"]["texts"] > 0


@pytest.mark.torture
def test_campaign(desk: Desk, people: list[httpx.Client]) -> None:
    """Five hundred records: agreement is what the error rates make it, within its interval."""
    report = run_campaign(desk, people, 500)
    f1 = report["overall"]["f1_exact"]
    assert f1["low"] <= true_f1() <= f1["high"]
    assert f1["high"] - f1["low"] < 0.04
    inside = [tag["alpha_nominal"] for tag in report["tags"].values()]
    assert sum(tag["low"] <= true_alpha() <= tag["high"] for tag in inside) >= 3
    assert report["suggestions"]["too_small"] is None
