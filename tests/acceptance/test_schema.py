"""`galley schema check`: what a changed schema does to releases, on the real command line."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from galley.desk import Workspace


@pytest.fixture(scope="session")
def cut(corrected: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the corrected sample with its first release; do not write."""
    folder = tmp_path_factory.mktemp("cut") / "workspace"
    shutil.copytree(corrected, folder)
    Workspace.open(folder).release()
    return folder


@pytest.fixture
def released(cut: Path, tmp_path: Path) -> Path:
    """Return a copy of the corrected sample with its first release."""
    folder = tmp_path / "workspace"
    shutil.copytree(cut, folder)
    return folder


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the schema of a workspace."""
    path = folder / "schema/article.schema.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def check(galley: Any, folder: Path, *options: str, code: int = 0) -> dict[str, Any]:
    """Return what `galley schema check --json` says of the one release."""
    done = galley("schema", "check", "--workspace", folder, "--json", *options)
    assert done.returncode == code, done.stdout + done.stderr
    value = json.loads(done.stdout)
    assert value["ok"] == (code == 0)
    (release,) = value["releases"]
    found: dict[str, Any] = release
    return found


def test_an_unchanged_schema_reads_all(galley: Any, released: Path) -> None:
    """Every row of the release is checked."""
    found = check(galley, released)
    assert (found["readable"], found["changes"], found["level"]) == (True, [], "NONE")
    assert found["rows"] == len(list(Workspace.open(released).records()))


def test_a_field_more_is_read_as_null(galley: Any, released: Path) -> None:
    """It asks for no migration and for a MINOR version."""
    edit(released, lambda d: d["properties"].update(mood={"type": ["string", "null"]}))
    edit(released, lambda d: d["required"].append("mood"))
    found = check(galley, released)
    assert (found["readable"], found["level"], found["migration"]) == (True, "MINOR", False)
    assert [(item["path"], item["kind"]) for item in found["changes"]] == [("mood", "field_added")]


def test_what_the_schemas_leave_open_the_rows_decide(galley: Any, released: Path) -> None:
    """A value that no row has may go; one that rows have may not."""
    statuses = ("adjudicated", "corrected")
    for status, readable in zip(statuses, (True, False), strict=True):
        edit(
            released,
            lambda d, status=status: d["properties"]["annotation"]["properties"]["status"][
                "enum"
            ].remove(status),
        )
        found = check(galley, released, code=0 if readable else 1)
        assert found["readable"] is readable
    assert found["invalid"] == 20
    assert found["issues"][0]["code"] == "schema_enum"
    assert found["migration"]


def test_without_data_files(galley: Any, released: Path) -> None:
    """What the schemas alone cannot tell is not called readable."""
    shutil.rmtree(released / "releases/0.1.0/data")
    assert check(galley, released)["rows"] is None
    edit(released, lambda d: d["properties"]["title"].update(maxLength=10_000))
    assert check(galley, released, code=1)["readable"] is None
    edit(released, lambda d: d["properties"].update(mood={"type": "string"}))
    edit(released, lambda d: d["required"].append("mood"))
    assert check(galley, released, code=1)["readable"] is False


def test_labels_keep_their_numbers(galley: Any, released: Path) -> None:
    """One that moves raises MAJOR; one that rows have and that is gone makes them unreadable."""
    path = released / "schema/entities.yaml"
    path.write_text("version: 1\nlabels:\n  - name: LOC\n  - name: PER\n", encoding="utf-8")
    found = check(galley, released)
    kinds = {item["kind"] for item in found["changes"]}
    assert (found["level"], kinds) == ("MAJOR", {"label_moved", "label_removed"})
    path.write_text("version: 1\nlabels:\n  - name: PER\n", encoding="utf-8")
    found = check(galley, released, code=1)
    assert found["issues"][0]["code"] == "label_unknown"


def test_a_tag_that_is_gone_is_said(galley: Any, released: Path) -> None:
    """The rows stay valid: the schema does not list tags."""
    (released / "schema/tags.yaml").write_text("version: 2\ntags: []\n", encoding="utf-8")
    changes = check(galley, released)["changes"]
    assert {item["kind"] for item in changes} == {"tag_removed"}
    assert "trade" in {item["old"] for item in changes}


def test_against_one(galley: Any, released: Path) -> None:
    """A version, the folder of a release, a schema file; another word is a failure."""
    folder = released / "releases/0.1.0"
    for against in ("0.1.0", str(folder), str(folder / "article.schema.json")):
        assert check(galley, released, "--against", against)["readable"] is True
    for against in ("0.2.0", str(released)):
        done = galley("schema", "check", "--workspace", released, "--against", against)
        assert (done.returncode, "hint:" in done.stderr) == (2, True)


def test_words_for_people(galley: Any, released: Path) -> None:
    """The verdict first, each change with its consequences, the version that follows."""
    edit(released, lambda d: d["properties"].update(mood={"type": "string"}))
    edit(released, lambda d: d["required"].append("mood"))
    done = galley("schema", "check", "--workspace", released)
    assert done.stdout.startswith("0.1.0: cannot be read: 35 of 35 rows are not valid")
    assert "mood: field_demanded: no such field → string" in done.stdout
    assert "need a migration, and schema/migrations/ has none" in done.stdout
    assert "the next version is at least MINOR above it" in done.stdout


def test_no_release_yet(galley: Any, corrected: Path) -> None:
    """There is nothing that could not be read."""
    done = galley("schema", "check", "--workspace", corrected)
    assert (done.returncode, done.stdout) == (0, "there is no release yet\n")


def test_a_damaged_release_proves_nothing(galley: Any, released: Path) -> None:
    """Its rows are not what was released."""
    path = next((released / "releases/0.1.0/data").rglob("*.parquet"))
    path.write_bytes(path.read_bytes() + b"x")
    done = galley("schema", "check", "--workspace", released, "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, "data_damaged")
