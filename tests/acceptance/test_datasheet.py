"""`galley datasheet`, and what a release does about it."""

import json
import shutil
from pathlib import Path
from typing import Any

from galley.desk import Workspace


def edit(workspace: Path, old: str, new: str) -> None:
    path = workspace / "DATASHEET.md"
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_a_blank_answer_stops_the_release(galley: Any, workspace: Path) -> None:
    """Both name the question; with an answer both pass."""
    edit(workspace, "The makers of Galley, unpaid.", "*Not answered yet.*")
    done = galley("datasheet", "--check", "--workspace", workspace)
    assert done.returncode == 1
    assert "without an answer in DATASHEET.md (1):" in done.stdout
    assert "  3.4 Who collected it, and how were they paid?" in done.stdout
    assert galley("datasheet", "--workspace", workspace).returncode == 0
    done = galley("release", "--workspace", workspace, "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (2, "answer_blank")
    assert "3.4 Who collected it" in error["message"]
    assert not (workspace / "releases").exists() or not list((workspace / "releases").glob("*"))
    edit(workspace, "*Not answered yet.*", "Nobody.")
    assert galley("datasheet", "--check", "--workspace", workspace).returncode == 0
    assert galley("release", "--workspace", workspace).returncode == 0


def test_a_new_publisher_makes_answers_stale(galley: Any, workspace: Path) -> None:
    """The release waits until a person confirms what they say about it."""
    assert galley("release", "--workspace", workspace).returncode == 0
    lock = (workspace / "DATASHEET.lock.json").read_bytes()
    sources = workspace / "build/sources.toml"
    text = sources.read_text()
    name = next(line for line in text.splitlines() if line.startswith("publisher"))
    sources.write_text(text.replace(name, 'publisher = "The Other Paper"', 1))
    Workspace.open(workspace).build()
    done = galley("release", "--workspace", workspace, "--json")
    assert json.loads(done.stdout)["error"]["code"] == "answer_stale"
    done = galley("datasheet", "--check", "--json", "--workspace", workspace)
    issues = json.loads(done.stdout)["issues"]
    assert "The Other Paper" in issues[0]["got"]
    assert (workspace / "DATASHEET.lock.json").read_bytes() == lock
    words = [word for issue in issues for word in ("--confirm", issue["path"].split()[1])]
    assert galley("datasheet", "--check", *words, "--workspace", workspace).returncode == 0
    assert galley("release", "--workspace", workspace).returncode == 0


def test_a_new_workspace_may_make_a_first_release(galley: Any, tmp_path: Path) -> None:
    """While nobody corrected anything, the blanks are a warning."""
    workspace = tmp_path / "news"
    galley("init", workspace)
    shutil.rmtree(workspace / "build/out", ignore_errors=True)
    galley("build", "--workspace", workspace)
    done = galley("release", "--workspace", workspace)
    assert done.returncode == 0, done.stderr
    assert "questions without an answer" in done.stderr
    # A blank is no answer to the facts of then: other publishers make nothing stale.
    (workspace / "build/raw/other").mkdir()
    page = (workspace / "build/raw/example-herald/night-ferry.txt").read_text(encoding="utf-8")
    (workspace / "build/raw/other/a.txt").write_text(page.replace("ferry", "boat"), "utf-8")
    with (workspace / "build/sources.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[source]]\nname = "other"\nfiles = ["raw/other/*.txt"]\npublisher = "B"\n')
    galley("build", "--workspace", workspace)
    done = galley("release", "--workspace", workspace)
    assert done.returncode == 0, done.stderr
