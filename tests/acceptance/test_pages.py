"""Every block of code in the documentation is run, or says above it why it is not.

`<!-- not run: why -->` stands above a block that is not; `<!-- with: label studio -->` above one
that needs a server. The tutorial has a test of its own, which also does a person's work.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema_rs
import pytest
import yaml

from galley.build.source import load_sources
from galley.cli.main import COMMANDS
from galley.desk import Workspace
from galley.schema.contract import Contract
from galley.schema.migration import load_migrations
from galley.schema.vocabulary import load_taxonomy
from galley.settings import load_config
from tests.acceptance.conftest import correct
from tests.acceptance.test_staged import git
from tests.conftest import ROOT
from tools.shapes import schema

# Written by tools/reference.py, or run by a test of its own.
_APART = ("tutorial.md", "commands.md", "json.md", "record.md")
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(path for path in sorted((ROOT / "docs").rglob("*.md")) if path.name not in _APART),
]
_BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>not run|with): (?P<said>[^>]+) -->\n)?"
    r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
NOT_RUN = 12
_CHAIN = ("work", "transport", "arts", "museums", "health", "sport")


@dataclass(frozen=True)
class Block:
    """A block of code.

    Attributes:
        kind: Its language.
        text: What stands in it.
        why_not: Why it is not run; empty if it is.
        served: Whether it needs a Label Studio.
    """

    kind: str
    text: str
    why_not: str
    served: bool


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page, in order."""
    found = []
    for match in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        why = match["said"].strip() if match["mark"] == "not run" else ""
        found.append(Block(match["kind"], match["text"], why, match["mark"] == "with"))
    return found


def test_what_is_not_run_says_why() -> None:
    """And there are no more of those than are known; every fence is seen."""
    found = [block for page in PAGES for block in blocks(page)]
    reasons = [block.why_not for block in found if block.why_not]
    assert len(reasons) == NOT_RUN
    assert all(len(why.split()) >= 4 for why in reasons)
    fences = sum(page.read_text(encoding="utf-8").count("\n```") for page in PAGES)
    assert fences == 2 * len(found)


@pytest.fixture(scope="module")
def prepared(corrected: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a workspace as the pages mean it, and what it published."""
    folder = tmp_path_factory.mktemp("prepared")
    workspace = Path(shutil.copytree(corrected, folder / "workspace"))
    shutil.copy(ROOT / ".gitignore", workspace)
    page = workspace / "build/raw/courier/one.txt"
    page.parent.mkdir()
    shutil.copy(ROOT / "build/raw/harbour-courier/tag-water.txt", page)
    desk = Workspace.open(workspace)
    release = desk.release()
    shutil.copy(next(release.path.glob("data/*/train*.parquet")), workspace / "anything.parquet")
    desk.publish(to=f"file://{folder}/published", confirm=lambda _: True)
    git(workspace, "init", "-q")
    git(workspace, "add", "-A")
    git(workspace, "commit", "-qm", "0.1.0")
    return folder


@pytest.fixture
def place(prepared: Path, tmp_path: Path) -> Path:
    """Return a copy of the workspace, with the copy of what it published beside it."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return tmp_path / "workspace"


def run(block: Block, place: Path, **environ: str) -> None:
    """Run a block in the workspace; it must not fail."""
    passed = {k: v for k, v in os.environ.items() if not k.startswith(("GALLEY_", "LABEL_"))}
    passed |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    passed |= {"HF_HOME": str(place.parent / "home"), "HF_HUB_OFFLINE": "1", "NO_COLOR": "1"}
    shell = ["bash", "-euo", "pipefail", "-c", block.text]
    command = shell if block.kind == "sh" else [sys.executable, "-W", "error", "-c", block.text]
    done = subprocess.run(
        command, cwd=place, env=passed | environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"


def read(block: Block, folder: Path) -> None:
    """Read settings, sources, vocabularies, migrations and outputs as Galley does."""
    file = folder / f"block.{block.kind}"
    file.write_text(block.text, encoding="utf-8")
    if block.kind == "json":
        jsonschema_rs.validate(schema("status"), json.loads(block.text))
    elif block.kind == "toml" and "source" in tomllib.loads(block.text):
        assert load_sources(file, Contract.default())
    elif block.kind == "toml":
        load_config(file, {})
    elif "from" in yaml.safe_load(block.text):
        file.rename(folder / "2.yaml")
        assert load_migrations(folder, version="2", tags=_CHAIN, labels=["GROUP"]).versions
    else:
        assert load_taxonomy(file).tags


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_blocks(page: Path, place: Path, tmp_path: Path) -> None:
    """In their order, in one workspace; those that need a server are run below."""
    desk = Workspace.open(place)
    record = next(desk.records())
    desk.ledger.append([correct(record, tags=("water",), hour=11)])
    (place.parent / "my-dataset").symlink_to(place)
    where = place.parent if page.name == "README.md" else place
    environ = {"TARGET": f"file://{tmp_path}/published", "ID": record["id"]}
    for block in blocks(page):
        if block.why_not or block.served or not block.kind:
            continue
        if block.kind in {"sh", "python"}:
            run(block, place if block.kind == "sh" else where, **environ)
        else:
            folder = tmp_path / uuid4().hex
            folder.mkdir()
            read(block, folder)


_SERVED = [page for page in PAGES if any(block.served for block in blocks(page))]


@pytest.mark.parametrize("page", _SERVED, ids=lambda page: page.stem)
def test_blocks_with_a_server(page: Path, place: Path, label_studio: Any) -> None:
    """Those of them that need one."""
    pyproject = place / "pyproject.toml"
    text, own = pyproject.read_text(encoding="utf-8"), f'"pages-{uuid4().hex[:8]}"'
    pyproject.write_text(text.replace('"galley-sample"', own, 1), encoding="utf-8")
    environ = {
        "LABEL_STUDIO_URL": label_studio.url,
        "LABEL_STUDIO_API_KEY": label_studio.token,
    }
    for block in blocks(page):
        if block.served:
            run(block, place, **environ)


def test_python_blocks_are_typed(tmp_path: Path) -> None:
    """mypy, as strict as with Galley itself, finds nothing in what the pages show."""
    found = [block for page in PAGES for block in blocks(page) if block.kind == "python"]
    for number, block in enumerate(found):
        (tmp_path / f"block_{number}.py").write_text(block.text, encoding="utf-8")
    mypy = [Path(sys.executable).with_name("mypy"), "--strict", "--ignore-missing-imports"]
    done = subprocess.run([*mypy, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_command_has_its_method() -> None:
    """The table of the library's reference names all commands, and methods that there are."""
    text = (ROOT / "docs/reference/library.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z]+)` \| (.+) \|$", text, re.MULTILINE))
    assert set(rows) == set(COMMANDS) - {"completion"}
    for cell in rows.values():
        for method in re.findall(r"`Workspace\.(\w+)`", cell):
            assert getattr(Workspace, method).__doc__, method
