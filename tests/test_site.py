"""The documentation: no warning, no drift, and what it tells to run runs."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from galley.desk import Workspace
from tests.conftest import ROOT
from tools.reference import FOLDER, write_pages

PAGES = sorted((ROOT / "docs").rglob("*.md"))
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$|^<!-- (\w+) -->$", re.DOTALL | re.MULTILINE)

_NOT_RUN = re.compile(r"^<!-- not run: [^>]+ -->\n```.*?^```$", re.DOTALL | re.MULTILINE)


def test_reference_is_up_to_date() -> None:
    """The pages made from code and schema are what `tools/reference.py` would write."""
    pages = write_pages()
    found = {name: (FOLDER / name).read_text(encoding="utf-8") for name in pages}
    assert found == pages


def test_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Every link leads somewhere, every page is reached, every object of the library is found."""
    for name in ("mkdocs.yml", "docs", "src"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    zensical = Path(sys.executable).with_name("zensical")
    done = subprocess.run(
        [zensical, "build", "--strict"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout + done.stderr
    assert not re.search(
        r"<(?:link|script|img)[^>]+https?://", (tmp_path / "site/index.html").read_text()
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_exists(page: Path, galley: Any) -> None:
    """Commands and options that a page names are those that Galley has."""
    text = page.read_text(encoding="utf-8")
    reference = (FOLDER / "commands.md").read_text(encoding="utf-8")
    lines = [
        line
        for kind, block, _ in _BLOCK.findall(text)
        if kind == "sh"
        for line in block.splitlines()
    ]
    for line in lines:
        words = line.partition("#")[0].split()
        if words[:1] != ["galley"]:
            continue
        (help_,) = re.findall(
            rf"^## galley {words[1]}\n(.*?)(?=^## galley (?!{words[1]} )|\Z)",
            reference,
            re.DOTALL | re.MULTILINE,
        )
        options = [word.partition("=")[0] for word in words if word.startswith("--")]
        assert [option for option in options if option not in help_] == [], line


def test_tutorial(tmp_path: Path, label_studio: Any) -> None:
    """All commands of the tutorial in their order, a person's work in their place."""
    del label_studio  # it has run: what a server needs is installed
    text = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
    text = _NOT_RUN.sub("", text)
    environ = {key: value for key, value in os.environ.items() if not key.startswith("LABEL_")}
    environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environ['PATH']}"
    environ |= {"HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "1"}
    place, said = tmp_path, ""
    try:
        for kind, block, mark in _BLOCK.findall(text):
            if mark:
                annotate(place)
                continue
            script = f"{block}\npwd > '{tmp_path}/pwd'"
            command = ["bash", "-euc", script] if kind == "sh" else [sys.executable, "-c", block]
            done = subprocess.run(
                command, cwd=place, env=environ, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
            said += done.stdout
            place = Path((tmp_path / "pwd").read_text(encoding="utf-8").strip())
    finally:
        subprocess.run(["galley", "studio", "down"], cwd=place, env=environ, check=False)
    assert "built 2 records" in said
    assert "train: Dataset" in said


def annotate(place: Path) -> None:
    """Do what the tutorial asks of a person: submit each task, here as it is suggested."""
    server = Workspace.open(place).studio.up()
    token = {"Authorization": f"Token {server.token}"}
    with httpx.Client(base_url=server.url, headers=token, trust_env=False, timeout=60) as api:
        (project,) = api.get("/api/projects").json()["results"]
        asked = {"project": project["id"], "fields": "all", "page_size": 10}
        tasks = api.get("/api/tasks", params=asked).json()["tasks"]
        assert len(tasks) == 2
        for task in tasks:
            shown = [result for found in task["predictions"] for result in found["result"]]
            answer = api.post(f"/api/tasks/{task['id']}/annotations", json={"result": shown})
            answer.raise_for_status()
