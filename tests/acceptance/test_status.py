"""`galley status`: where the dataset stands, told quickly and without a network."""

import json
import os
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from galley.annotations.standing import Standing
from galley.desk import Workspace
from galley.hashing import sha256_text
from galley.manifest import Manifest, hash_files
from galley.schema.arrow import arrow_schema
from galley.schema.contract import Contract
from tests.acceptance.conftest import correct
from tests.conftest import ROOT
from tests.factory import make_id, make_record

RECORDS, EVENTS = 100_000, 20_000


def status(galley: Any, workspace: Path, **environ: str) -> dict[str, Any]:
    """Run the command, which never has findings."""
    done = galley("status", "--json", "--workspace", workspace, **environ)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def stale(found: dict[str, Any]) -> list[str]:
    return [item["what"] for item in found["stale"]]


@pytest.fixture
def workspace(workspace: Path) -> Path:
    """Return the workspace of the other tests; its raw files were just copied, so it is built."""
    assert not Workspace.open(workspace).build().fresh
    return workspace


def pushed(workspace: Path) -> None:
    """Note what a push of everything leaves, as `galley push` does."""
    desk = Workspace.open(workspace)
    Standing.keep(desk.layout, len(list(desk.records())), whole=True)


def test_the_whole_way(galley: Any, workspace: Path, tmp_path: Path) -> None:
    """Each step of the work moves a number, and names the next one."""
    found = status(galley, workspace)
    files, records = found["funnel"]["source_files"], found["funnel"]["records"]
    assert (files, records) == (14, len(list(Workspace.open(workspace).records())))
    assert (found["funnel"]["pushed"], found["funnel"]["corrected"]) == (None, 20)
    assert (stale(found), found["next"]) == ([], "galley release")
    pushed(workspace)
    assert status(galley, workspace)["funnel"]["pushed"] == records
    assert galley("release", "--workspace", workspace).returncode == 0
    found = status(galley, workspace)
    assert (found["release"], found["funnel"]["released"]) == ("0.1.0", records)
    assert (stale(found), found["next"]) == ([], "galley publish")
    place = f"file://{tmp_path / 'out'}"
    assert galley("publish", "--to", place, "--yes", "--workspace", workspace).returncode == 0
    found = status(galley, workspace)
    assert (found["published"], found["funnel"]["published"]) == ({place: "0.1.0"}, records)
    assert (found["next"], found["because"]) == (
        "galley pull",
        f"{records - 20} records wait for annotators",
    )


def test_a_skipped_record_waits_for_nobody(galley: Any, workspace: Path, tmp_path: Path) -> None:
    """It is named, and no more among those that wait for annotators, until somebody annotates it."""
    desk = Workspace.open(workspace)
    pushed(workspace)
    corrected = {event.record_id for event in desk.ledger.events()}
    record = next(record for record in desk.records() if record["id"] not in corrected)
    passed = replace(correct(record, hour=11), kind="skipped", after=None)
    desk.ledger.append([passed])
    galley("release", "--workspace", workspace)
    place = f"file://{tmp_path / 'out'}"
    assert galley("publish", "--to", place, "--yes", "--workspace", workspace).returncode == 0
    found = status(galley, workspace)
    queues = {queue["name"]: queue for queue in found["queues"]}
    assert queues["skipped"]["waiting"] == 1
    assert record["id"][:10] in queues["skipped"]["what"]
    left = found["funnel"]["records"] - found["funnel"]["corrected"] - 1
    assert found["because"] == f"{left} records wait for annotators"
    other = {**passed.origin, "annotation": "other"}
    desk.ledger.append([replace(correct(record, hour=12), origin=other)])
    assert "skipped" not in {queue["name"] for queue in status(galley, workspace)["queues"]}


def test_a_dry_run_publishes_nothing(galley: Any, workspace: Path, tmp_path: Path) -> None:
    """What was only looked at is not noted."""
    galley("release", "--workspace", workspace)
    place = f"file://{tmp_path / 'out'}"
    done = galley("publish", "--to", place, "--dry-run", "--workspace", workspace)
    assert done.returncode == 0
    assert status(galley, workspace)["published"] == {}


def first_raw(workspace: Path) -> Path:
    return min((workspace / "build/raw").rglob("*.txt"))


def edit_raw(workspace: Path) -> None:
    path = first_raw(workspace)
    path.write_bytes(path.read_bytes() + b" ")


def add_raw(workspace: Path) -> None:
    path = first_raw(workspace)
    path.with_name("another.txt").write_bytes(path.read_bytes())


def drop_raw(workspace: Path) -> None:
    first_raw(workspace).unlink()


def edit_schema(workspace: Path) -> None:
    path = workspace / "schema/article.schema.json"
    path.write_text(path.read_text("utf-8").replace("}", "} ", 1), "utf-8")
    document = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(document | {"title": "Another"}), "utf-8")


def edit_settings(workspace: Path) -> None:
    path = workspace / "pyproject.toml"
    path.write_text(
        path.read_text("utf-8") + "\n[tool.galley.build]\nnear_duplicate = 0.8\n", "utf-8"
    )


def edit_tags(workspace: Path) -> None:
    path = workspace / "schema/tags.yaml"
    path.write_text(path.read_text("utf-8") + "\n# a word more\n", "utf-8")


def annotate(workspace: Path) -> None:
    desk = Workspace.open(workspace)
    desk.ledger.append([correct(list(desk.records())[-1], hour=11)])


def edit_title(workspace: Path) -> None:
    path = workspace / "pyproject.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('\ntitle = "', '\ntitle = "Another '), "utf-8")


def blank(workspace: Path) -> None:
    path = workspace / "DATASHEET.md"
    text = path.read_text("utf-8")
    head, _, rest = text.partition("### 2.1 ")
    path.write_text(
        head
        + "### 2.1 "
        + rest.partition("\n")[0]
        + "\n\nNot answered yet\n\n### "
        + rest.partition("\n### ")[2],
        "utf-8",
    )


@pytest.mark.parametrize(
    ("change", "what", "word"),
    [
        (edit_raw, "build", "1 touched since"),
        (add_raw, "build", "1 new"),
        (drop_raw, "build", "1 gone"),
        (edit_schema, "build", "schema"),
        (edit_settings, "build", "near_duplicate"),
        (edit_tags, "push", "tags"),
        (annotate, "release", "1 events"),
        (edit_title, "release", "settings"),
        (blank, "datasheet", "2.1"),
    ],
)
def test_what_is_stale(galley: Any, workspace: Path, change: Any, what: str, word: str) -> None:
    """Each thing that gets out of date is named, with the reason and with what mends it."""
    galley("release", "--workspace", workspace)
    pushed(workspace)
    assert stale(status(galley, workspace)) == []
    change(workspace)
    found = status(galley, workspace)
    (item,) = [item for item in found["stale"] if item["what"] == what]
    assert word in item["why"]
    assert found["next"] == item["command"]


def test_a_touched_file_is_looked_at_once(galley: Any, workspace: Path) -> None:
    """A file that was only written again is no change: a build finds out, and remembers."""
    path = first_raw(workspace)
    path.write_bytes(path.read_bytes())
    assert stale(status(galley, workspace)) == ["build"]
    assert galley("build", "--workspace", workspace).returncode == 0
    assert stale(status(galley, workspace)) == []


def test_what_changes_no_release_is_said_once(galley: Any, workspace: Path) -> None:
    """A comment in the vocabulary: `galley release` finds that nothing changed, and that is kept."""
    galley("release", "--workspace", workspace)
    edit_tags(workspace)
    assert stale(status(galley, workspace)) == ["release"]
    galley("release", "--workspace", workspace)
    assert stale(status(galley, workspace)) == []
    shutil.rmtree(workspace / ".galley")
    assert stale(status(galley, workspace)) == ["release"]


def test_what_no_text_shows(galley: Any, workspace: Path) -> None:
    """Records whose texts are the same, but not their publisher."""
    galley("release", "--workspace", workspace)
    sources = workspace / "build/sources.toml"
    text = sources.read_text("utf-8")
    sources.write_text(text.replace('publisher = "Alpenfenster"', 'publisher = "A. F."'), "utf-8")
    assert galley("build", "--workspace", workspace).returncode == 0
    found = status(galley, workspace)
    assert "records as built" in next(item["why"] for item in found["stale"][-1:])
    assert stale(found)[-1] == "release"


def test_queues(galley: Any, workspace: Path) -> None:
    """What waits for a person is counted; a name without a place in a new text is found."""
    assert [queue["name"] for queue in status(galley, workspace)["queues"]] == ["unmapped_tags"]
    path = next((workspace / "build/out/records").glob("*.parquet"))
    table = pq.read_table(path)
    rows = table.to_pylist()
    known = {event.record_id for event in Workspace.open(workspace).ledger.events()}
    row = next(row for row in rows if row["id"] in known)
    row["text"] = "Nothing of it is left 🚢."
    row["text_sha256"] = sha256_text(row["text"])
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)
    (workspace / "annotations/quarantine.jsonl").write_text('{"origin":{}}\n', "utf-8")
    queues = {queue["name"]: queue["waiting"] for queue in status(galley, workspace)["queues"]}
    assert (queues["reanchor"], queues["annotations"]) == (1, 1)


def test_what_people_disagree_about(galley: Any, workspace: Path) -> None:
    """Two people, two opinions: it waits, unless the policy is that the last one counts."""
    desk = Workspace.open(workspace)
    record = next(desk.records())
    second = replace(correct(record, ("water",), 12), annotator="d4e5f6")
    desk.ledger.append([replace(second, origin={**second.origin, "annotation": "second"})])
    assert "adjudicate" not in [queue["name"] for queue in status(galley, workspace)["queues"]]
    path = workspace / "pyproject.toml"
    merge = '[tool.galley.annotations.merge]\ndefault = "unanimous"\n'
    path.write_text(f"{path.read_text('utf-8')}\n{merge}", "utf-8")
    queues = {queue["name"]: queue["waiting"] for queue in status(galley, workspace)["queues"]}
    assert queues["adjudicate"] == 1
    decided = replace(correct(record, ("water",), 13), kind="adjudicated")
    desk.ledger.append([replace(decided, origin={**decided.origin, "annotation": "decided"})])
    found = status(galley, workspace)
    assert "adjudicate" not in [queue["name"] for queue in found["queues"]]
    assert found["funnel"]["adjudicated"] == 1


def test_nothing_yet(galley: Any, tmp_path: Path) -> None:
    """A new workspace, and one without any raw file, say what to begin with."""
    assert galley("init", tmp_path / "new").returncode == 0
    found = status(galley, tmp_path / "new")
    assert (found["funnel"]["records"], found["next"]) == (None, "galley build")


def test_watch_says_it_again(workspace: Path, galley: Any) -> None:
    """`--watch` prints a line at once, and one more when something has changed."""
    program = Path(os.sys.executable).with_name("galley")  # type: ignore[attr-defined]
    command = [program, "status", "--watch", "--json", "--workspace", workspace]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        first = json.loads(watching.stdout.readline())
        annotate(workspace)
        second = json.loads(watching.stdout.readline())
        watching.terminate()
    assert (first["funnel"]["corrected"], second["funnel"]["corrected"]) == (20, 21)


@pytest.mark.torture
def test_a_hundred_thousand_records(
    galley: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With 100,000 records and 20,000 events it takes half a second, the start-up included."""
    make_large(tmp_path)
    status(galley, tmp_path)  # what the disk has to read is read
    took = min(_seconds(galley, tmp_path) for _ in range(5))
    found = status(galley, tmp_path)
    assert (found["funnel"]["records"], found["funnel"]["corrected"]) == (RECORDS, EVENTS)
    with capsys.disabled():
        print(f"\nstatus of {RECORDS} records: {took:.2f} s")  # noqa: T201 - what the test is for
    assert took < 0.5


def _seconds(galley: Any, workspace: Path) -> float:
    began = time.monotonic()
    status(galley, workspace)
    return time.monotonic() - began


def make_large(folder: Path) -> None:
    """Lay out a workspace as a build of many records leaves it, in the columns that count."""
    (folder / "pyproject.toml").write_text('[tool.galley]\nname = "large"\n', "utf-8")
    subprocess.run(["cp", "-r", ROOT / "schema", folder], check=True)
    schema, out = arrow_schema(Contract.default()), folder / "build/out"
    (out / "records").mkdir(parents=True)
    for part in range(10):
        numbers = range(part * RECORDS // 10, (part + 1) * RECORDS // 10)
        rows = [make_record(n, source_tags=[f"Tag {n % 997}", "Trade"]) for n in numbers]
        table = pa.Table.from_pylist(rows, schema=schema)
        pq.write_table(table, out / f"records/part-{part}.parquet", compression="zstd")
    facts = {"records": RECORDS, "quarantined": 3, "files": 1000}
    Manifest("build", {}, hash_files(out), facts).write(out)
    raw = folder / "build/raw"
    raw.mkdir()
    for number in range(1000):
        (raw / f"{number:04}.txt").touch()
    (folder / "build/sources.toml").write_text('[[source]]\nname = "s"\nfiles = ["raw/*.txt"]\n')
    desk = Workspace.open(folder)
    desk.ledger.append(correct(make_record(n)) for n in range(EVENTS))
    assert make_id(0) in {event.record_id for event in desk.ledger.events(about={make_id(0)})}
