"""`galley suggest` on the corrected sample."""

import json
from pathlib import Path
from typing import Any

import pytest

from galley.desk import Workspace
from galley.schema.vocabulary import load_taxonomy


@pytest.fixture
def taught(workspace: Path) -> Path:
    """Return the corrected sample, with the learned suggester and a list of names."""
    settings = workspace / "pyproject.toml"
    (workspace / "annotations" / "firms.txt").write_text("Ost\n", encoding="utf-8")
    text = settings.read_text(encoding="utf-8").replace(
        "[tool.galley.release]",
        '[tool.galley.suggest]\nsuggesters = ["learned", "gazetteer", "source_tags"]\n'
        'lists = { ORG = ["annotations/firms.txt"] }\nworkers = 2\n\n[tool.galley.release]',
        1,
    )
    settings.write_text(text, encoding="utf-8")
    return workspace


def suggest(galley: Any, workspace: Path, *options: str, code: int = 0) -> dict[str, Any]:
    """Run `galley suggest --json` and return what it says."""
    done = galley("suggest", "--workspace", workspace, "--json", *options)
    assert done.returncode == code, done.stderr
    return dict(json.loads(done.stdout))


def lines(workspace: Path) -> list[dict[str, Any]]:
    """Return the suggestions."""
    path = workspace / "annotations" / "suggestions.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_second_run_does_nothing(galley: Any, taught: Path) -> None:
    """It writes once; a new list, a new correction or a change of the file makes it write again."""
    first = suggest(galley, taught)
    assert (first["corrected"], first["changed"]) == (20, True)
    path = taught / "annotations" / "suggestions.jsonl"
    before = path.read_bytes()
    assert suggest(galley, taught) == {**first, "changed": False}
    path.write_bytes(before + before.splitlines(keepends=True)[0])
    assert suggest(galley, taught) == {**first, "changed": True}
    assert path.read_bytes() == before
    (taught / "annotations" / "firms.txt").write_text("the\n", encoding="utf-8")
    assert suggest(galley, taught)["changed"]


def test_every_line_says_by_whom(galley: Any, taught: Path) -> None:
    """Offsets fit, and for each tag and entity there is who proposed it and how sure."""
    suggest(galley, taught)
    records = {record["id"]: record for record in Workspace.open(taught).records()}
    found = lines(taught)
    assert found
    for line in found:
        text = records[line["record_id"]]["text"]
        assert all(text[e["start"] : e["end"]] == e["text"] for e in line["entities"])
        assert len(line["by"]["entities"]) == len(line["entities"])
        assert len(line["by"]["tags"]) == len(line["tags"])
        assert line["model"].startswith("learned-")
    # everybody left `trade` and a LOC at the start: that is what there was to learn
    assert all("trade" in line["tags"] for line in found)
    assert {name for line in found for name, _ in line["by"]["tags"]} >= {"learned"}


def test_evaluate(galley: Any, taught: Path) -> None:
    """Every suggester has its figures; 20 corrected records are too few, and it says so."""
    found = suggest(galley, taught, "--evaluate", code=1)
    assert (found["records"], found["too_few"]) == (20, True)
    assert list(found["suggesters"]) == ["learned", "gazetteer", "source_tags", "together"]
    tags = found["suggesters"]["source_tags"]["tags"]
    assert 0 <= tags["micro_f1"] <= 1
    assert found["suggesters"]["gazetteer"]["entities"]["exact"]["wanted"] == 20
    told = galley("suggest", "--workspace", taught, "--evaluate")
    assert "too few" in told.stderr
    assert "together" in told.stdout


def test_records_of_one_cluster_stay_together(galley: Any, taught: Path) -> None:
    """The settings' aliases exist; an unknown suggester is refused with the known ones."""
    assert load_taxonomy(taught / "schema" / "tags.yaml").names
    settings = taught / "pyproject.toml"
    text = settings.read_text(encoding="utf-8").replace('"learned",', '"lerned",')
    settings.write_text(text, encoding="utf-8")
    done = galley("suggest", "--workspace", taught, "--json")
    assert done.returncode == 2
    assert "source_tags, gazetteer, learned, spacy" in json.loads(done.stdout)["error"]["message"]
