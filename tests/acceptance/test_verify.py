"""`galley verify`: exit codes, and what it prints."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from galley.desk import Workspace
from tests.unit.releases.test_signature import write_keys


@pytest.fixture
def path(workspace: Path) -> Path:
    """Return the folder of a release."""
    return Workspace.open(workspace).release().release.path


def test_a_sound_release(galley: Any, path: Path) -> None:
    """Exit code 0, without a workspace."""
    done = galley("verify", path, "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"ok": True, "issues": []})
    assert "everything is as it should be" in galley("verify", path).stdout


@pytest.mark.parametrize("name", ["manifest.json", "DATASHEET.md", "index.jsonl.zst"])
def test_a_flipped_byte(galley: Any, path: Path, name: str) -> None:
    """Exit code 1, the file, what was expected and what is there."""
    data = bytearray((path / name).read_bytes())
    data[len(data) // 2] ^= 1
    (path / name).write_bytes(data)
    done = galley("verify", path, "--json")
    (issue,) = json.loads(done.stdout)["issues"]
    assert (done.returncode, issue["path"]) == (1, name)
    assert issue.keys() == {"path", "code", "expected", "got"}
    assert issue["expected"] != issue["got"]


def test_a_fresh_clone(galley: Any, path: Path) -> None:
    """What cannot be checked is not called sound; the way out is named."""
    shutil.rmtree(path / "data")
    done = galley("verify", path)
    assert done.returncode == 1
    assert "galley release --rebuild 0.1.0" in done.stdout


def test_no_release(galley: Any, tmp_path: Path) -> None:
    """Exit code 2: there is nothing to find something wrong with."""
    for path in (tmp_path, tmp_path / "missing"):
        done = galley("verify", path, "--json")
        assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, "no_release")


def test_a_signed_release(galley: Any, workspace: Path, tmp_path: Path) -> None:
    """`release --sign` and `verify --key`; without a signature, or with another's, exit code 1."""
    private, public = write_keys(tmp_path, "key")
    release = json.loads(galley("release", "--json", "--workspace", workspace).stdout)["path"]
    done = galley("verify", release, "--key", public)
    assert (done.returncode, "signature_missing" in done.stdout) == (1, True)
    assert galley("release", "--sign", private, "--workspace", workspace).returncode == 0
    assert galley("verify", release, "--key", public).returncode == 0
    done = galley("verify", release, "--key", write_keys(tmp_path, "other")[1])
    assert (done.returncode, "signature_invalid" in done.stdout) == (1, True)
    assert galley("verify", release, "--signature", public).returncode == 2
