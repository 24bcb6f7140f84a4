"""What the README says is what happens."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str, *, holding: str) -> str:
    """Return the fenced block of the README that holds a word."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    (found,) = [text for text in blocks if holding in text]
    return str(found)


def test_commands_and_library(galley: Any, tmp_path: Path) -> None:
    """The commands before any server is needed, then the ten lines of the library."""
    lines = block("sh", holding="galley init").splitlines()
    init, build, release = [line.partition("#")[0].split("&&")[0] for line in lines[1:4]]
    assert galley(*init.split()[1:], cwd=tmp_path).returncode == 0
    for line in (build, release):
        assert galley(*line.split()[1:], cwd=tmp_path / "my-dataset").returncode == 0
    environ = {**os.environ, "HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "1"}
    code = block("python", holding="load_dataset") + "\nprint(dataset)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "train: Dataset" in done.stdout


def test_every_path_exists() -> None:
    """What the README's table and pictures name is there."""
    names = re.findall(r"^\| `([^`]+)`", README, re.MULTILINE) + re.findall(
        r"\]\(([^)]+)\)", README
    )
    assert len(names) > 6
    assert [name for name in names if not (ROOT / name).exists()] == []
