"""The sample workspace of this repository, as a fresh clone has it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from galley.ledger import Ledger
from tests.conftest import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a copy of what is committed of the sample workspace."""
    made = shutil.ignore_patterns("out", "data", ".*")
    for name in ("build", "schema", "annotations", "releases"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=made)
    for name in ("pyproject.toml", "DATASHEET.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_latest_release_is_made_again_bit_for_bit(galley: Any, clone: Path) -> None:
    """The code as it is makes the bytes of the latest release, and has nothing to add to it."""
    assert galley("build", cwd=clone).returncode == 0
    made = galley("release", "--rebuild", "--json", cwd=clone)
    assert made.returncode == 0, made.stdout
    again = json.loads(galley("release", "--json", cwd=clone).stdout)
    assert again["created"] is False
    verdict = galley("verify", again["path"], "--json", cwd=clone)
    assert json.loads(verdict.stdout) == {"ok": True, "issues": []}


def test_build_is_what_is_committed(galley: Any, clone: Path) -> None:
    """A build mints nothing new: every key of the corpus is in the registry."""
    before = (clone / "build/identity.jsonl").read_bytes()
    galley("build", cwd=clone)
    assert (clone / "build/identity.jsonl").read_bytes() == before


def test_ledger_names_nobody(clone: Path) -> None:
    """The corrections carry a pseudonym, and no address of a person or a server."""
    events = Ledger(clone / "annotations/ledger", writer=clone / "writer").events()
    assert len(events) >= 24
    text = "".join(p.read_text("utf-8") for p in (clone / "annotations/ledger").iterdir())
    assert "@" not in text
    assert "127.0.0.1" not in text
    assert "localhost" not in text
