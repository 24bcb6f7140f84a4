"""The gate: what loads is what the release holds, row by row."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from galley.releases.history import Release
from galley.releases.loader import load_apart
from galley.schema.issue import Issue


@pytest.fixture
def release(workshop: Any, records: list[Any]) -> Release:
    """Return a release."""
    found: Release = workshop.cut(records).release
    return found


def found(release: Release) -> list[Issue]:
    return load_apart(release, str(release.path))


def edit_card(release: Release, change: Any) -> None:
    """Change the YAML of the card."""
    path = release.path / "README.md"
    _, head, body = path.read_text().split("---\n", 2)
    document = yaml.safe_load(head)
    change(document)
    path.write_text(f"---\n{yaml.safe_dump(document, sort_keys=False)}---\n{body}")


def reorder(document: Any) -> None:
    text = json.dumps(document["dataset_info"])
    text = text.replace('"0": "PER", "1": "ORG"', '"0": "ORG", "1": "PER"')
    assert text != json.dumps(document["dataset_info"])
    document["dataset_info"] = json.loads(text)


def stale(document: Any) -> None:
    document["configs"][0]["data_files"][0]["path"] = "data/*/train-*"


def empty(document: Any) -> None:
    document["configs"][0]["data_files"][2]["path"] = "data/none/*"


def merged(document: Any) -> None:
    del document["configs"]
    del document["dataset_info"]


def test_a_sound_release_loads(release: Release) -> None:
    """No finding."""
    assert found(release) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (reorder, "load_features"),
        (stale, "load_failed"),
        (empty, "load_failed"),
        (merged, "load_configs"),
    ],
)
def test_a_card_that_changes_the_data(release: Release, change: Any, code: str) -> None:
    """Reordered labels, a pattern that takes in another file, or none; no configs at all."""
    edit_card(release, change)
    assert found(release)[0].code == code


def test_a_row_that_is_another(release: Release) -> None:
    """One character of one title, in a file that is otherwise right."""
    path = release.path / "data/corrected/train-00000-of-00001.parquet"
    table = pq.read_table(path)
    titles = table["title"].to_pylist()
    titles[0] += "!"
    number = table.schema.get_field_index("title")
    changed = table.set_column(number, table.schema.field(number), pa.array(titles))
    pq.write_table(changed.replace_schema_metadata(table.schema.metadata), path)
    issues = found(release)
    assert {issue.code for issue in issues} == {"load_row"}
    assert Path(issues[0].path.partition(": ")[0]) == release.path
