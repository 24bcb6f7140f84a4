"""`galley build --learn`, as a maintainer runs it."""

import json
from pathlib import Path
from typing import Any

import pytest

PLUG = "Sitora venka luma porti an, e nasa bilko ventra somi para telu."
STORIES = ("bridge", "harbour", "school", "market", "museum", "tower")


@pytest.fixture
def desk(galley: Any, tmp_path: Path) -> Path:
    """Return a workspace with six pages that say the same thing in the middle."""
    folder = tmp_path / "desk"
    assert galley("init", folder).returncode == 0
    raw = folder / "build/raw/plain"
    raw.mkdir()
    for number, thing in enumerate(STORIES):
        add(raw, thing, number)
    (folder / "build/sources.toml").write_text(
        '[[source]]\nname = "plain"\nfiles = ["raw/plain/*.txt"]\nlanguages = ["en"]\n', "utf-8"
    )
    return folder


def add(raw: Path, thing: str, number: int) -> None:
    """Write a page."""
    first = f"The {thing} was opened on the {number + 2}th of May, and {number + 30} people came to see it. "
    last = f"Nobody knows who will pay for the {thing}, said one of the {number + 3} neighbours. "
    title = f"A new {thing} for the old town of the {number + 4} rivers"
    text = "\n\n".join((title, title, first * 2, PLUG, last * 2))
    (raw / f"{thing}.txt").write_text(text, encoding="utf-8")


def texts(galley: Any, desk: Path) -> str:
    """Build and return all texts."""
    from galley.desk import Workspace

    result = galley("build", "--workspace", desk, "--json")
    assert result.returncode == 0, result.stderr
    return "\n".join(record["text"] for record in Workspace.open(desk).records())


def test_learn_then_build(galley: Any, desk: Path) -> None:
    """Learning says what it found and builds nothing; the next build reads it, once."""
    assert texts(galley, desk).count(PLUG) == 6
    result = galley("build", "--learn", "--workspace", desk)
    assert result.returncode == 0, result.stderr
    assert "plain: 1 lines stand with 3 or more of 6 articles" in result.stdout
    assert PLUG in result.stdout
    profile = (desk / "build/profiles/plain.json").read_bytes()
    assert PLUG not in texts(galley, desk)
    assert "up to date" in galley("build", "--workspace", desk).stdout
    assert galley("build", "--learn", "--workspace", desk, "--quiet").stdout == ""
    assert (desk / "build/profiles/plain.json").read_bytes() == profile
    (desk / "build/profiles/plain.json").unlink()
    assert texts(galley, desk).count(PLUG) == 6


def test_json(galley: Any, desk: Path) -> None:
    """One object, with each source."""
    result = galley("build", "--learn", "--workspace", desk, "--json")
    (source,) = json.loads(result.stdout)["sources"]
    assert (source["source"], source["files"], source["lines"]) == ("plain", 6, 1)
    assert source["quotes"] == [PLUG]


def test_inspect_says_so(galley: Any, desk: Path) -> None:
    """The line is boilerplate because other pages say it."""
    assert galley("build", "--learn", "--workspace", desk).returncode == 0
    page = desk / "build/raw/plain/tower.txt"
    told = galley("inspect", page, "--workspace", desk).stdout
    assert f"[boilerplate: repeated] {PLUG}" in told
    assert "1 line of no article" in told
    shown = json.loads(galley("inspect", page, "--workspace", desk, "--json").stdout)
    repeated = [piece["part"] for piece in shown["slices"] if piece["repeated"]]
    assert repeated == ["boilerplate"]


def test_an_old_profile_is_a_warning(galley: Any, desk: Path) -> None:
    """A build says that most files are new since, and goes on."""
    assert galley("build", "--learn", "--workspace", desk).returncode == 0
    for number, thing in enumerate(("mill", "ferry", "well", "park", "farm", "wall", "gate")):
        add(desk / "build/raw/plain", thing, number + 9)
    result = galley("build", "--workspace", desk)
    assert result.returncode == 0
    assert "the profile of plain is old, 54% of its files are new" in result.stderr


def test_learning_is_for_a_workspace(galley: Any, desk: Path) -> None:
    """With a PATH there is no source to learn of; a broken profile ends a build."""
    assert galley("build", desk, "--learn").returncode == 2
    (desk / "build/profiles").mkdir()
    (desk / "build/profiles/plain.json").write_text("{", "utf-8")
    result = galley("build", "--workspace", desk, "--json")
    assert json.loads(result.stdout)["error"]["code"] == "profile_unreadable"
