"""`galley run`: the whole way with one command."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from galley.annotations.studio.server import StudioStatus
from tests.e2e.studio.desk import Desk


@pytest.fixture
def town(tmp_path: Path, label_studio: StudioStatus, galley: Any) -> Iterator[Desk]:
    """Yield a new workspace with its example pages, and the server."""
    folder = tmp_path / "town"
    assert galley("init", folder, "--name", f"town-{uuid4().hex[:8]}").returncode == 0
    token = {"Authorization": f"Token {label_studio.token}"}
    with httpx.Client(base_url=label_studio.url, headers=token, trust_env=False, timeout=60) as api:
        yield Desk(folder, label_studio, galley, api)


def test_the_whole_way(town: Desk) -> None:
    """Build, push, pull; after people's work, the same command brings it in and releases it."""
    first = town.run("run")
    assert list(first["steps"]) == ["build", "push", "pull"]
    number = first["steps"]["push"]["created"]
    assert number == first["steps"]["build"]["records"] == town.number_of_tasks()
    for task in town.tasks(first["steps"]["push"]["project_id"]):
        town.annotate(task["id"], [])
    second = town.run("run", "--release", code=2)
    assert second["error"]["code"] == "answer_blank"  # what was done before it stays done
    path = town.folder / "DATASHEET.md"
    text = path.read_text(encoding="utf-8")
    answer = "Not applicable: this is a test."
    path.write_text(text.replace("*Not answered yet.*", answer), encoding="utf-8")
    third = town.run("run", "--release")
    assert third["steps"]["release"]["version"] == "0.1.0"
    assert third["status"]["funnel"]["corrected"] == number
    assert third["steps"]["pull"]["annotations"] == number


def test_a_second_run_does_nothing(town: Desk) -> None:
    """All steps say that there was nothing to do, and the exit code is 0."""
    town.run("run")
    done = town.galley("run", cwd=town.folder, **town.environ)
    assert done.returncode == 0
    assert "push     3 unchanged" in done.stderr
    assert "0 new events" in done.stderr
    assert "next:" in done.stdout


def test_without_a_server(galley: Any, town: Desk) -> None:
    """A server that does not answer ends the run with one error, the build is done."""
    environ = town.environ | {"LABEL_STUDIO_URL": "http://127.0.0.1:9"}
    done = galley("run", "--json", cwd=town.folder, **environ)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "server_unreachable"
    assert (town.folder / "build/out/manifest.json").exists()
