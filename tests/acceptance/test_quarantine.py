"""`galley quarantine list | show | replay`, as a maintainer runs them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from galley.desk import Workspace

RAW = "build/raw/harbour-courier"


@pytest.fixture
def refused(built: Path, tmp_path: Path) -> Path:
    """Return a copy of that workspace."""
    return shutil.copytree(built, tmp_path / "workspace")


@pytest.fixture(scope="module")
def built(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace whose build refused four files, two of them alike; do not write."""
    folder = tmp_path_factory.mktemp("quarantine") / "workspace"
    shutil.copytree(sample, folder)
    (folder / RAW / "empty-1.txt").write_bytes(b"")
    (folder / RAW / "empty-2.txt").write_bytes(b"")
    (folder / RAW / "control.txt").write_bytes(b"x" * 900 + b"\x07" + b"y" * 900)
    (folder / RAW / "words.txt").write_bytes(b"bread\nmilk\n")
    Workspace.open(folder).build()
    return folder


def entries(galley: Any, folder: Path) -> dict[str, dict[str, Any]]:
    """Return what `list` knows, by the file's name."""
    value = json.loads(galley("quarantine", "list", "--json", cwd=folder).stdout)
    return {Path(entry["source_file"]).stem: entry for entry in value["entries"]}


def test_list(galley: Any, refused: Path) -> None:
    """A line for each entry with its bytes and reason, then how many of each reason."""
    done = galley("quarantine", "list", cwd=refused)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 4 + 1 + 3 + 1
    assert "empty           0–0     raw/harbour-courier/empty-1.txt: " in done.stdout
    assert lines[5:-1] == ["    2  empty", "    1  binary", "    1  unknown_layout"]


def test_entries_say_what_refused_them(galley: Any, refused: Path) -> None:
    """Reason, bytes, hash of the file, schema, words for a person; and ids of their own."""
    found = entries(galley, refused)
    words = found["words"]
    assert (words["reason"], words["byte_start"], words["byte_end"]) == ("unknown_layout", 0, 11)
    assert words["schema"] == Workspace.open(refused).contract.sha256
    assert words["meaning"]
    assert words["hint"]
    assert len({entry["id"] for entry in found.values()}) == 4


def test_ids_stay(galley: Any, refused: Path) -> None:
    """Another build gives the same ids, and of other bytes another id."""
    before = entries(galley, refused)
    (refused / RAW / "words.txt").write_bytes(b"bread\nmilk\neggs\n")
    (refused / RAW / "other.txt").write_bytes(b"one\n")
    Workspace.open(refused).build()
    after = entries(galley, refused)
    assert {name for name in before if before[name]["id"] == after[name]["id"]} == {
        "empty-1",
        "empty-2",
        "control",
    }


def test_show(galley: Any, refused: Path) -> None:
    """The bytes, with nothing in them that a terminal would obey, why, and what to do."""
    found = entries(galley, refused)
    done = galley(
        "quarantine", "show", found["control"]["id"][:6], found["words"]["id"], cwd=refused
    )
    assert done.returncode == 0
    assert "\x07" not in done.stdout
    assert "binary: The file holds control characters" in done.stdout
    assert "│ ⟦bread\n  │ milk\n  │ ⟧" in done.stdout
    assert "what now  `galley inspect FILE`" in done.stdout


def test_show_what_has_changed(galley: Any, refused: Path) -> None:
    """Bytes of another file are never passed off as those that were refused."""
    number = entries(galley, refused)["words"]["id"]
    (refused / RAW / "words.txt").write_bytes(b"something else")
    done = galley("quarantine", "show", number, cwd=refused)
    assert "has changed since" in done.stdout
    assert "something" not in done.stdout


def test_replay(galley: Any, refused: Path) -> None:
    """What is mended would be read, the rest is still refused; nothing is written."""
    page = (refused / RAW / "tide-clock.txt").read_text(encoding="utf-8")
    (refused / RAW / "words.txt").write_text(page.replace("tide", "sand"), encoding="utf-8")
    (refused / RAW / "empty-2.txt").unlink()
    before = (refused / "build/out/quarantine.jsonl").read_bytes()
    done = galley("quarantine", "replay", "--all", "--json", cwd=refused)
    value = json.loads(done.stdout)
    assert done.returncode == 1
    assert (value["read"], value["refused"], value["gone"]) == (1, 2, 1)
    states = {Path(v["entry"]["source_file"]).stem: v for v in value["verdicts"]}
    assert states["words"] | {"entry": None} == {
        "entry": None, "state": "read", "records": 1, "reason": "", "detail": "", "changed": True,
    }  # fmt: skip
    assert states["control"]["reason"] == "binary"
    assert (refused / "build/out/quarantine.jsonl").read_bytes() == before


def test_replay_of_one(galley: Any, refused: Path) -> None:
    """Named entries only; where all would be read, exit code 0 and the next command."""
    page = (refused / RAW / "tide-clock.txt").read_text(encoding="utf-8")
    number = entries(galley, refused)["words"]["id"]
    (refused / RAW / "words.txt").write_text(page, encoding="utf-8")
    done = galley("quarantine", "replay", number, cwd=refused)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "next: galley build")
    assert "would be read, 1 record" in done.stdout
    Workspace.open(refused).build()
    assert "words" not in entries(galley, refused)


def test_nothing_refused(galley: Any, sample: Path) -> None:
    """An empty quarantine is good news."""
    assert galley("quarantine", "list", cwd=sample).stdout == "nothing is quarantined\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("show ffffffffffff", "no_entry"),
        ("replay", "usage"),
        ("replay --all ffffffffffff", "usage"),
    ],
)
def test_usage(galley: Any, refused: Path, words: str, code: str) -> None:
    """A slip is exit code 2 with a hint."""
    done = galley("quarantine", *words.split(), "--json", cwd=refused)
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (2, code)
    assert error["hint"]


def test_not_built_yet(galley: Any, sample: Path, tmp_path: Path) -> None:
    """Before the first build there is nothing to list."""
    folder = tmp_path / "workspace"
    shutil.copytree(sample, folder, ignore=shutil.ignore_patterns("out"))
    done = galley("quarantine", "list", "--json", cwd=folder)
    assert json.loads(done.stdout)["error"]["code"] == "no_quarantine"


def test_the_limit_of_the_settings_counts(galley: Any, refused: Path) -> None:
    """What was too large stays so in a replay and for inspect, until the limit is raised."""
    config = refused / "pyproject.toml"
    plain = config.read_text(encoding="utf-8")
    limited = "[tool.galley.build]\nmax_bytes = 1500\nmax_quarantine = 1.0\n"
    config.write_text(f"{plain}\n{limited}", encoding="utf-8")
    assert galley("build", cwd=refused).returncode == 0
    large = [entry for entry in entries(galley, refused).values() if entry["reason"] == "too_large"]
    assert large
    path = f"build/{large[0]['source_file']}"
    replay = ("quarantine", "replay", large[0]["id"], "--json")
    assert json.loads(galley(*replay, cwd=refused).stdout)["verdicts"][0]["reason"] == "too_large"
    assert "quarantined: too_large" in galley("inspect", path, cwd=refused).stdout
    config.write_text(plain, encoding="utf-8")
    assert json.loads(galley(*replay, cwd=refused).stdout)["verdicts"][0]["state"] == "read"
