"""Whatever is killed, and whenever: one more run, and nothing is missing, doubled or lost."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import psutil
import pytest

from galley.annotations.studio.server import Studio
from galley.desk import Workspace
from galley.files import read_jsonl
from tests.conftest import free_port
from tests.e2e.studio.desk import Desk
from tests.factory import make_record

# A batch of five tasks: forty requests, and as many moments between them.
NEW, BATCH = 40, "5"


def test_kills_of_push(desk: Desk) -> None:
    """At five moments, in a project that grows and changes."""
    kill_pushes(desk, 5)


def test_kills_of_pull(desk: Desk) -> None:
    """At four moments."""
    kill_pulls(desk, 4)


def test_kill_of_the_server(own: "Own") -> None:
    """In the middle of a push."""
    kill_servers(own, 1)


@pytest.mark.torture
@pytest.mark.parametrize("kills", ["kill_pushes", "kill_pulls"])
def test_all_kills(desk: Desk, kills: str, capsys: pytest.CaptureFixture[str]) -> None:
    """At 50 moments of each."""
    story = globals()[kills](desk, 50)
    with capsys.disabled():
        print(f"\n{kills}: {story}")  # noqa: T201 - the figures


@pytest.mark.torture
def test_all_kills_of_the_server(own: "Own", capsys: pytest.CaptureFixture[str]) -> None:
    """At ten moments."""
    story = kill_servers(own, 10)
    with capsys.disabled():
        print(f"\nserver: {story}")  # noqa: T201 - the figures


def kill_pushes(desk: Desk, times: int) -> str:
    """Kill a push at random moments, look at the project after one more, and say what happened."""
    story = Story(desk)
    whole = story.time("push")
    cut = 0
    for moment in range(times):
        story.go_on()
        cut += story.kill("push", story.draw.uniform(0.3, 1.1) * whole)
        desk.run("push")
        story.check_tasks()
        if moment % 10 == 0:
            assert desk.run("push")["unchanged"] == len(story.records)
    return f"{times} kills, {cut} of them before the end; {len(story.tasks())} tasks, none twice"


def kill_pulls(desk: Desk, times: int) -> str:
    """Kill a pull at random moments, and count the ledger's events after one more."""
    story = Story(desk)
    desk.run("push")
    desk.run("pull")
    whole, cut = 1.5, 0
    for _ in range(times):
        story.annotate()
        began = time.monotonic()
        cut += story.kill("pull", story.draw.uniform(0.3, 1.1) * whole)
        desk.run("pull", code=None)
        whole = min(whole, time.monotonic() - began)
        story.check_ledger()
    return f"{times} kills, {cut} of them before the end; {story.changes} changes, as many events"


def kill_servers(own: "Own", times: int) -> str:
    """Kill the server during pushes and pulls, start it again, and look after one more run."""
    story, failed = Story(own.desk), 0
    whole = story.time("push")
    for moment in range(times):
        story.go_on()
        story.annotate()
        word = "pull" if moment % 4 == 3 else "push"
        with story.running(word) as process:
            time.sleep(story.draw.uniform(0.4, 0.9) * whole)
            own.kill()
            own.studio.up()
            failed += process.wait(120) == 2
        own.desk.run("push")
        story.check_tasks()
        own.desk.run("pull", code=None)
        story.check_ledger()
    return f"{times} kills, {failed} of them noticed by Galley; {len(story.tasks())} tasks"


class Story:
    """A workspace whose records grow and change, and are annotated.

    Args:
        desk: The workspace.
        new: How many records are added at a time.
    """

    def __init__(self, desk: Desk, new: int = NEW) -> None:
        self.desk = desk
        self.new = new
        self.draw = Random(5)
        self.records: list[dict[str, Any]] = []
        self.changes = 0
        self.go_on()

    def go_on(self) -> None:
        """Add records; give some another text, some another title, some other suggestions."""
        changed = self.draw.sample(range(len(self.records)), min(6, len(self.records)))
        salt = self.draw.random()
        for number in changed[:2]:
            name = self.records[number]["id"]
            self.records[number] = make_record(id=name, text=f"In Spain, {salt}.")
        for number in changed[2:4]:
            self.records[number] |= {"title": f"Another title {salt}"}
        for number in changed[4:]:
            self.records[number] |= {"source_tags": [self.draw.choice(["Trade", "Rail", "Sport"])]}
        first = len(self.records)
        self.records += [make_record(number) for number in range(first, first + self.new)]
        self.desk.write(self.records)

    def tasks(self) -> list[dict[str, Any]]:
        """Return all tasks of the workspace's project."""
        name = Workspace.open(self.desk.folder).config.name
        found = self.desk.api.get("/api/projects", params={"title": name}).json()["results"]
        self.project = next(item["id"] for item in found if item["title"] == name)
        query = {"project": self.project, "fields": "all", "page_size": 10_000}
        return list(self.desk.api.get("/api/tasks", params=query).json()["tasks"])

    def check_tasks(self) -> None:
        """Each record has one open task, with its text and one prediction; no text has two."""
        tasks = self.tasks()
        keys = Counter((t["data"]["record_id"], t["data"]["text_sha256"]) for t in tasks)
        assert set(keys.values()) == {1}
        opened = {t["data"]["record_id"]: t for t in tasks if not t["data"]["archived"]}
        assert len(opened) == sum(not t["data"]["archived"] for t in tasks)
        assert set(opened) == {record["id"] for record in self.records}
        for record in self.records:
            task = opened[record["id"]]
            assert task["data"]["text"] == record["text"]
            assert task["data"]["title"] == record["title"]
            assert len(task["predictions"]) == 1

    def annotate(self, number: int = 12) -> None:
        """Make, change and delete some annotations, each of them once."""
        opened = [task for task in self.tasks() if not task["data"]["archived"]]
        for task in self.draw.sample(opened, number):
            old = [item["result"] for item in task["annotations"]]
            path = f"/api/annotations/{task['annotations'][0]['id']}/" if old else ""
            result = self.region(task["data"]["text"])
            while [result] in old:
                result = self.region(task["data"]["text"])
            if not old:
                self.desk.annotate(task["id"], [result])
            elif self.draw.random() < 0.3:
                assert self.desk.api.delete(path).is_success
            else:
                assert self.desk.api.patch(path, json={"result": [result]}).is_success
            self.changes += 1

    def region(self, text: str) -> dict[str, Any]:
        """Return a result that marks a few letters of `text`."""
        starts = [at for at in range(len(text) - 3) if text[at : at + 3].isalpha()]
        start = self.draw.choice(starts)
        value = {"start": start, "end": start + 3, "text": text[start : start + 3]}
        names = {"id": "r", "from_name": "entities", "to_name": "text", "type": "labels"}
        return {**names, "value": {**value, "labels": ["PER"]}}

    def check_ledger(self) -> None:
        """Each change is one event, and what the events leave is what the server has."""
        lines = [
            line["event"]
            for path in (self.desk.folder / "annotations/ledger").glob("*.jsonl")
            for _, line in read_jsonl(path)  # a line that was cut short does not count
        ]
        assert len(lines) == len(set(lines))
        last = {e.origin["annotation"]: e for e in Workspace.open(self.desk.folder).ledger.events()}
        live = {number: e.after for number, e in last.items() if e.kind == "annotated"}
        there = {a["id"]: a for task in self.tasks() for a in task["annotations"]}
        assert set(live) == set(there)
        for number, after in live.items():
            spans = {(r["value"]["start"], r["value"]["end"]) for r in there[number]["result"]}
            assert after
            assert {(e["start"], e["end"]) for e in after["entities"]} == spans
        assert len(lines) == self.changes

    def time(self, word: str) -> float:
        """Return how long a command takes when nobody kills it."""
        began = time.monotonic()
        with self.running(word) as process:
            assert process.wait(120) == 0, self._log.read_text(encoding="utf-8")
        return time.monotonic() - began

    def kill(self, word: str, after: float) -> bool:
        """Kill a command after so many seconds, and return whether it was still running."""
        with self.running(word) as process:
            try:
                process.wait(after)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            return process.wait() == -signal.SIGKILL

    @property
    def _log(self) -> Path:
        return self.desk.folder / "said.log"

    @contextmanager
    def running(self, word: str) -> Iterator[subprocess.Popen[bytes]]:
        """Yield a command that runs."""
        command = [Path(sys.executable).with_name("galley"), word, "--quiet"]
        environ = os.environ | self.desk.environ | {"GALLEY_STUDIO_BATCH": BATCH}
        with (
            self._log.open("w") as log,
            subprocess.Popen(
                command, cwd=self.desk.folder, env=environ, stdout=log, stderr=log
            ) as process,
        ):
            try:
                yield process
            finally:
                process.kill()


@dataclass
class Own:
    """A desk whose server nobody else uses."""

    desk: Desk
    studio: Studio

    def kill(self) -> None:
        """Kill the server, with its children, as a power cut would."""
        status = self.studio.status()
        assert status
        process = psutil.Process(status.pid)
        family = [process, *process.children(recursive=True)]
        for member in family:
            member.kill()
        psutil.wait_procs(family, timeout=20)


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory, galley: Any) -> Iterator[Own]:
    """Yield a desk with a server of its own."""
    from tests.e2e.studio.conftest import lay_out

    studio = Studio(tmp_path_factory.mktemp("killed"), port=free_port())
    try:
        status = studio.up()
        token = {"Authorization": f"Token {status.token}"}
        with httpx.Client(base_url=status.url, headers=token, trust_env=False, timeout=60) as api:
            folder = lay_out(tmp_path_factory.mktemp("desk"))
            yield Own(Desk(folder, status, galley, api), studio)
    finally:
        studio.down()
