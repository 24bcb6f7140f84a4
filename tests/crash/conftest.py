"""Workspaces in the states in which commands find them."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from galley.annotations.pseudonym import Pseudonyms
from galley.desk import Workspace
from galley.files import write_text
from tests.acceptance.conftest import correct
from tests.acceptance.test_adopt import annotation, region, task
from tests.conftest import ROOT
from tests.crash.stage import Theatre, theatre

ANN, BOB = "ann@example.org", "bob@example.org"
_INPUTS = ("pyproject.toml", "DATASHEET.md", "schema", "build")


@dataclass(frozen=True)
class Case:
    """A command, and the state that it finds.

    Attributes:
        words: What is typed; `@/` stands for the workspace's folder.
        prepare: Makes of a fresh workspace the one that it finds.
        codes: How it may end, undisturbed or run again.
        drawn: Files that hold what was drawn at random.
        check: Raises unless what they hold is as it should be in the end.
    """

    words: str
    prepare: Callable[[Path], object] = bool
    codes: tuple[int, ...] = (0,)
    drawn: tuple[str, ...] = ()
    check: Callable[[Path], object] = bool


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


def keyed(folder: Path) -> Pseudonyms:
    """Open the pseudonyms; the key is drawn at the first time."""
    desk = Workspace.open(folder)
    key = desk.layout.private / "annotator.key"
    return Pseudonyms.open(key, desk.layout.annotator_fingerprint)


def exported(folder: Path) -> None:
    """Write an export: a record's text, one that no record has, and what does not fit."""
    build(folder)
    text = next(Workspace.open(folder).records())["text"]
    ann, bob = ({"id": n, "email": name} for n, name in enumerate((ANN, BOB), 1))
    tasks = [
        task(1, annotation(1, region(0, 3, text[:3]), by=ann), annotation(2, by=bob), text=text),
        task(2, annotation(3, was_cancelled=True, by=ann), annotation(4, by=bob)),
        task(3, annotation(5, region(0, 3, "Teh"), by=bob)),
    ]
    (folder / "export.json").write_text(json.dumps(tasks), encoding="utf-8")


def known(folder: Path) -> None:
    """As exported, where the annotators' key is there already."""
    exported(folder)
    keyed(folder)


def adopted(folder: Path) -> None:
    known(folder)
    Workspace.open(folder).adopt(folder / "export.json")


def check_people(folder: Path) -> None:
    """The key gives each person the pseudonym under which the ledger has the work."""
    pseudonyms = keyed(folder)
    said = {event.annotator for event in Workspace.open(folder).ledger.events()}
    assert said == {pseudonyms.of(name) for name in (ANN, BOB)}


def check_forgotten(folder: Path) -> None:
    """Nothing leads from the address to the work, and all of it is there."""
    pseudonyms = keyed(folder)
    said = {event.annotator for event in Workspace.open(folder).ledger.events()}
    assert len(said) == 2
    assert pseudonyms.of(ANN) not in said
    assert pseudonyms.of(BOB) in said
    private = [path.name for path in (folder / ".galley").iterdir()]
    assert "annotator.next" not in private
    (table,) = json.loads((folder / "annotations/annotators.json").read_text()).values()
    assert len(table) == 1


def apart(folder: Path) -> None:
    released(folder)
    Workspace.open(folder).standoff(folder / "standoff")


_KEY = ("annotations/annotator-key.fingerprint",)
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
    "rejoin": Case("rejoin @/standoff --out @/own.jsonl", apart),
    "inspect": Case("inspect ID --html @/record.html", annotated),
    "datasheet": Case("datasheet --confirm 2.1", build),
    "adopt": Case("adopt @/export.json", known, codes=(0, 1), check=check_people),
    "adopt-first": Case(
        "adopt @/export.json",
        exported,
        codes=(0, 1),
        drawn=(*_KEY, "annotations/ledger/00000000.jsonl"),
        check=check_people,
    ),
    "forget": Case(
        f"forget {ANN} --keep {BOB} --yes",
        adopted,
        drawn=(*_KEY, "annotations/annotators.json"),
        check=check_forgotten,
    ),
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
