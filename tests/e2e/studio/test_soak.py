"""Hours of work, in short: people annotate, requests go wrong, and a watch follows all of it."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from threading import Event, Thread
from typing import Any

import httpx
import psutil
import pytest

from galley.desk import Workspace
from tests.e2e.studio.desk import Desk
from tests.e2e.studio.faults import KINDS, FaultProxy, elsewhere, faulty
from tests.e2e.studio.test_access import Account
from tests.factory import make_record

PEOPLE, RECORDS, GROWTH = 4, 40, 5
# Of the requests, and what befalls them; what needs a person (a token that is taken back, a
# server that moved) ends a watch, and is tested elsewhere.
SHARE = 0.08
PASSING = [kind for kind in KINDS if not kind.startswith(("401", "redirect"))]
_PATIENCE = {"GALLEY_NETWORK_TOTAL": "4", "GALLEY_NETWORK_SILENCE": "3"}
_PUSH = 60  # seconds between pushes, at most
# MB, from the first third of the time to the last. Half a kilobyte is kept of each annotation, and
# a time of each task; with all that was said in memory, half an hour took ten.
FLAT = 3


def test_short_soak(desk: Desk) -> None:
    """Less than half a minute; too short to say anything about memory."""
    soak(desk, seconds=20)


@pytest.mark.soak
def test_soak(
    desk: Desk, capsys: pytest.CaptureFixture[str], record_property: Callable[[str, object], None]
) -> None:
    """As many minutes as SOAK_MINUTES says: the ledger holds the truth, and memory is flat."""
    figures = soak(desk, seconds=60 * float(os.environ.get("SOAK_MINUTES", "30")))
    for name, value in figures.items():
        record_property(name, json.dumps(value))
    with capsys.disabled():
        print(f"\n{json.dumps(figures, indent=2)}")  # noqa: T201 - the figures
    assert figures["growth_mb"] < FLAT


@dataclass
class Annotator:
    """A person who annotates, changes their mind, skips and deletes."""

    web: httpx.Client
    project: int
    seed: int
    own: dict[int, int] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    failure: BaseException | None = None

    def work(self, stop: Event) -> None:
        """Change something every few seconds until told to stop."""
        draw = random.Random(self.seed)
        try:
            while not stop.wait(draw.uniform(0.5, 4)):
                self._step(draw)
        except BaseException as error:  # noqa: BLE001 - told to who waits
            self.failure = error

    def _step(self, draw: random.Random) -> None:
        if self.own and draw.random() < 0.5:
            number = draw.choice(list(self.own))
            if draw.random() < 0.3:
                self._ask("delete", f"/api/annotations/{number}/")
                del self.own[number]
            else:
                task = self._ask("get", f"/api/tasks/{self.own[number]}/")
                body = {"result": _results(task["data"]["text"], draw)}
                self._ask("patch", f"/api/annotations/{number}/", body)
            return
        query = {"project": self.project, "fields": "all", "page_size": 1000}
        tasks = self.web.get("/api/tasks", params=query).json()["tasks"]
        task = draw.choice([task for task in tasks if not task["data"]["archived"]])
        skipped = draw.random() < 0.1
        body = {"result": _results(task["data"]["text"], draw), "was_cancelled": skipped}
        made = self._ask("post", f"/api/tasks/{task['id']}/annotations/", body)
        self.own[made["id"]] = task["id"]

    def _ask(self, verb: str, path: str, body: Any = None) -> Any:
        answer = self.web.request(verb, path, json=body)
        assert answer.is_success, answer.text
        self.done[verb] += 1
        return answer.json() if answer.content else None


def _results(text: str, draw: random.Random) -> list[dict[str, Any]]:
    places = [at for at in range(len(text) - 4) if text[at : at + 4].isalpha()]
    spans = [(at, at + 4) for at in sorted(draw.sample(places, min(3, len(places))))]
    return [
        {
            "from_name": "entities",
            "to_name": "text",
            "type": "labels",
            "value": {"start": s, "end": e, "text": text[s:e], "labels": ["PER"]},
        }
        for number, (s, e) in enumerate(spans)
        if number == 0 or s >= spans[number - 1][1]
    ]


def soak(desk: Desk, seconds: float) -> dict[str, Any]:
    """Run it, check the end, and return the figures."""
    desk.write([make_record(number) for number in range(RECORDS)])
    project = desk.run("push")["project_id"]
    chance, faults = random.Random(9), Counter[str]()

    def choose(request: str) -> str | None:
        if chance.random() > SHARE:
            return None
        kind = chance.choice(PASSING)
        faults[kind] += 1
        return kind

    with elsewhere() as (other, _), faulty(desk.server.url, other) as proxy, _people(desk) as webs:
        proxy.choose = choose
        people = [Annotator(web, project, number) for number, web in enumerate(webs)]
        with _working(people), _watching(desk, proxy) as watch:
            memory, pushes = _wait(desk, proxy, watch, seconds)
        asked = len(proxy.seen)
    desk.run("pull")
    events = check(desk, project)
    third = len(memory) // 3
    parts = [memory[:third], memory[third:-third], memory[-third:]] if third else []
    rss, ledger = ([mean(pair[at] for pair in part) for part in parts] for at in (0, 1))
    return {
        "minutes": round(seconds / 60, 1),
        "changes": sum(sum(person.done.values()) - person.done["get"] for person in people),
        "annotations": events["annotations"],
        "events": events["events"],
        "requests": asked,
        "faults": sum(faults.values()),
        "kinds": dict(sorted(faults.items())),
        "pushes": pushes,
        "rss_mb": [round(value, 1) for value in rss],
        "ledger_mb": [round(value, 2) for value in ledger],
        "growth_mb": round(rss[2] - rss[0], 1) if parts else 0,
    }


def _wait(
    desk: Desk, proxy: FaultProxy, watch: subprocess.Popen[str], seconds: float
) -> tuple[list[tuple[float, float]], dict[str, int]]:
    """Let time pass; return the watch's memory and the ledger, in MB, and what pushes did."""
    process, until = psutil.Process(watch.pid), time.monotonic() + seconds
    memory: list[tuple[float, float]] = []
    pushes, grown, following = Counter[str](), RECORDS, time.monotonic() + _PUSH / 4
    while time.monotonic() < until:
        assert watch.poll() is None, "the watch ended"
        files = (desk.folder / "annotations/ledger").glob("*.jsonl")
        size = sum(path.stat().st_size for path in files)
        memory.append((process.memory_info().rss / 1e6, size / 1e6))
        if time.monotonic() > following:
            grown += GROWTH
            desk.write([make_record(number) for number in range(grown)])
            pushes[_push(desk, proxy)] += 1
            following = time.monotonic() + _PUSH
        time.sleep(2)
    return memory, dict(pushes)


def _push(desk: Desk, proxy: FaultProxy) -> str:
    """Push once, with what goes wrong; the watch may be pulling at that moment."""
    environ = desk.environ | _PATIENCE | {"LABEL_STUDIO_URL": proxy.url}
    done = desk.galley("push", "--json", cwd=desk.folder, **environ)
    assert done.returncode in {0, 2}, done.stdout + done.stderr
    found = json.loads(done.stdout)
    return "done" if done.returncode == 0 else str(found["error"]["code"])


@contextmanager
def _people(desk: Desk) -> Iterator[list[httpx.Client]]:
    with ExitStack() as stack:
        found = []
        for _ in range(PEOPLE):
            with httpx.Client(base_url=desk.server.url, trust_env=False, timeout=60) as web:
                token = Account.sign_up(desk, web).legacy_token()
            client = httpx.Client(
                base_url=desk.server.url,
                headers={"Authorization": f"Token {token}"},
                trust_env=False,
                timeout=60,
            )
            found.append(stack.enter_context(client))
        yield found


@contextmanager
def _working(people: list[Annotator]) -> Iterator[None]:
    stop = Event()
    threads = [Thread(target=person.work, args=(stop,)) for person in people]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert [person.failure for person in people] == [None] * len(people)
    assert all(person.done["post"] for person in people)


@contextmanager
def _watching(desk: Desk, proxy: FaultProxy) -> Iterator[subprocess.Popen[str]]:
    words = [Path(sys.executable).with_name("galley"), "pull", "--watch", "--quiet"]
    environ = desk.environ | _PATIENCE | {"LABEL_STUDIO_URL": proxy.url}
    log = desk.folder / "watch.log"
    with (
        log.open("w") as file,
        subprocess.Popen(
            words, cwd=desk.folder, env=os.environ | environ, stdout=file, stderr=file, text=True
        ) as process,
    ):
        try:
            yield process
            assert process.poll() is None, log.read_text()
        finally:
            process.kill()


def check(desk: Desk, project: int) -> dict[str, int]:
    """Compare the ledger with what the server holds, annotation by annotation."""
    lines = [
        json.loads(line)["event"]
        for path in (desk.folder / "annotations/ledger").glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert len(lines) == len(set(lines))
    last = {e.origin["annotation"]: e for e in Workspace.open(desk.folder).ledger.events()}
    there = {item["id"]: item for task in desk.tasks(project) for item in task["annotations"]}
    tasks = Counter(task["data"]["record_id"] for task in desk.tasks(project))
    assert set(tasks.values()) == {1}
    assert {number for number, e in last.items() if e.kind != "deleted"} == set(there)
    for number, item in there.items():
        event = last[number]
        assert event.kind == ("skipped" if item["was_cancelled"] else "annotated")
        if event.kind == "annotated":
            spans = {(r["value"]["start"], r["value"]["end"]) for r in item["result"]}
            assert event.after
            assert {(e["start"], e["end"]) for e in event.after["entities"]} == spans
    assert len({event.annotator for event in last.values()}) == PEOPLE
    return {"annotations": len(there), "events": len(lines)}
