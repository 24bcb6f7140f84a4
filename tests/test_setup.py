"""The set-up of a bare machine, as far as it can be tried without a network."""

import os
import re
import runpy
import shutil
import subprocess
import sys
import time
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PINS = {
    "bootstrap": ROOT / "requirements/bootstrap.txt",
    "dev": ROOT / "requirements/dev.txt",
    "studio": ROOT / "src/galley/annotations/studio/requirements.txt",
}


def _pins(path: Path) -> dict[str, list[str]]:
    """Return the pinned versions by name; markers may give a name more than one."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", path.read_text(), re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


@pytest.mark.parametrize("path", PINS.values(), ids=PINS)
def test_pins_are_hashed_and_name_no_address(path: Path) -> None:
    """Where packages come from is the machine's business, what they are is ours."""
    text = path.read_text()
    assert not re.search(r"://|file:|--(index|extra-index|find-links|trusted)|\+cpu", text)
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_pins_fit_the_project() -> None:
    """Whoever edits pyproject.toml runs `make pins`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    pins = _pins(PINS["dev"])
    for line in wanted:
        requirement = Requirement(line)
        versions = pins.get(canonicalize_name(requirement.name), [])
        assert any(requirement.specifier.contains(version) for version in versions), line


def test_server_and_client_belong_together() -> None:
    """The server asks for exactly one version of the SDK; ours is that one."""
    assert _pins(PINS["studio"])["label-studio-sdk"] == _pins(PINS["dev"])["label-studio-sdk"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a copy of what the set-up reads, with an environment that looks complete."""
    for name in ("tools", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True)
    setup = runpy.run_path(str(tmp_path / "tools/setup.py"))
    setup["STAMP"].write_text(setup["_state"]())
    return tmp_path


def _set_up(clone: Path) -> Any:
    """Make the environment, without any index to install from."""
    alone = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}
    outside = getattr(sys, "_base_executable", sys.executable)
    command = [outside, "tools/setup.py", "venv"]
    return subprocess.run(
        command, cwd=clone, env=os.environ | alone, capture_output=True, text=True, check=False
    )


def test_a_second_run_does_nothing(clone: Path) -> None:
    """It says nothing, fetches nothing and is quick."""
    begun = time.monotonic()
    done = _set_up(clone)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - begun < 2


def test_other_pins_make_another_environment(clone: Path) -> None:
    """It begins anew, and a failure leaves nothing that looks complete."""
    with (clone / "requirements/dev.txt").open("a") as pins:
        pins.write("# changed\n")
    done = _set_up(clone)
    assert done.returncode == 2
    assert "making .venv" in done.stderr
    assert "error: " in done.stderr
    assert not (clone / ".venv/galley-setup.txt").exists()


def test_a_broken_environment_is_made_again(clone: Path) -> None:
    """The Python that it was made from may be gone."""
    python = clone / ".venv/bin/python"
    python.unlink()
    python.symlink_to(clone / "gone")
    assert "making .venv" in _set_up(clone).stderr


def test_no_folder_of_tests_is_passed_over(pytestconfig: pytest.Config) -> None:
    """By its defaults pytest looks into no folder called build, dist or venv, and says nothing."""
    passed_over = pytestconfig.getini("norecursedirs")
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    names = {part for folder in folders for part in folder.relative_to(ROOT).parts}
    assert "build" in names
    assert not [name for name in names for pattern in passed_over if fnmatch(name, pattern)]
