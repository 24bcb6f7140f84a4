"""`galley pull --watch`: changes are in the ledger within seconds, for one small request in two."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.studio.desk import Desk, span


@contextmanager
def watching(desk: Desk) -> Iterator[subprocess.Popen[str]]:
    """Yield a watch of the desk's project, and interrupt it."""
    command = [Path(sys.executable).with_name("galley"), "pull", "--watch", "--json"]
    process = subprocess.Popen(
        command, cwd=desk.folder, env=os.environ | desk.environ, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def line(process: subprocess.Popen[str]) -> tuple[dict[str, Any], float]:
    """Return the next report, and how many seconds it took to come."""
    began = time.monotonic()
    assert process.stdout
    report = json.loads(process.stdout.readline())
    return report, time.monotonic() - began


def test_changes_are_followed(desk: Desk) -> None:
    """Submission, change, deletion and the task's own deletion each come within five seconds."""
    project = desk.run("push")["project_id"]
    task = desk.tasks(project)[0]["id"]
    with watching(desk) as process:
        assert line(process)[0]["events"] == 0
        number = desk.annotate(task, [span("GPE", "Spain")])
        report, seconds = line(process)
        assert (report["annotations"], report["events"], seconds < 5) == (1, 1, True)
        desk.api.patch(f"/api/annotations/{number}/", json={"result": []})
        assert line(process)[0]["events"] == 1
        desk.api.delete(f"/api/annotations/{number}/")
        report, seconds = line(process)
        assert (report["annotations"], report["events"], seconds < 5) == (0, 1, True)
        desk.annotate(task, [])
        assert line(process)[0]["annotations"] == 1
        desk.api.delete(f"/api/tasks/{task}/")
        report, seconds = line(process)
        assert (report["annotations"], report["events"], seconds < 5) == (0, 1, True)
    assert desk.run("pull")["events"] == 0


def test_decisions_are_followed(desk: Desk) -> None:
    """What somebody decides in a project of its own comes too; without the project all goes on."""
    task = desk.tasks(desk.run("push")["project_id"])[0]["id"]
    desk.annotate(task, [span("PER", "Ada Quil"), span("GPE", "Spain")])
    desk.run("pull")
    review = desk.run("push", "--queue", "suspects")["project_id"]
    (asked,) = desk.tasks(review)
    with watching(desk) as process:
        assert line(process)[0]["events"] == 0
        desk.annotate(asked["id"], [span("PER", "Ada Quill"), span("GPE", "Spain")])
        report, seconds = line(process)
        assert (report["events"], report["records_changed"], seconds < 8) == (1, 1, True)
        desk.annotate(task, [span("GPE", "Spain")])
        assert line(process)[0]["events"] == 1
        desk.api.delete(f"/api/projects/{review}/")
        for _ in range(2):  # its turn comes, and it is not there
            desk.annotate(task, [])
            assert line(process)[0]["events"] == 1
