"""`galley agreement`: figures of the ledger, or why there are none."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from galley.desk import Workspace
from tests.acceptance.conftest import correct


def second(folder: Path, *, every: int) -> None:
    """Let a second person annotate what the first did, and leave out the tags now and then."""
    desk = Workspace.open(folder)
    records = {record["id"]: record for record in desk.records()}
    events = []
    for number, event in enumerate(desk.ledger.events()):
        tags = () if number % every == 0 else ("trade",)
        made = correct(records[event.record_id], tags=tags, hour=11)
        origin = {**made.origin, "annotation": f"second {number}"}
        events.append(replace(made, annotator="d4e5f6", origin=origin))
    desk.ledger.append(events)


def run(galley: Any, folder: Path, code: int) -> dict[str, Any]:
    done = galley("agreement", "--json", cwd=folder)
    assert done.returncode == code, done.stderr + done.stdout
    return dict(json.loads(done.stdout))


def test_single(galley: Any, workspace: Path) -> None:
    """One person's work is refused, with the reason and the way out."""
    report = run(galley, workspace, 1)
    assert report["refused"]["code"] == "single"
    assert "overlap" in report["refused"]["why"]
    assert report["overall"] == {}
    assert "no agreement is stated" in galley("agreement", cwd=workspace).stdout


def test_copied(galley: Any, workspace: Path) -> None:
    """A second person who left the same in every text is a copy."""
    second(workspace, every=1000)
    desk = Workspace.open(workspace)
    assert desk.agreement().refusal is None  # the first text differs
    first = [
        e for e in desk.ledger.events() if e.annotator == "d4e5f6" and not (e.after or {})["tags"]
    ]
    same = correct({r["id"]: r for r in desk.records()}[first[0].record_id], hour=12)
    desk.ledger.append([replace(same, annotator="d4e5f6", origin=first[0].origin)])
    assert run(galley, workspace, 1)["refused"]["code"] == "copied"


def test_measured(galley: Any, workspace: Path) -> None:
    """Two people's figures come with intervals, and for people in lines."""
    second(workspace, every=2)
    report = run(galley, workspace, 0)
    assert (report["shared_texts"], report["people"]) == (20, 2)
    exact, nominal = report["overall"]["f1_exact"], report["overall"]["alpha_nominal"]
    assert exact == {"value": 1.0, "low": 1.0, "high": 1.0, "records": 20}
    assert nominal["low"] <= nominal["value"] <= nominal["high"] < 0.5
    assert set(report["annotators"]) == {"a1b2c3", "d4e5f6"}
    lines = galley("agreement", cwd=workspace).stdout
    assert "label LOC: f1_exact 1.000 [1.000, 1.000]" in lines
    assert "fewer than 30" in lines


def test_released(galley: Any, workspace: Path) -> None:
    """A release says how far people agree, in the card too, and nothing of any one person."""
    first = json.loads(galley("release", "--json", cwd=workspace).stdout)
    assert not (Path(first["path"]) / "agreement.json").exists()
    assert "## Agreement" not in (Path(first["path"]) / "README.md").read_text("utf-8")
    second(workspace, every=2)
    sheet = workspace / "DATASHEET.md"
    words = "Shared texts: {{ agreement.shared_texts if agreement else 0 }}."
    sheet.write_text(sheet.read_text("utf-8").replace("### 3.3", f"{words}\n\n### 3.3", 1), "utf-8")
    folder = Path(json.loads(galley("release", "--json", cwd=workspace).stdout)["path"])
    written = (folder / "agreement.json").read_text("utf-8")
    assert json.loads(written)["overall"]["f1_exact"]["value"] == 1
    assert "a1b2c3" not in written
    assert "d4e5f6" not in written
    assert "agreement.json" in (folder / "manifest.json").read_text("utf-8")
    assert "| entities: pairwise F1, exact | 1.00 (1.00 to 1.00) |" in (
        folder / "README.md"
    ).read_text("utf-8")
    report = (folder / "report.html").read_text("utf-8")
    assert "<td>1.00 (1.00 to 1.00)</td>" in report
    assert "d4e5f6" not in report
    assert "Shared texts: 20." in (folder / "DATASHEET.md").read_text("utf-8")
    assert galley("verify", folder, cwd=workspace).returncode == 0
    again = json.loads(galley("release", "--json", cwd=workspace).stdout)
    assert not again["created"]


def test_policy_of_a_release(galley: Any, workspace: Path) -> None:
    """A release says which policy it was made under, and what that leaves open is no correction."""
    second(workspace, every=2)
    latest = json.loads(galley("release", "--json", cwd=workspace).stdout)
    settings = json.loads((Path(latest["path"]) / "manifest.json").read_text("utf-8"))["inputs"]
    assert "merge" not in settings["settings"]
    environ = {"GALLEY_ANNOTATIONS_MERGE_DEFAULT": "unanimous"}
    stale = [word for number in ("2.9", "3.1", "3.2") for word in ("--confirm", number)]
    assert galley("datasheet", *stale, cwd=workspace, **environ).returncode == 0
    strict = json.loads(galley("release", "--json", cwd=workspace, **environ).stdout)
    settings = json.loads((Path(strict["path"]) / "manifest.json").read_text("utf-8"))["inputs"]
    assert settings["settings"]["merge"] == {"default": "unanimous", "tags": {}, "entities": {}}
    numbers = [sum(each["configs"]["default"].values()) for each in (latest, strict)]
    assert numbers == [20, 10]
    wrong = {"GALLEY_ANNOTATIONS_MERGE_DEFAULT": "loudest"}
    assert galley("release", cwd=workspace, **wrong).returncode == 2
