"""`galley init`: a workspace that works at once, from a working copy and from a wheel."""

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from galley.desk import Workspace
from galley.scaffold import lay_out, template_files
from tests.conftest import ROOT


def test_a_new_workspace_builds_and_releases(galley: Any, tmp_path: Path) -> None:
    """Three articles of two pages go all the way without an edit."""
    done = galley("init", "news", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    files = [path for path in (tmp_path / "news").rglob("*") if path.is_file()]
    assert json.loads(done.stdout) == {"workspace": "news", "files": len(files)}
    for word in ("build", "release"):
        done = galley(word, "--json", cwd=tmp_path / "news")
        assert done.returncode == 0, done.stdout + done.stderr
    (splits,) = json.loads(done.stdout)["configs"].values()
    assert sum(splits.values()) == 3


def test_a_folder_with_something_in_it_is_refused(galley: Any, tmp_path: Path) -> None:
    """Nothing is written into it."""
    (tmp_path / "mine.txt").write_text("mine")
    done = galley("init", tmp_path, "--json", "--name", "x")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "init_not_empty"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_force_adds_what_is_missing_and_overwrites_nothing(galley: Any, tmp_path: Path) -> None:
    """A file that exists is kept, byte for byte."""
    (tmp_path / "pyproject.toml").write_text('[tool.galley]\nname = "mine"\n')
    done = galley("init", tmp_path, "--force", "--quiet")
    assert done.returncode == 0, done.stderr
    assert Workspace.open(tmp_path).config.name == "mine"
    assert lay_out(tmp_path, "again", force=True) == []


def test_the_name_is_the_folders_unless_given(tmp_path: Path) -> None:
    """The settings load, and say the name."""
    lay_out(tmp_path / "a", "my-news_2.0")
    settings = tomllib.loads((tmp_path / "a/pyproject.toml").read_text())
    assert settings["tool"]["galley"]["name"] == "my-news_2.0"


@pytest.mark.parametrize("name", ["", "with space", 'quo"te', "-dash", "a/b", "x" * 97])
def test_a_name_that_the_hub_refuses_is_refused(galley: Any, tmp_path: Path, name: str) -> None:
    """Here, and not at the first publication."""
    done = galley("init", tmp_path / "new", "--name", name, "--json")
    code = json.loads(done.stdout)["error"]["code"]
    assert (done.returncode, code) == (2, "init_name")
    assert not (tmp_path / "new").exists()


def test_generated_and_private_files_are_ignored(tmp_path: Path) -> None:
    """Git of a new workspace sees neither tokens nor what can be made again."""
    lay_out(tmp_path, "x")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    private = [".galley/studio/token", "build/out/a", "releases/1.0.0/data/a.parquet"]
    kept = ["build/raw/a", "releases/1.0.0/manifest.json", "annotations/ledger/a.jsonl"]
    command = ["git", "-C", str(tmp_path), "check-ignore", *private, *kept]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == private


@pytest.mark.parametrize("name", ["article.schema.json", "entities.yaml"])
def test_the_repository_starts_from_the_same_schema(name: str) -> None:
    """The root is a workspace like any other."""
    template = {str(path): content for path, content in template_files()}
    assert (ROOT / "schema" / name).read_bytes() == template[f"schema/{name}"]


def test_a_wheel_holds_the_whole_template(tmp_path: Path) -> None:
    """Whoever installs the package gets the same workspace."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = "from galley.cli.main import run; run()"
    environ = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "-c", code, "init", str(tmp_path / "new"), "--json"]
    done = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout)["files"] == len(list(template_files()))
    assert (tmp_path / "site/galley/annotations/studio/requirements.txt").exists()


def test_what_is_missing_is_told_from_what_is_elsewhere(galley: Any, tmp_path: Path) -> None:
    """Inside of a workspace the way out; where a file is gone the way to get it back."""
    folder = tmp_path / "set"
    assert galley("init", folder).returncode == 0
    done = galley("status", cwd=folder / "schema")
    assert (done.returncode, f"the workspace around it is {folder.resolve()}" in done.stderr) == (
        2,
        True,
    )
    (folder / "schema/article.schema.json").unlink()
    done = galley("status", cwd=folder)
    assert "`galley init --force .` adds what is missing" in done.stderr
    assert galley("init", "--force", ".", cwd=folder).returncode == 0
    assert galley("status", cwd=folder).returncode == 0
    (folder / "schema/tags.yaml").unlink()
    done = galley("status", cwd=folder)
    assert "tags.yaml: No such file or directory\n" in done.stderr
    assert "adds what is missing" in done.stderr


def test_an_empty_folder_is_said(galley: Any, tmp_path: Path) -> None:
    """A build of nothing looks like a slip."""
    (tmp_path / "raw").mkdir()
    done = galley("build", "raw", "--out", "out", cwd=tmp_path)
    assert (done.returncode, "there is no file in raw" in done.stderr) == (0, True)
