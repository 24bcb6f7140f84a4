"""Croissant, citation and licence: what they say is what the release says."""

import json
from pathlib import Path
from typing import Any

import mlcroissant
import pytest
import yaml

from galley.config import Config, ReleaseConfig
from galley.record import Record
from tests.conftest import ROOT
from tests.factory import LABELS
from tests.unit.releases.conftest import Workshop

# Of the libraries below mlcroissant, on every use.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
SHEET = (ROOT / "DATASHEET.md").read_text(encoding="utf-8")


@pytest.fixture
def release(workshop: Workshop, records: list[Record]) -> Path:
    records[0]["license"] = None
    config = Config(name="sample", release=ReleaseConfig(title="A sample", license="CC0-1.0"))
    return workshop.cut(records, config=config, datasheet=SHEET).release.path


def croissant(release: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((release / "croissant.json").read_text(encoding="utf-8"))
    return document


def test_mlcroissant_has_nothing_to_say(release: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Neither an error nor a warning, on the structure, the context or the files."""
    dataset = mlcroissant.Dataset(release / "croissant.json")
    assert dataset.metadata.ctx.issues.report() == ""
    assert caplog.messages == []
    assert dataset.metadata.ctx.conforms_to.value == "http://mlcommons.org/croissant/1.1"


def test_mlcroissant_reads_the_records(release: Path) -> None:
    """Every file by its hash, every row; the labels' numbers have their names."""
    dataset = mlcroissant.Dataset(release / "croissant.json")
    names = [item["@id"] for item in croissant(release)["recordSet"]]
    labels = [row["labels/name"] for row in dataset.records("labels")]
    assert [str(name) for name in labels] == LABELS.names
    ids = [row[f"{name}/id"] for name in names[1:] for row in dataset.records(name)]
    assert len(set(ids)) == 20


def test_a_changed_file_is_not_read(release: Path) -> None:
    """The hash in the Croissant file is that of the data file."""
    document = croissant(release)
    document["distribution"][0]["sha256"] = "0" * 64
    (release / "croissant.json").write_text(json.dumps(document))
    name = document["recordSet"][1]["@id"]
    with pytest.raises(Exception, match=r"(?i)hash|sha256|generation"):
        next(iter(mlcroissant.Dataset(release / "croissant.json").records(name)))


def test_the_datasheet_speaks_for_responsible_ai(release: Path) -> None:
    """With its figures filled in; what is not answered is left out."""
    document = croissant(release)
    assert "Galley's own gazetteer" in document["rai:dataCollection"]
    assert "{{" not in json.dumps(document)
    assert document["rai:annotationsPerItem"] == "1"


def test_a_blank_answer_is_no_statement(workshop: Workshop, records: list[Record]) -> None:
    sheet = SHEET.replace("Not on purpose. Names", "Not answered yet. Names")
    path = workshop.cut(records, datasheet=sheet).release.path
    assert "Not answered" not in (path / "croissant.json").read_text()


def test_how_to_cite_it_and_what_is_allowed(release: Path) -> None:
    """The licences of the records stand beside that of the whole."""
    citation = yaml.safe_load((release / "CITATION.cff").read_text())
    assert (citation["version"], citation["license"]) == ("0.1.0", "CC0-1.0")
    assert (citation["type"], citation["title"]) == ("dataset", "A sample")
    text = (release / "LICENSE.md").read_text()
    assert "| [CC0-1.0](<https://spdx.org/licenses/CC0-1.0.html>) | 19 |" in text
    assert "| none stated | 1 |" in text
