"""The round trip through a real Label Studio: push, work in a browser or by API, pull."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pyarrow as pa
import pytest

from galley.annotations.studio.server import StudioStatus
from galley.desk import Workspace
from galley.parquet import write_table
from galley.record import Record
from galley.schema.arrow import arrow_schema
from galley.schema.contract import Contract
from tests.conftest import ROOT
from tests.e2e.browser import annotator
from tests.factory import make_record

# The ship and the letter are astral, é and ü may be written in two ways, NBSP and a tab and
# runs of spaces are what browsers collapse.
_TEXT = (
    "🚢 FERRY STRIKE\n\nThe “Aurélie 𝕏” left France for Norway, and\u00a0the  EU said\tso.\n\n"
    "Ada Quill, of Zürich, waited in Spain. Nobody in Norway answered Ada Quill."
)


@dataclass
class Desk:
    """A workspace of its own name, so a project of its own on the shared server."""

    folder: Path
    server: StudioStatus
    galley: Any
    api: httpx.Client

    def run(self, *words: str, code: int = 0, **environ: str) -> dict[str, Any]:
        """Run a command and return its JSON."""
        environ = self.environ | environ
        done = self.galley(*words, "--json", cwd=self.folder, **environ)
        assert done.returncode == code, done.stderr + done.stdout
        return dict(json.loads(done.stdout))

    @property
    def environ(self) -> dict[str, str]:
        return {"LABEL_STUDIO_URL": self.server.url, "LABEL_STUDIO_API_KEY": self.server.token}

    def write(self, records: list[Record]) -> None:
        """Write records as a build would."""
        schema = arrow_schema(Contract.default())
        table = pa.Table.from_pylist(sorted(records, key=lambda r: r["id"]), schema=schema)
        write_table(self.folder / "build/out/records/part-0.parquet", table)

    def tasks(self, project: int) -> list[dict[str, Any]]:
        """Return all tasks of a project, whole."""
        query = {"project": project, "fields": "all", "page_size": 1000}
        answer = self.api.get("/api/tasks", params=query).json()
        return list(answer["tasks"])

    def number_of_tasks(self) -> int:
        """Return how many tasks the workspace's project has, 0 while there is none."""
        name = Workspace.open(self.folder).config.name
        projects = self.api.get("/api/projects", params={"title": name}).json()["results"]
        return sum(project["task_number"] for project in projects if project["title"] == name)

    def record(self, number: int = 0) -> Record:
        """Return a record as merged, in the order of their ids."""
        return list(Workspace.open(self.folder).merged())[number]

    def annotate(self, task: int, results: list[Any], **fields: Any) -> int:
        """Submit an annotation by the API, and return its number."""
        answer = self.api.post(
            f"/api/tasks/{task}/annotations/", json={"result": results, **fields}
        )
        assert answer.is_success, answer.text
        return int(answer.json()["id"])


@pytest.fixture
def desk(tmp_path: Path, label_studio: StudioStatus, galley: Any) -> Any:
    """Return a workspace with one record, and the server it works with."""
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    name = f"desk {uuid4().hex[:8]}"
    (tmp_path / "pyproject.toml").write_text(f'[tool.galley]\nname = "{name}"\n', encoding="utf-8")
    token = {"Authorization": f"Token {label_studio.token}"}
    with httpx.Client(base_url=label_studio.url, headers=token, trust_env=False, timeout=60) as api:
        desk = Desk(tmp_path, label_studio, galley, api)
        desk.write([make_record(text=_TEXT, source_tags=["Transport", "Trade"])])
        yield desk


def _span(label: str, surface: str, *, start: int | None = None) -> dict[str, Any]:
    at = _TEXT.index(surface) if start is None else start
    value = {"start": at, "end": at + len(surface), "text": surface, "labels": [label]}
    return {"from_name": "entities", "to_name": "text", "type": "labels", "value": value}


def _surfaces(record: Record) -> list[tuple[str, str]]:
    return [(entity["text"], entity["label"]) for entity in record["entities"]]


def test_browser_round_trip(desk: Desk, chromium: str) -> None:
    """What a person changes in a real browser, and only that, is on the record afterwards."""
    project = desk.run("push")["project_id"]
    suggested = desk.record()
    assert ("Spain", "GPE") in _surfaces(suggested)
    assert suggested["tags"] == ["transport", "trade"]
    spain, quill = _TEXT.index("Spain"), _TEXT.rindex("Ada Quill")
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
    annotation = desk.annotate(task, [_span("GPE", "France")], was_cancelled=True)
    assert desk.run("pull") == _counts(annotations=0, events=1, records_changed=0)
    change = {"result": [_span("LOC", "Norway")], "was_cancelled": False}
    assert desk.api.patch(f"/api/annotations/{annotation}/", json=change).is_success
    assert desk.run("pull") == _counts(annotations=1, events=1, records_changed=1)
    assert _surfaces(desk.record()) == [("Norway", "LOC")]
    assert desk.api.delete(f"/api/annotations/{annotation}/").is_success
    assert desk.run("pull") == _counts(annotations=0, events=1, records_changed=1)
    assert desk.record()["annotation"]["status"] == "suggested"
    assert desk.run("pull") == _counts(annotations=0, events=0, records_changed=0)
    kinds = [event.kind for event in Workspace.open(desk.folder).ledger.events()]
    assert kinds == ["skipped", "annotated", "deleted"]


def test_deleted_task(desk: Desk) -> None:
    """A task that is deleted with its annotation is noticed, and pushed again."""
    project = desk.run("push")["project_id"]
    task = desk.tasks(project)[0]["id"]
    desk.annotate(task, [])
    assert desk.run("pull") == _counts(annotations=1, events=1, records_changed=1)
    assert desk.record()["entities"] == []  # submitted empty: there is nothing to mark
    assert desk.api.delete(f"/api/tasks/{task}/").is_success
    assert desk.run("pull") == _counts(annotations=0, events=1, records_changed=1)
    assert desk.run("push")["created"] == 1


def test_misfit_is_quarantined_once(desk: Desk) -> None:
    """A span in other units than code points is put aside with its reason, and no event."""
    project = desk.run("push")["project_id"]
    utf16 = _span("GPE", "Spain", start=_TEXT.index("Spain") + 2)
    desk.annotate(desk.tasks(project)[0]["id"], [utf16, _span("NOBODY", "Norway")])
    expected = _counts(annotations=0, events=0, records_changed=0) | {"quarantined": 1}
    assert desk.run("pull", code=1) == expected
    (desk.folder / ".galley/pull.json").unlink()
    assert desk.run("pull")["quarantined"] == 0
    lines = (desk.folder / "annotations/quarantine.jsonl").read_text(encoding="utf-8").splitlines()
    codes = [issue["code"] for line in lines for issue in json.loads(line)["issues"]]
    assert codes == ["span_surface", "label_unknown"]


def test_lost_memory_doubles_nothing(desk: Desk) -> None:
    """Another clone with the ledger and the key finds no news; with another key it may not."""
    project = desk.run("push")["project_id"]
    desk.annotate(desk.tasks(project)[0]["id"], [_span("PER", "Ada Quill")])
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
    record = make_record(text=_TEXT, source_tags=["Transport", "Trade"])
    other = make_record(1, source_tags=["Trade"])
    desk.write([record, other])
    project = desk.run("push")["project_id"]
    edited = make_record(id=record["id"], text=_TEXT.replace("Spain", "Italy"))
    desk.write([edited, other | {"source_tags": ["Rail"], "title": "Another title"}])
    counts = desk.run("push")
    assert (counts["created"], counts["updated"], counts["archived"]) == (1, 1, 1)
    tasks = desk.tasks(project)
    assert Counter(task["data"]["archived"] for task in tasks) == {False: 2, True: 1}
    fresh = next(task for task in tasks if task["data"]["record_id"] == other["id"])
    tags = [result for result in fresh["predictions"][0]["result"] if result["type"] == "taxonomy"]
    assert tags[0]["value"] == {"taxonomy": [["transport", "rail"]]}
    assert fresh["data"]["title"] == "Another title"
    assert (len(fresh["predictions"]), desk.run("push")["unchanged"]) == (1, 2)


@pytest.mark.parametrize("arrived", [0, 25])
def test_killed_push_is_resumed(desk: Desk, arrived: int) -> None:
    """A push killed at once or in the middle leaves no task out and none twice when repeated."""
    desk.write([make_record(number) for number in range(120)])
    command = [Path(sys.executable).with_name("galley"), "push", "--quiet"]
    environ = desk.environ | {"GALLEY_STUDIO_BATCH": "5"}
    process = subprocess.Popen(command, cwd=desk.folder, env=environ)
    _wait_for(lambda: desk.number_of_tasks() >= arrived, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = desk.number_of_tasks()
    assert before < 120
    counts = desk.run("push")
    tasks = Counter(task["data"]["record_id"] for task in desk.tasks(counts["project_id"]))
    assert (len(tasks), set(tasks.values())) == (120, {1})
    assert desk.run("push")["unchanged"] == 120


def test_personal_token(desk: Desk) -> None:
    """A personal access token works as well as a legacy one."""
    desk.run("push")
    with httpx.Client(base_url=desk.server.url, trust_env=False) as person:
        _log_in(person, desk.server)
        assert person.get("/api/jwt/settings").is_success
        token = person.post("/api/token/", headers=_csrf(person)).json()["token"]
    assert desk.run("push", LABEL_STUDIO_API_KEY=token)["unchanged"] == 1


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({"LABEL_STUDIO_API_KEY": "0" * 40}, "server_token"),
        ({"LABEL_STUDIO_API_KEY": "a.b.c"}, "server_token"),
        ({"LABEL_STUDIO_API_KEY": ""}, "server_token"),
        ({"LABEL_STUDIO_URL": "http://127.0.0.1:9"}, "server_unreachable"),
        ({"LABEL_STUDIO_URL": "ftp://127.0.0.1"}, "server_url"),
        ({"LABEL_STUDIO_URL": ""}, "server_down"),
    ],
)
def test_refusals(desk: Desk, environ: dict[str, str], code: str) -> None:
    """Each way of not getting through has one clear error, without the token."""
    error = desk.run("pull", code=2, **environ)["error"]
    assert error["code"] == code
    assert "0" * 40 not in json.dumps(error)


def _counts(**counts: int) -> dict[str, int]:
    return {"quarantined": 0, **counts}


def _wait_for(condition: Any, process: subprocess.Popen[bytes]) -> None:
    """Look until `condition` holds; the process that brings it about has 30 seconds."""
    end = time.monotonic() + 30
    while not condition() and time.monotonic() < end and process.poll() is None:
        time.sleep(0.02)


def _log_in(person: httpx.Client, server: StudioStatus) -> None:
    person.get("/user/login")
    form = {"email": server.username, "password": server.password}
    assert person.post("/user/login", data=form, headers=_csrf(person)).status_code == 302


def _csrf(person: httpx.Client) -> dict[str, str]:
    return {"X-CSRFToken": person.cookies["csrftoken"], "Referer": str(person.base_url)}
