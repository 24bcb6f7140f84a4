"""What goes over the wire: little when nothing changed, nothing twice when answers are lost."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from galley.desk import Workspace
from tests.e2e.studio.desk import Desk, counts
from tests.e2e.studio.proxy import Proxy, proxied
from tests.factory import make_record
from tests.unit.test_ledger import event

TASKS = 60


@pytest.fixture
def proxy(desk: Desk) -> Iterator[Proxy]:
    """Yield a proxy before the desk's server; the desk has sixty records."""
    desk.write([make_record(number) for number in range(TASKS)])
    with proxied(desk.server.url) as proxy:
        yield proxy


def test_nothing_to_do(desk: Desk, proxy: Proxy) -> None:
    """A second push and pull are five small requests each, though tasks were annotated."""
    desk.run("push")
    project = desk.run("push")["project_id"]
    assert len(desk.tasks(project)) == TASKS
    report = desk.run("push", LABEL_STUDIO_URL=proxy.url)
    assert (report["unchanged"], report["created"]) == (TASKS, 0)
    assert len(proxy.requests) <= 5
    assert sum(length for *_, length in proxy.requests) < 20_000  # of filters
    desk.annotate(desk.tasks(project)[0]["id"], [])
    assert desk.run("pull")["events"] == 1
    desk.run("pull")
    proxy.requests.clear()
    assert desk.run("pull", LABEL_STUDIO_URL=proxy.url) == counts(
        annotations=1, events=0, records_changed=0
    )
    assert len(proxy.requests) <= 5
    assert not [path for _, path, _ in proxy.requests if "export" in path or "users" in path]


@pytest.mark.parametrize("change", ["archived", "deleted", "replaced", "annotated", "doubled"])
def test_changes_of_others(desk: Desk, proxy: Proxy, change: str) -> None:
    """What somebody did to the project since the last push is seen, and put right."""
    project = desk.run("push")["project_id"]
    first, second = desk.tasks(project)[:2]
    path, into = f"/api/tasks/{first['id']}/", f"/api/projects/{project}/import"
    copy = {"data": second["data"], "meta": second["meta"]}
    if change == "archived":
        data = {"data": first["data"] | {"archived": True}, "meta": {"archived": True}}
        assert desk.api.patch(path, json=data | {"meta": first["meta"] | data["meta"]}).is_success
    if change in {"deleted", "replaced"}:
        assert desk.api.delete(path).is_success
    if change in {"doubled", "replaced"}:
        assert desk.api.post(into, json=[copy]).is_success
    if change == "annotated":
        desk.annotate(first["id"], [])
    report = desk.run("push")
    done = {name: number for name, number in report.items() if number and name != "project_id"}
    assert (
        done
        == {
            "archived": {"updated": 1, "unchanged": TASKS - 1},
            "deleted": {"created": 1, "unchanged": TASKS - 1},
            "replaced": {"created": 1, "archived": 1, "unchanged": TASKS - 1},
            "annotated": {"unchanged": TASKS},
            "doubled": {"archived": 1, "unchanged": TASKS},
        }[change]
    )
    assert desk.run("push")["unchanged"] == TASKS


@pytest.mark.parametrize("what", ["loses", "drops"])
def test_every_other_answer_is_lost(desk: Desk, proxy: Proxy, what: str) -> None:
    """An import whose request or answer is lost is looked for, and sent again if need be."""
    turns = count()

    def every_other(path: str) -> bool:
        return "/import" in path and next(turns) % 2 == 0

    setattr(proxy, what, every_other)
    environ: dict[str, Any] = {"LABEL_STUDIO_URL": proxy.url, "GALLEY_STUDIO_BATCH": "20"}
    report = desk.run("push", **environ)
    assert report["created"] == TASKS
    tasks = Counter(task["data"]["record_id"] for task in desk.tasks(report["project_id"]))
    assert (len(tasks), set(tasks.values())) == (TASKS, {1})
    assert desk.run("push")["unchanged"] == TASKS


@pytest.mark.parametrize("scattered", [False, True])
def test_first_pull(desk: Desk, *, scattered: bool) -> None:
    """All annotations are found, whatever lies between them, each with what was shown."""
    desk.write([make_record(number) for number in range(20)])
    project = desk.run("push")["project_id"]
    if scattered:
        other = desk.api.post("/api/projects", json={"title": "other"}).json()["id"]
        foreign = [{"text": str(number)} for number in range(600)]
        assert desk.api.post(f"/api/projects/{other}/import", json=foreign).is_success
    desk.write([make_record(number) for number in range(21)])
    assert desk.run("push")["created"] == 1
    query = {"id": "predictions_to_annotations", "project": project}
    everything = {"selectedItems": {"all": True, "excluded": []}}
    assert desk.api.post("/api/dm/actions", params=query, json=everything).is_success
    assert desk.run("pull") == counts(annotations=21, events=21, records_changed=21)
    events = Workspace.open(desk.folder).ledger.events()
    assert all(event.suggestion and event.suggestion["tags"] == ["shipping"] for event in events)
    task = next(iter(desk.tasks(project)))
    assert desk.api.delete(f"/api/tasks/{task['id']}/").is_success
    assert desk.run("pull")["events"] == 1
    assert desk.run("pull")["events"] == 0


def test_a_long_ledger(desk: Desk) -> None:
    """A pull leaves it on disk: twenty megabytes of it, and it takes hardly more than without."""
    project = desk.run("push")["project_id"]
    task = desk.tasks(project)[0]["id"]
    before = memory_of_pull(desk)
    ledger = Workspace.open(desk.folder).ledger
    said = {
        "tags": ["trade"],
        "entities": [{"start": 0, "end": 4, "label": "ORG", "text": "x" * 4}] * 12,
    }
    ledger.append(event(n, at=f"2026-01-01T00:00:00.{n:06}Z", after=said) for n in range(20_000))
    size = sum(path.stat().st_size for path in desk.folder.rglob("ledger/*.jsonl"))
    desk.annotate(task, [])
    assert size > 20_000_000
    assert memory_of_pull(desk) - before < size / 2  # all events at once: seven times
    assert len(ledger.events()) == 20_001


def memory_of_pull(desk: Desk) -> int:
    """Pull, and return the most memory that it had, in bytes."""
    # by a small process: what it is started from counts too
    code = (
        "import os, sys; number = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])\n"
        "_, status, used = os.wait4(number, 0); print(status, used.ru_maxrss * 1024)"
    )
    words = [Path(sys.executable).with_name("galley"), "pull", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        check=True,
        capture_output=True,
        text=True,
        cwd=desk.folder,
        env=os.environ | desk.environ,
    )
    status, memory = map(int, done.stdout.split())
    assert status == 0, done.stderr
    return memory
