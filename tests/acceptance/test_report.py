"""`galley report`, and the report of a release."""

import json
from pathlib import Path
from typing import Any

from galley.desk import Workspace
from galley.releases.packed import unpack
from galley.releases.verify import verify


def release(galley: Any, workspace: Path, *words: object) -> dict[str, Any]:
    """Run `galley release` and return what it prints."""
    done = galley("release", *words, "--workspace", workspace, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    outcome: dict[str, Any] = json.loads(done.stdout)
    return outcome


def test_report_of_the_present_state(galley: Any, workspace: Path) -> None:
    """The page has each record, tells who did what, and is where the command says."""
    done = galley("report", "--workspace", workspace, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    page = Path(found["report"]).read_text(encoding="utf-8")
    assert found == {"report": str(workspace / "report.html"), "bytes": len(page.encode())}
    assert "a1b2c3" in page
    rows, details = (json.loads(text) for text in unpack(page))
    ids = {record["id"] for record in Workspace.open(workspace).records()}
    assert {row[0] for row in rows["rows"]} == ids
    assert sum("story" in detail for detail in details.values()) == 20


def test_release_has_its_report(galley: Any, workspace: Path) -> None:
    """A release holds the page, without a word on single annotators, and verify knows it."""
    folder = Path(release(galley, workspace)["path"])
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "a1b2c3" not in page + "".join(unpack(page))
    assert "What became of suggestions" not in page  # one person worked: it would be about them
    assert verify(folder) == []
    (folder / "report.html").write_text(page.replace("Galley", "Gallex"), encoding="utf-8")
    assert [issue.path for issue in verify(folder)] == ["report.html"]


def test_report_is_made_again(galley: Any, workspace: Path) -> None:
    """A fresh clone makes the same page again, also when people have gone on since."""
    folder = Path(release(galley, workspace)["path"])
    before = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    assert release(galley, workspace)["rebuilt"]
    assert (folder / "report.html").read_bytes() == before
    (folder / "report.html").unlink()
    release(galley, workspace, "--rebuild")
    assert (folder / "report.html").read_bytes() == before


def test_report_of_another_galley(galley: Any, workspace: Path) -> None:
    """Data are made again although the page would be another; the command says so."""
    outcome = release(galley, workspace)
    folder = Path(outcome["path"])
    page = folder / "report.html"
    manifest = folder / "manifest.json"
    document = json.loads(manifest.read_text(encoding="utf-8"))
    document["files"]["report.html"]["sha256"] = "0" * 64
    manifest.write_text(json.dumps(document), encoding="utf-8")
    again = release(galley, workspace, "--rebuild")
    assert again["rebuilt"]
    assert "report.html" in again["warnings"][0]
    assert not page.exists()


def test_no_such_release(galley: Any, workspace: Path) -> None:
    """A version that is not there is an error with its name."""
    done = galley("report", "9.9.9", "--workspace", workspace)
    assert done.returncode == 2
    assert "9.9.9" in done.stderr
