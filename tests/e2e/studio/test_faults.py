"""Faults between Galley and Label Studio: success or one clear error, and nothing half or twice."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from tests.e2e.studio.desk import Desk
from tests.e2e.studio.faults import KINDS, Fault, FaultProxy, elsewhere, faulty
from tests.e2e.studio.test_kills import Story

# What may come of a fault; `server_token` of a 401 only.
CODES = {
    *("server_unreachable", "server_failed", "server_answer", "server_moved"),
    *("server_throttled", "server_token"),
}
# Seconds: what drops is late after the first, what is silent after the second.
_PATIENCE = {"GALLEY_NETWORK_TOTAL": "4", "GALLEY_NETWORK_SILENCE": "3", "GALLEY_STUDIO_BATCH": "3"}
_LONGEST = 45  # of any run: an import that is lost twice is waited for twice
_QUICK = [
    *(("push", kind, 1) for kind in ("429-date", "redirect-before")),
    *(("push", kind, 5) for kind in ("500-after", "login-after", "drip")),
    ("pull", "500-before", 0),  # the version: it fails so for an account that was taken out too
    *(("pull", kind, 2) for kind in ("other-before", "reset-before")),
]


class Trial:
    """A workspace whose records grow and change, and a proxy in which requests go wrong."""

    def __init__(self, desk: Desk, proxy: FaultProxy, strangers: list[dict[str, str]]) -> None:
        self.desk, self.proxy, self.strangers = desk, proxy, strangers
        self.story = Story(desk, 4)
        self.story.time("push")
        self.story.time("pull")

    def strike(self, word: str, kind: str, nth: int) -> str:
        """Let the n-th request of a command go wrong; return how it ended, empty if none did."""
        self.story.go_on()
        if word == "pull":
            self.desk.run("push")
            self.story.annotate(4)
        fault = self.proxy.fault = Fault(kind, nth)
        began = time.monotonic()
        end = self._run(word)
        assert time.monotonic() - began < _LONGEST
        self.proxy.fault = None
        if fault.struck:
            assert self.strangers == []
        else:
            assert end == "done"
        assert self._run(word) == "done"
        if word == "push":
            self.story.check_tasks()
        else:
            self.story.check_ledger()
        return end if fault.struck else ""

    def _run(self, word: str) -> str:
        environ = self.desk.environ | _PATIENCE | {"LABEL_STUDIO_URL": self.proxy.url}
        done = self.desk.galley(word, "--json", cwd=self.desk.folder, **environ)
        said = json.loads(done.stdout)
        if done.returncode == 0:
            return "done"
        assert done.returncode == 2, done.stdout + done.stderr
        assert said["error"]["code"] in CODES, done.stdout + done.stderr
        return str(said["error"]["code"])


@pytest.fixture
def trial(desk: Desk) -> Iterator[Trial]:
    """Yield a workspace and the proxy between it and its server."""
    with elsewhere() as (other, strangers), faulty(desk.server.url, other) as proxy:
        yield Trial(desk, proxy, strangers)


@pytest.mark.parametrize(("word", "kind", "nth"), _QUICK)
def test_one_fault(trial: Trial, word: str, kind: str, nth: int) -> None:
    """Of each sort; what ended in an error is run again, and nothing is missing or there twice."""
    assert trial.strike(word, kind, nth)


@pytest.mark.torture
@pytest.mark.parametrize("word", ["push", "pull"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_fault(
    trial: Trial, word: str, kind: str, record_property: Callable[[str, object], None]
) -> None:
    """At every third request until there is none; each kind begins with another one."""
    ends: list[str] = []
    while end := trial.strike(word, kind, KINDS.index(kind) % 3 + 3 * len(ends)):
        ends.append(end)
    assert len(ends) > 1
    for end in set(ends):
        record_property(end, ends.count(end))


@pytest.mark.torture
@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_of_a_first_push(
    desk: Desk, kind: str, record_property: Callable[[str, object], None]
) -> None:
    """A project is made once, with its tab, whatever goes wrong meanwhile."""
    ends: list[str] = []
    with elsewhere() as (other, strangers), faulty(desk.server.url, other) as proxy:
        while len(ends) < 40:
            name = f"desk {uuid4().hex[:8]}"
            settings = desk.folder / "pyproject.toml"
            settings.write_text(f'[tool.galley]\nname = "{name}"\n', encoding="utf-8")
            shutil.rmtree(desk.folder / ".galley", ignore_errors=True)
            fault = proxy.fault = Fault(kind, KINDS.index(kind) % 3 + 3 * len(ends))
            environ = desk.environ | _PATIENCE | {"LABEL_STUDIO_URL": proxy.url}
            done = desk.galley("push", "--json", cwd=desk.folder, **environ)
            proxy.fault = None
            if done.returncode:
                assert done.returncode == 2, done.stdout + done.stderr
                assert json.loads(done.stdout)["error"]["code"] in CODES, done.stdout
            desk.run("push")
            found = desk.api.get("/api/projects", params={"title": name}).json()["results"]
            own = [item for item in found if item["title"] == name]
            assert [item["task_number"] for item in own] == [1]
            tabs = desk.api.get("/api/dm/views", params={"project": own[0]["id"]}).json()
            assert [tab["data"]["title"] for tab in tabs].count("To label") == 1
            if not fault.struck:
                break
            ends.append("error" if done.returncode else "done")
    assert strangers == []
    assert len(ends) > 1
    record_property("faults", len(ends))
