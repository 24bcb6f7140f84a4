"""What the tests of the commands share: the sample corpus, built and partly corrected."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from galley.desk import Workspace
from galley.ledger import Event
from galley.record import Record, Span, make_entity
from tests.conftest import ROOT

_INPUTS = ("pyproject.toml", "DATASHEET.md", "schema", "build")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with the sample corpus, built; do not write into it."""
    folder = tmp_path_factory.mktemp("sample") / "workspace"
    for name in _INPUTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("out"))
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy(source, folder / name)
    Workspace.open(folder).build()
    return folder


@pytest.fixture(scope="session")
def corrected(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample with 20 records corrected, as `galley pull` does it; do not write."""
    folder = tmp_path_factory.mktemp("corrected") / "workspace"
    shutil.copytree(sample, folder)
    desk = Workspace.open(folder)
    desk.ledger.append(map(correct, list(desk.records())[:20]))
    return folder


@pytest.fixture
def workspace(corrected: Path, tmp_path: Path) -> Path:
    """Return a copy of the corrected sample."""
    folder = tmp_path / "workspace"
    shutil.copytree(corrected, folder)
    return folder


def correct(record: Record, tags: Iterable[str] = ("trade",), hour: int = 10) -> Event:
    """Return the event of a person who left one entity and `tags` on `record` at `hour`."""
    entity = make_entity(record["text"], Span(0, 3), label="LOC")
    return Event(
        kind="annotated",
        record_id=record["id"],
        text_sha256=record["text_sha256"],
        annotator="a1b2c3",
        at=f"2024-05-03T{hour:02}:00:00.000000Z",
        lead_time=12.5,
        origin={"server": "s", "project": 1, "task": 1, "annotation": record["id"]},
        suggestion=None,
        before=None,
        after={"tags": list(tags), "entities": [entity]},
        guideline="1",
        taxonomy="1",
    )
