"""`galley validate --staged`: what git would commit, in real repositories, by hand and by hook."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from galley.desk import Workspace
from tests.acceptance.conftest import correct
from tests.conftest import ROOT

BIN = Path(sys.executable).parent
LEDGER = "annotations/ledger"


def git(folder: Path, *words: str, code: int = 0) -> str:
    """Run git as nobody in particular, with the commands of this environment."""
    person = [
        "-c",
        "user.name=n",
        "-c",
        "user.email=n@example.org",
        "-c",
        "init.defaultBranch=main",
    ]
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["git", *person, *words],
        cwd=folder,
        env=os.environ | {"PATH": path, "PRE_COMMIT_HOME": str(folder.parent / "pre-commit")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def repository(corrected: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with suggestions, a ledger and a release, all of it committed."""
    folder = tmp_path_factory.mktemp("repository") / "workspace"
    shutil.copytree(corrected, folder)
    desk = Workspace.open(folder)
    desk.suggest()
    desk.release()
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "all")
    return folder


@pytest.fixture
def committed(repository: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    return Path(shutil.copytree(repository, tmp_path / "workspace"))


def check(galley: Any, folder: Path, *words: str, code: int = 1) -> dict[str, Any]:
    """Run the check and return its object."""
    done = galley("validate", "--staged", "--json", *words, cwd=folder)
    assert done.returncode == code, done.stdout + done.stderr
    return dict(json.loads(done.stdout))


def codes(found: dict[str, Any]) -> set[tuple[str, str]]:
    """Return file and code of each issue."""
    return {(issue["path"], issue["code"]) for issue in found["issues"]}


def ledger(folder: Path) -> Path:
    """Return the one file of the ledger."""
    (path,) = (folder / LEDGER).glob("*.jsonl")
    return path


def test_nothing_staged_is_nothing_to_check(galley: Any, committed: Path) -> None:
    """Whatever lies in the folder and is not staged."""
    ledger(committed).write_text("broken", encoding="utf-8")
    found = check(galley, committed, code=0)
    assert found == {"ok": True, "files": [], "issues": [], "unanswered": 0}


def test_growth_is_well(galley: Any, committed: Path) -> None:
    """New events below the old ones; what counts is the index, not the folder."""
    desk = Workspace.open(committed)
    desk.ledger.append([correct(next(desk.records()), hour=12)])
    git(committed, "add", LEDGER)
    ledger(committed).unlink()
    found = check(galley, committed, code=0)
    assert (found["ok"], len(found["files"])) == (True, 1)


def _drop_event(folder: Path) -> None:
    path = ledger(folder)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))


def _turn_round(folder: Path) -> None:
    path = ledger(folder)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[::-1]))


def _drop_id(folder: Path) -> None:
    path = folder / "build/identity.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))


def _change_event(folder: Path) -> None:
    path = ledger(folder)
    path.write_text(path.read_text().replace('"lead_time":12.5', '"lead_time":1.5', 1))


def _lose_tag(folder: Path) -> None:
    path = folder / "schema/tags.yaml"
    path.write_text(path.read_text().replace("name: trade", "name: commerce"))


def _edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


CASES = {
    "event dropped": (_drop_event, LEDGER + "/*", "ledger_lost"),
    "events in another order": (_turn_round, LEDGER + "/*", "ledger_order"),
    "event changed": (_change_event, LEDGER, "ledger_hash"),
    "tag gone": (_lose_tag, "schema", "labels_in_use"),
    "no YAML": (_edit("schema/tags.yaml", "tags:", "tags: ["), "schema", "vocabulary_unreadable"),
    "no JSON": (
        _edit("schema/article.schema.json", "{", "{,"),
        "schema/article.schema.json",
        "schema_not_json",
    ),
    "setting": (_edit("pyproject.toml", "seed =", "sede ="), "pyproject.toml", "config_unknown"),
    "suggestion": (
        _edit("annotations/suggestions.jsonl", '"record_id":', '"rekord_id":'),
        "annotations/suggestions.jsonl",
        "suggestion_invalid",
    ),
    "suggestion cut": (
        _edit("annotations/suggestions.jsonl", '"text_sha256"', "text_sha256"),
        "annotations/suggestions.jsonl",
        "line_damaged",
    ),
    "release": (
        _edit("releases/0.1.0/README.md", "Galley", "Gallej"),
        "releases/0.1.0/README.md",
        "release_changed",
    ),
    "registry": (_drop_id, "build/identity.jsonl", "registry_lost"),
    "lock": (_edit("DATASHEET.lock.json", "{", "["), "DATASHEET.lock.json", "datasheet_lock"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_named(galley: Any, committed: Path, case: str) -> None:
    """One fault, one issue, with the file as it lies in the workspace."""
    change, place, code = CASES[case]
    change(committed)
    git(committed, "add", "-A")
    found = check(galley, committed)
    ((path, said),) = codes(found)
    assert said == code
    assert Path(path).match(place)
    assert str(committed) not in json.dumps(found)


def test_an_answer_that_vanishes(galley: Any, committed: Path) -> None:
    """A question without an answer is none yet; an answer taken away is an issue."""
    path = committed / "DATASHEET.md"
    text = path.read_text(encoding="utf-8")
    head, heading, rest = text.partition("### 1.1 ")
    question, _, below = rest.partition("\n")
    blank = below[below.index("\n###") :]
    path.write_text(f"{head}{heading}{question}\n\n*Not answered yet.*\n{blank}", encoding="utf-8")
    git(committed, "add", "-A")
    found = check(galley, committed)
    assert codes(found) == {(f"DATASHEET.md: 1.1 {question}", "answer_blank")}
    assert found["unanswered"] == 1


def test_events_of_what_was_retracted(galley: Any, committed: Path) -> None:
    """A clone that pulled meanwhile must not bring words back."""
    record = next(Workspace.open(committed).records())
    events = ledger(committed).read_bytes()
    Workspace.open(committed).retract(record["id"], "asked for")
    git(committed, "add", "-A")
    assert check(galley, committed, code=0)["ok"]
    ledger(committed).write_bytes(events)
    git(committed, "add", "-A")
    assert {code for _, code in codes(check(galley, committed))} == {"ledger_retracted"}


def test_a_branch_is_compared_with_what_it_went_off_from(galley: Any, committed: Path) -> None:
    """What the target got meanwhile is not missing; what the branch took away is."""
    git(committed, "checkout", "-q", "-b", "work")
    desk = Workspace.open(committed)
    records = list(desk.records())
    desk.ledger.append([correct(records[0], hour=13)])
    git(committed, "commit", "-qam", "work")
    git(committed, "checkout", "-q", "main")
    desk.ledger.append([correct(records[1], hour=14)])
    git(committed, "commit", "-qam", "meanwhile")
    git(committed, "checkout", "-q", "work")
    assert check(galley, committed, "--since", "main", code=0)["files"] == [
        str(ledger(committed).relative_to(committed))
    ]
    _drop_event(committed)
    git(committed, "commit", "-qam", "loss")
    assert check(galley, committed, code=0)["files"] == []
    assert {code for _, code in codes(check(galley, committed, "--since", "main"))} == {
        "ledger_lost"
    }
    done = galley("validate", "--staged", "--since", "origin/mian", cwd=committed)
    assert (done.returncode, "git fetch origin mian" in done.stderr) == (2, True)


def test_before_the_first_commit_and_without_git(galley: Any, tmp_path: Path) -> None:
    """All is new then; a folder that is no repository is an error with a hint."""
    galley("init", tmp_path / "set")
    done = galley(
        "validate", "--staged", cwd=tmp_path / "set", GIT_CEILING_DIRECTORIES=str(tmp_path)
    )
    assert (done.returncode, "`git init`" in done.stderr) == (2, True)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    found = check(galley, tmp_path / "set", code=0)
    assert "DATASHEET.md" in found["files"]
    assert found["unanswered"] > 40


def test_the_hook_in_a_real_repository(tmp_path: Path, galley: Any) -> None:
    """pre-commit lets a sound commit pass, also of single files, and stops another."""
    folder = tmp_path / "set"
    assert galley("init", folder, "--ci").returncode == 0
    git(folder, "init", "-q")
    environ = os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    subprocess.run([BIN / "pre-commit", "install"], cwd=folder, env=environ, check=True)
    git(folder, "add", "-A")
    assert "Passed" in git(folder, "commit", "-m", "first")
    (folder / "notes.txt").write_text("not Galley's", encoding="utf-8")
    git(folder, "add", "-A")
    assert "Skipped" in git(folder, "commit", "-m", "second")
    _edit("pyproject.toml", "license =", "lisence =")(folder)
    said = git(folder, "commit", "-m", "third", "pyproject.toml", code=1)
    assert "did you mean `license`?" in said
    assert git(folder, "log", "--format=%s").split() == ["second", "first"]


def test_the_hook_for_others() -> None:
    """pre-commit takes the manifest, and both hooks are one."""
    manifest = ROOT / ".pre-commit-hooks.yaml"
    subprocess.run([BIN / "pre-commit", "validate-manifest", manifest], check=True)
    (theirs,) = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    template = ROOT / "src/galley/template/ci/pre-commit-config.yaml"
    subprocess.run([BIN / "pre-commit", "validate-config", template], check=True)
    (ours,) = yaml.safe_load(template.read_text(encoding="utf-8"))["repos"][0]["hooks"]
    same = ("id", "name", "entry", "pass_filenames", "files")
    assert [ours[key] for key in same] == [theirs[key] for key in same]
