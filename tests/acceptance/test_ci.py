"""The workflows that `galley init --ci` lays out: what the schema says, and that they do it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from galley.desk import Workspace
from tests.acceptance.conftest import correct
from tests.acceptance.test_staged import git
from tests.conftest import ROOT

BIN = Path(sys.executable).parent
CHECK, PUBLISH = (
    ROOT / f"src/galley/template/ci/github/workflows/galley-{name}.yml"
    for name in ("check", "publish")
)
# What a run of the tests has no part for: packages from an index, a comment on a hosted page.
ELSEWHERE = ("pip install", "comments=")
_COMMENTS = 'comments="repos/$GH_REPO/issues/$NUMBER/comments"'
# Stands for `gh`, which needs the hosted page: it writes down what it was asked for.
_GH = """#!/bin/sh
echo "$@" >> asked
case "$*" in *--jq*) test ! -e commented || cat commented;; esac
"""


@dataclass
class Runner:
    """Runs the `run:` steps of a workflow as a hosted runner does.

    Attributes:
        folder: The clone.
        values: What expressions stand for.
        left_out: The steps that were not run.
    """

    folder: Path
    values: dict[str, str]
    left_out: list[str] = field(default_factory=list)

    def steps(self, workflow: Path) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the script of each step, with what is set in its environment."""
        jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
        for job in jobs.values():
            for step in job["steps"]:
                if "run" in step:
                    given = job.get("env", {}) | step.get("env", {})
                    yield step["run"], {name: self._fill(value) for name, value in given.items()}

    def _fill(self, value: str) -> str:
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: self.values[found[1]], value)

    def run(self, workflow: Path) -> list[subprocess.CompletedProcess[str]]:
        """Run the steps up to the first that fails."""
        done = []
        summary = self.folder.parent / "summary.md"
        passed = {k: v for k, v in os.environ.items() if not k.startswith(("GALLEY_", "HF_"))}
        passed |= {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
        passed |= {"GITHUB_STEP_SUMMARY": str(summary), "HF_HOME": str(self.folder.parent / "hf")}
        for script, environ in self.steps(workflow):
            if script.startswith(ELSEWHERE):
                self.left_out.append(script)
                continue
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
            done.append(
                subprocess.run(
                    command,
                    cwd=self.folder,
                    env=passed | environ,
                    capture_output=True,
                    text=True,
                    check=False,
                )
            )
            if done[-1].returncode:
                break
        return done


@pytest.fixture
def runner(workspace: Path, tmp_path: Path) -> Runner:
    """Return a clone of a repository whose branch `work` corrects what `main` released."""
    Workspace.open(workspace).release()
    shutil.copy(ROOT / ".gitignore", workspace)
    git(workspace, "init", "-q")
    git(workspace, "add", "-A")
    git(workspace, "commit", "-qm", "0.1.0")
    git(workspace, "checkout", "-q", "-b", "work")
    desk = Workspace.open(workspace)
    desk.ledger.append([correct(next(desk.records()), tags=("water",), hour=11)])
    git(workspace, "commit", "-qam", "a correction")
    git(tmp_path, "clone", "-q", str(workspace), "clone")
    values = {"github.base_ref": "main", "github.ref_name": "v0.1.0"}
    values |= {"vars.GALLEY_TARGET": f"file://{tmp_path}/hub", "secrets.HF_TOKEN": ""}
    values |= {"github.token": "", "github.repository": "org/news"}
    values |= {"github.event.pull_request.number": "12"}
    return Runner(tmp_path / "clone", values)


@pytest.mark.parametrize("workflow", [CHECK, PUBLISH], ids=lambda path: path.stem)
def test_the_schema_of_workflows(workflow: Path) -> None:
    """What a hosted CI accepts; no expression stands in a script, where it could be code."""
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    text = workflow.read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"].values()
    assert [s for job in jobs for s in job["steps"] if "${{" in s.get("run", "")] == []
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
    assert text.count("@VERSION@") == 1


def test_a_pull_request_is_checked(runner: Runner) -> None:
    """Every step passes, and the comment says what changes and the version that makes."""
    done = runner.run(CHECK)
    assert [step.returncode for step in done] == [0] * 5, done[-1].stderr
    assert [script.split()[0] for script in runner.left_out] == ["pip", _COMMENTS]
    comment = (runner.folder / "galley.md").read_text(encoding="utf-8")
    head = "<!-- galley -->\n## 0.1.0 → 0.1.1, not released yet: a patch change\n"
    assert comment.startswith(head)
    assert (runner.folder.parent / "summary.md").read_text(encoding="utf-8") == comment


def test_one_comment(runner: Runner, tmp_path: Path) -> None:
    """The first run makes it, the next one changes it, and no other."""
    *_, (script, environ) = runner.steps(CHECK)
    gh = tmp_path / "bin/gh"
    gh.parent.mkdir()
    gh.write_text(_GH, encoding="utf-8")
    gh.chmod(0o755)
    environ |= {"PATH": f"{gh.parent}{os.pathsep}{os.environ['PATH']}"}
    for _ in range(2):
        command = ["bash", "--noprofile", "--norc", "-euo", "pipefail", "-c", script]
        subprocess.run(command, cwd=tmp_path, env=environ, check=True)
        (tmp_path / "commented").write_text("7\n8\n", encoding="utf-8")
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert asked[1] == "pr comment 12 --body-file galley.md"
    patched = "--method PATCH repos/org/news/issues/comments/7 --field body=@galley.md"
    assert asked[3] == f"api {patched}"
    assert len(asked) == 4


def test_a_pull_request_that_loses_work_fails(runner: Runner) -> None:
    """At the first step, which needs no build."""
    (path,) = (runner.folder / "annotations/ledger").glob("*.jsonl")
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    git(runner.folder, "commit", "-qam", "loss")
    done = runner.run(CHECK)
    assert [step.returncode for step in done] == [1]
    assert "ledger_lost" in done[0].stdout


def test_a_tag_is_published(runner: Runner) -> None:
    """From what is committed alone; a second run changes nothing."""
    git(runner.folder, "checkout", "-q", "origin/main")
    assert not (runner.folder / "releases/0.1.0/data").exists()
    for said in (": done", ": nothing to do"):
        done = runner.run(PUBLISH)
        assert [step.returncode for step in done] == [0] * 4, done[-1].stderr
        assert said in done[-1].stdout
    assert (runner.folder.parent / "hub/0.1.0/manifest.json").exists()


def test_they_are_laid_out_for_this_galley(galley: Any, tmp_path: Path) -> None:
    """Into a new workspace, or with --force into one that is there; never without --ci."""
    plain, new = tmp_path / "plain", tmp_path / "new"
    galley("init", plain)
    assert not (plain / ".github").exists()
    assert galley("init", plain, "--ci", "--force").returncode == 0
    assert galley("init", new, "--ci").returncode == 0
    version = galley("--version").stdout.split()[-1]
    for folder in (plain, new):
        text = (folder / ".github/workflows/galley-publish.yml").read_text(encoding="utf-8")
        assert f"galley-data=={version}" in text
        assert (folder / ".pre-commit-config.yaml").exists()
