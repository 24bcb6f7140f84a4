"""`galley retract`: out of all that follows, and an honest word on what came before."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from galley.desk import Workspace
from galley.manifest import list_files
from galley.releases.packed import unpack
from tests.acceptance.conftest import correct

REASON = "asked for by the publisher"


def git(folder: Path, *words: str) -> None:
    """Run git as nobody in particular."""
    person = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
    subprocess.run(["git", "-C", folder, *person, *words], check=True, capture_output=True)


@pytest.fixture
def released(galley: Any, workspace: Path) -> tuple[Path, str, str]:
    """Return a workspace with a release, suggestions and a history, and one corrected record."""
    desk = Workspace.open(workspace)
    desk.suggest()
    assert galley("release", "--workspace", workspace).returncode == 0
    git(workspace, "init", "-q")
    git(workspace, "add", "-A")
    git(workspace, "commit", "-qm", "all")
    record = next(desk.records())
    return workspace, record["id"], record["text"]


def retract(galley: Any, workspace: Path, name: str, *words: str) -> dict[str, Any]:
    done = galley("retract", name, "--reason", REASON, *words, "--json", "--workspace", workspace)
    assert done.returncode == 0, done.stderr + done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def content(folder: Path) -> dict[str, bytes]:
    paths = [path for path in list_files(folder) if not path.startswith(".git/")]
    return {path: (folder / path).read_bytes() for path in paths}


def test_it_is_in_nothing_that_follows(galley: Any, released: tuple[Path, str, str]) -> None:
    """Records, suggestions, the next release, its rows; the release is a minor one."""
    workspace, name, _ = released
    found = retract(galley, workspace, name, "--yes")
    assert (found["records"], found["events"], found["suggestions"]) == (1, 1, 1)
    desk = Workspace.open(workspace)
    assert name not in {record["id"] for record in desk.records()}
    assert name not in (workspace / "annotations/suggestions.jsonl").read_text()
    assert name not in {event.record_id for event in desk.ledger.events()}
    outcome = desk.release()
    assert str(outcome.release.version) == "0.2.0"
    assert outcome.change is not None
    assert outcome.change.removed == [name]
    assert desk.verify(outcome.path) == []


def test_its_words_are_in_no_file_but_those_named(
    galley: Any, released: tuple[Path, str, str]
) -> None:
    """The ledger's payload is gone; the raw file is what the report names, and what is kept of it."""
    workspace, name, text = released
    found = retract(galley, workspace, name, "--yes")
    sentence = max(text.split("\n\n"), key=len).encode()

    def holding() -> set[str]:
        return {path for path, data in content(workspace).items() if sentence in data}

    (source,) = found["sources"]
    (raw,) = (path for path in holding() if path.endswith(source["file"]))
    assert [path for path in holding() - {raw} if not path.startswith("build/out/.cache/")] == []
    assert any("cut the bytes out and build to erase both" in said for said in found["remains"])
    data = (workspace / raw).read_bytes()
    (workspace / raw).write_bytes(data[: source["byte_start"]] + data[source["byte_end"] :])
    assert galley("build", "--workspace", workspace).returncode == 0
    assert holding() == set()
    ledger = "".join(path.read_text() for path in (workspace / "annotations/ledger").iterdir())
    (line,) = [line for line in ledger.splitlines() if name in line]
    assert set(json.loads(line)) == {"event", "record_id", "kind", "format"}


def test_the_report_that_shows_it_is_named(galley: Any, released: tuple[Path, str, str]) -> None:
    """The page of a release packs its texts, so no search for words would find them there."""
    workspace, name, _ = released
    found = retract(galley, workspace, name, "--yes")
    pages = [str(path) for path in workspace.glob("releases/*/report.html")]
    whole = [
        page
        for page in pages
        if any(name in packed for packed in unpack(Path(page).read_text(encoding="utf-8")))
    ]
    assert whole
    assert {holder["report"] for holder in found["holders"]} == set(whole)
    assert all(any(page in line for line in found["remains"]) for page in whole)


def test_copies_that_people_made_are_named(galley: Any, released: tuple[Path, str, str]) -> None:
    """Exports of every format, a page, a copy in JSON or Parquet; not what has nothing of it."""
    workspace, name, text = released
    formats = ("jsonl", "csv", "conll", "spacy")
    for form in formats:
        words = ("export", "--format", form, "--out", workspace / form, "--workspace", workspace)
        assert galley(*words).returncode == 0
    page = ("--html", workspace / "page.html", "--workspace", workspace)
    assert galley("inspect", name, *page).returncode == 0
    shutil.copytree(workspace / "build/out/records", workspace / "copy")
    (workspace / "note.json").write_text(json.dumps({"words": text}), encoding="utf-8")
    (workspace / "empty.txt").write_text("", encoding="utf-8")
    (workspace / "none.parquet").write_text("none", encoding="utf-8")
    (workspace / "other.txt").write_text("of somebody else", encoding="utf-8")
    found = retract(galley, workspace, name, "--dry-run")
    named = set(found["files"])
    assert {path.split("/")[0] for path in named} == {*formats, "copy", "note.json", "page.html"}
    assert all(any(path in line for line in found["remains"]) for path in named)


def test_a_second_run_changes_no_byte(galley: Any, released: tuple[Path, str, str]) -> None:
    """It says so; and the build after it is up to date."""
    workspace, name, _ = released
    retract(galley, workspace, name, "--yes")
    before = content(workspace)
    assert not retract(galley, workspace, name, "--yes")["done"]
    assert content(workspace) == before
    assert not Workspace.open(workspace).build().fresh


def test_a_dry_run_changes_no_byte(galley: Any, released: tuple[Path, str, str]) -> None:
    """And reports what the real one does."""
    workspace, name, _ = released
    before = content(workspace)
    planned = retract(galley, workspace, name, "--dry-run")
    assert content(workspace) == before
    done = retract(galley, workspace, name, "--yes")
    same = {"done", "dry_run"}
    assert {k: v for k, v in planned.items() if k not in same} == {
        k: v for k, v in done.items() if k not in same
    }


def test_it_does_not_come_back(galley: Any, released: tuple[Path, str, str]) -> None:
    """Not by a forced build, an old build's records, another pull, nor edited or elsewhere."""
    workspace, name, text = released
    old = workspace.parent / "old"
    shutil.copytree(workspace / "build/out", old)
    record = next(record for record in Workspace.open(workspace).records() if record["id"] == name)
    retract(galley, workspace, name, "--yes")
    page = workspace / "build/raw" / "copy.txt"
    page.write_text(f"{record['title']}\n\n{text} Nothing else is new.\n")
    desk = Workspace.open(workspace)
    number = len(list(desk.records()))
    desk.build(force=True)
    assert number == len(list(desk.records()))
    shutil.rmtree(workspace / "build/out")
    old.rename(workspace / "build/out")
    assert name not in {record["id"] for record in desk.records()}
    assert desk.ledger.append([correct(record), correct(record, hour=12)]) == 0


def test_the_old_release_is_named_and_still_sound(
    galley: Any, released: tuple[Path, str, str]
) -> None:
    """It is not touched; its data cannot be made again, and the ledger's head still holds."""
    workspace, name, _ = released
    before = content(workspace / "releases")
    found = retract(galley, workspace, name, "--yes")
    assert content(workspace / "releases") == before
    (holder,) = found["holders"]
    assert holder["version"] == "0.1.0"
    assert Path(holder["data"]).is_file()
    assert len(found["commits"]) == 1
    done = galley("release", "--rebuild", "0.1.0", "--json", "--workspace", workspace)
    error = json.loads(done.stdout)["error"]
    assert (error["code"], done.returncode) == ("rebuild_differs", 2)
    assert name in error["message"]


def test_splits_stay_where_they_were(galley: Any, released: tuple[Path, str, str]) -> None:
    """Of every record that is left, its cluster's too."""
    workspace, name, _ = released
    desk = Workspace.open(workspace)
    first = {entry.id: entry.split for entry in desk.rebuild().release.entries}
    retract(galley, workspace, name, "--yes")
    second = {
        entry.id: entry.split for entry in Workspace.open(workspace).release().release.entries
    }
    assert second == {key: split for key, split in first.items() if key != name}


def test_every_byte_is_still_accounted_for(galley: Any, released: tuple[Path, str, str]) -> None:
    """The bytes of what was taken out are quarantined, as retracted."""
    import pyarrow.parquet as pq

    workspace, name, _ = released
    path = workspace / "build/out/account.parquet"
    before = pq.read_table(path).to_pylist()
    retract(galley, workspace, name, "--yes")
    after = pq.read_table(path).to_pylist()
    places = ("source_file", "byte_start", "byte_end")
    assert [[row[key] for key in places] for row in before] == [
        [row[key] for key in places] for row in after
    ]
    gone = [new for old, new in zip(before, after, strict=True) if old["record_id"] == name]
    assert {(row["part"], row["reason"]) for row in gone} == {("quarantined", "retracted")}
    assert gone
    assert name not in {row["record_id"] for row in after}


def test_without_yes_nothing_happens(galley: Any, released: tuple[Path, str, str]) -> None:
    """Where nobody can be asked; and an unknown id is no record."""
    workspace, name, _ = released
    before = content(workspace)
    done = galley("retract", name, "--reason", REASON, "--workspace", workspace)
    assert (done.returncode, content(workspace)) == (2, before)
    done = galley("retract", "0" * 32, "--reason", REASON, "--yes", "--workspace", workspace)
    assert done.returncode == 2
    assert "no record has the id" in done.stderr


@pytest.mark.parametrize("words", [["build"], ["build", "--dry-run"], ["build", "--force"]])
def test_a_lost_registry_brings_nobody_back(
    galley: Any, released: tuple[Path, str, str], words: list[str]
) -> None:
    """Without it, what was taken out would be built again, and every id be minted anew."""
    workspace, name, _ = released
    retract(galley, workspace, name, "--yes")
    (workspace / "build/identity.jsonl").unlink()
    before = content(workspace)
    done = galley(*words, "--json", "--workspace", workspace)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, "registry_lost")
    assert content(workspace) == before


def test_there_is_a_reason(galley: Any, released: tuple[Path, str, str]) -> None:
    """A blank one is none: it is what those who come later read."""
    workspace, name, _ = released
    done = galley("retract", name, "--reason", " ", "--yes", "--json", "--workspace", workspace)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, "no_reason")
