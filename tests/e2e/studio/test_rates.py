"""How fast push and pull are, beside what the same server does for a bare client."""

import json
import time
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from galley.desk import Workspace
from tests.e2e.studio.desk import Desk
from tests.factory import make_record

TASKS, BATCH = 5000, 500
_WORDS = (  # noqa: SIM905 - easier to read
    "the government said that ships would wait in harbour until the strike ended and nobody could "
    "tell whether a new contract between port council and unions was signed before winter storms"
).split()


def article(number: int) -> str:
    """Return an English text of 6 KB that names 18 countries."""
    draw = Random(number)
    paragraphs = [
        f"In {draw.choice(['Norway', 'Spain'])} {' '.join(draw.choices(_WORDS, k=120))}. "
        f"Then {draw.choice(['France', 'Italy'])} agreed."
        for _ in range(9)
    ]
    return f"No. {number} 🚢\n\n" + "\n\n".join(paragraphs)


def seconds(work: Callable[[], Any]) -> float:
    """Return how long `work` takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


@pytest.mark.torture
def test_rates(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Push at 0.8 of bare imports or more, a no-op under a quarter of it, pull at 0.8 of exports."""
    desk.write([make_record(n, text=article(n), source_tags=["Trade"]) for n in range(TASKS)])
    reports: list[dict[str, Any]] = []
    push = seconds(lambda: reports.append(desk.run("push")))
    project = reports[0]["project_id"]
    config = desk.api.get(f"/api/projects/{project}").json()["label_config"]
    other = desk.api.post("/api/projects", json={"title": "bare", "label_config": config}).json()
    bare = import_tasks(desk, other["id"], annotated=False)
    idle = seconds(lambda: reports.append(desk.run("push")))
    delete_tasks(desk, project)
    import_tasks(desk, project, annotated=True)
    export = seconds(lambda: fetch_export(desk, project))
    pull = seconds(lambda: reports.append(desk.run("pull")))
    again = seconds(lambda: reports.append(desk.run("pull")))
    figures = (
        f"{TASKS} tasks: push {push:.1f} s, bare imports {bare:.1f} s: {bare / push:.2f} of the rate\n"
        f"push again {idle:.2f} s: {idle / push:.2f} of the first\n"
        f"pull {pull:.1f} s, export {export:.1f} s: {export / pull:.2f} of the rate\n"
        f"pull again {again:.2f} s: {again / pull:.2f} of the first"
    )
    with capsys.disabled():
        print(f"\n{figures}")  # noqa: T201 - what the test is for
    assert [report.get("created", report.get("events")) for report in reports] == [
        *(TASKS, 0),
        *(TASKS, 0),
    ]
    assert (bare / push >= 0.8, idle / push < 0.25, export / pull >= 0.8) == (True,) * 3, figures


def import_tasks(desk: Desk, project: int, *, annotated: bool) -> float:
    """Import the tasks that push sends; return the seconds of these calls alone."""
    workspace = Workspace.open(desk.folder)
    tasks = [t.to_json() for t in workspace._annotations._tasks(workspace._suggested())]
    for task in tasks if annotated else ():
        task["annotations"] = [{"result": task["predictions"][0]["result"]}]
    bodies = [json.dumps(tasks[start : start + BATCH]).encode() for start in range(0, TASKS, BATCH)]
    headers = {"Content-Type": "application/json"}

    def send() -> None:
        for body in bodies:
            path = f"/api/projects/{project}/import"
            answer = desk.api.post(path, content=body, headers=headers)
            assert answer.json()["prediction_count"] == BATCH

    return seconds(send)


def delete_tasks(desk: Desk, project: int) -> None:
    """Delete all tasks of a project."""
    query = {"id": "delete_tasks", "project": project}
    everything = {"selectedItems": {"all": True, "excluded": []}}
    assert desk.api.post("/api/dm/actions", params=query, json=everything, timeout=600).is_success


def fetch_export(desk: Desk, project: int) -> None:
    """Download the server's own export."""
    answer = desk.api.get(
        f"/api/projects/{project}/export", params={"exportType": "JSON"}, timeout=600
    )
    assert len(answer.json()) == TASKS
