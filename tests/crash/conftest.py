"""Workspaces in the states in which commands find them."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from galley.desk import Workspace
from galley.files import write_text
from tests.acceptance.conftest import correct
from tests.conftest import ROOT
from tests.crash.stage import Theatre, theatre

_INPUTS = ("pyproject.toml", "DATASHEET.md", "schema", "build")


@dataclass(frozen=True)
class Case:
    """A command, and the state that it finds.

    Attributes:
        words: What is typed; `@` stands for the workspace's folder.
        prepare: Makes of a fresh workspace the one that it finds.
    """

    words: str
    prepare: Callable[[Path], object] = bool


def build(folder: Path) -> None:
    Workspace.open(folder).build()


def annotated(folder: Path) -> None:
    build(folder)
    desk = Workspace.open(folder)
    desk.ledger.append(map(correct, list(desk.records())[:6]))


def suggested(folder: Path) -> None:
    annotated(folder)
    Workspace.open(folder).suggest()


def released(folder: Path) -> None:
    annotated(folder)
    Workspace.open(folder).release()


def corrected_again(folder: Path) -> None:
    released(folder)
    desk = Workspace.open(folder)
    desk.ledger.append(correct(r, ["sport"], 12) for r in list(desk.records())[:3])


def changed(folder: Path) -> None:
    build(folder)
    raw = sorted(path for path in (folder / "build/raw").rglob("*") if path.is_file())
    raw[0].unlink()
    raw[1].write_bytes(raw[1].read_bytes() + b"\n")


def without_data(folder: Path) -> None:
    released(folder)
    shutil.rmtree(next((folder / "releases").glob("*/data")))


def published(folder: Path) -> None:
    corrected_again(folder)
    desk = Workspace.open(folder)
    to = f"file://{folder.resolve()}/published"
    desk.publish(to=to, confirm=lambda _: True)
    desk.release()
    desk.publish(to=to, confirm=lambda _: True)


CASES = {
    "init": Case("init @/new"),
    "build": Case("build"),
    "build-again": Case("build", changed),
    "build-force": Case("build --force", build),
    "learn": Case("build --learn", build),
    "suggest": Case("suggest", annotated),
    "release": Case("release", annotated),
    "release-next": Case("release", corrected_again),
    "rebuild": Case("release --rebuild", without_data),
    "standoff": Case("release --standoff @/standoff", released),
    "export": Case("export --format jsonl --out @/out", released),
    "report": Case("report --out @/report.html", released),
    "retract": Case("retract ID --reason asked --yes", suggested),
    "publish": Case("publish --to file://@/published --yes", corrected_again),
    "rollback": Case("rollback 0.1.0 --to file://@/published --yes", published),
    "yank": Case("yank 0.1.0 --to file://@/published --yes", published),
}


@pytest.fixture(scope="session")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that returns the workspace that a case begins with; do not write."""
    made: dict[str, Path] = {}

    def base(name: str) -> Path:
        prepare = CASES[name].prepare
        if prepare.__name__ not in made:
            folder = tmp_path_factory.mktemp("base") / "workspace"
            lay_out(folder)
            prepare(folder)
            made[prepare.__name__] = folder
        return made[prepare.__name__]

    return base


def lay_out(folder: Path) -> None:
    """Write a workspace with a few raw files, nothing built."""
    folder.mkdir()
    for name in _INPUTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("out"))
        else:
            shutil.copy(source, folder / name)
    # the name of the ledger's file is drawn at random
    write_text(folder / ".galley/writer", "00000000\n")


@pytest.fixture(scope="session")
def players(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """Yield what runs commands."""
    with theatre(tmp_path_factory.mktemp("theatre")) as running:
        yield running
