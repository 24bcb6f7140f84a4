"""`galley release`, and what those who load the release get."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from galley.desk import Workspace
from galley.manifest import list_files
from galley.schema.features import derive_features
from tests.acceptance.conftest import correct

LABELS = ["PER", "ORG", "GPE", "LOC", "NORP", "EVENT", "DATE", "MONEY"]
LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset
path, found = sys.argv[1], {}
for config in [None, *get_dataset_config_names(path)]:
    loaded = load_dataset(path, config)
    for split in loaded.values():
        for row in split:
            for entity in row["entities"]:
                assert row["text"][entity["start"]:entity["end"]] == entity["text"]
    found[str(config)] = {
        name: {"features": split.features.to_dict(), "rows": split.num_rows,
               "statuses": sorted({row["status"] for row in split["annotation"]})}
        for name, split in loaded.items()
    }
print(json.dumps(found))
"""


def release(galley: Any, workspace: Path, *words: object, **env: str) -> dict[str, Any]:
    """Run `galley release` and return what it prints."""
    done = galley("release", *words, "--workspace", workspace, "--json", **env)
    assert done.returncode == 0, done.stdout + done.stderr
    outcome: dict[str, Any] = json.loads(done.stdout)
    return outcome


def load(path: str, home: Path) -> dict[str, Any]:
    """Load each config with `load_dataset` as a user does: another process, nothing cached."""
    env = os.environ | {"HF_HOME": str(home), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", LOAD, path]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def content(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in list_files(folder)}


def test_every_config_and_split_loads(galley: Any, workspace: Path, tmp_path: Path) -> None:
    """With the features of the schema, the labels' names, and no guess outside train."""
    outcome = release(galley, workspace)
    found = load(outcome["path"], tmp_path / "home")
    assert found.pop("None") == found["default"]
    rows = {
        config: {name: split["rows"] for name, split in splits.items()}
        for config, splits in found.items()
    }
    assert rows == outcome["configs"]
    expected = derive_features(Workspace.open(workspace).contract, LABELS).to_dict()
    for config, splits in found.items():
        for name, split in splits.items():
            assert split["features"] == expected
            mixed = config == "all" and name == "train"
            assert split["statuses"] == (["corrected", "source"] if mixed else ["corrected"])
    assert set(rows["default"]) == {"train", "validation", "test"}


def test_while_nothing_is_corrected_all_is_what_loads(
    galley: Any, sample: Path, tmp_path: Path
) -> None:
    """Under no name too; there is a warning, on stderr and in the object."""
    workspace = tmp_path / "workspace"
    shutil.copytree(sample, workspace)
    outcome = release(galley, workspace)
    found = load(outcome["path"], tmp_path / "home")
    assert found["None"] == found["all"]
    assert outcome["configs"] == {"all": {"train": found["all"]["train"]["rows"]}}
    assert "nobody has corrected" in outcome["warnings"][0]


def test_pandas_and_pyarrow_read_the_files(galley: Any, workspace: Path) -> None:
    """Without `datasets`: labels are numbers there, and the metadata says which."""
    path = Path(release(galley, workspace)["path"]) / "data/corrected/train-00000-of-00001.parquet"
    frame = pd.read_parquet(path)
    assert set(frame["changed_in"]) == {"0.1.0"}
    assert frame["entities"][0][0]["label"] == LABELS.index("LOC")
    metadata = json.loads(pq.read_schema(path).metadata[b"huggingface"])
    label = metadata["info"]["features"]["entities"]["feature"]["label"]
    assert label == {"names": LABELS, "_type": "ClassLabel"}


def test_the_example_in_the_card_runs(galley: Any, workspace: Path, tmp_path: Path) -> None:
    """In the release's folder, as it stands there."""
    path = Path(release(galley, workspace)["path"])
    (code,) = re.findall(r"```python\n(.*?)```", (path / "README.md").read_text(), re.DOTALL)
    env = os.environ | {"HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env=env, cwd=workspace, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("LOC ")


def test_a_second_run_changes_nothing(galley: Any, workspace: Path) -> None:
    """And a correction then makes a patch release, which says so."""
    release(galley, workspace)
    before = content(workspace / "releases")
    again = release(galley, workspace)
    assert (again["version"], again["created"]) == ("0.1.0", False)
    assert content(workspace / "releases") == before
    desk = Workspace.open(workspace)
    desk.ledger.append([correct(next(desk.records()), tags=("water",), hour=11)])
    done = galley("release", "--workspace", workspace)
    assert done.stdout.startswith("0.1.1: new\n")
    assert "changed: 1 record with other tags" in done.stdout


def test_the_same_inputs_give_the_same_bytes(galley: Any, workspace: Path, tmp_path: Path) -> None:
    """In another folder, with other workers: no path, no clock, no order of anything."""
    other = tmp_path / "another place"
    shutil.copytree(workspace, other)
    shutil.rmtree(other / "build/out")
    galley("build", "--workspace", other, GALLEY_BUILD_WORKERS="3")
    for folder, epoch in ((workspace, "0"), (other, "0")):
        release(galley, folder, SOURCE_DATE_EPOCH=epoch)
    assert content(workspace / "releases") == content(other / "releases")


def test_a_version_too_low_is_refused(galley: Any, workspace: Path) -> None:
    """Exit code 2, one error that names the version to take."""
    done = galley("release", "--version", "0.0.9", "--workspace", workspace, "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (2, "version_low")
    assert "0.1.0" in error["hint"]
    assert release(galley, workspace, "--version", "1.0.0")["version"] == "1.0.0"


def test_leave_to_move_where_nothing_has_to(galley: Any, workspace: Path) -> None:
    """It moves nothing, and has no say in what was released."""
    release(galley, workspace)
    assert release(galley, workspace, "--allow-move")["created"] is False
    done = galley("release", "--rebuild", "--allow-move", "--workspace", workspace)
    assert done.returncode == 2
    assert "leave out the other options" in done.stderr


def test_a_fresh_clone_makes_the_data_again(galley: Any, workspace: Path) -> None:
    """From the ledger's head of the release, whatever was annotated since."""
    path = Path(release(galley, workspace)["path"])
    before = content(path)
    shutil.rmtree(path / "data")
    desk = Workspace.open(workspace)
    desk.ledger.append([correct(next(desk.records()), tags=("water",), hour=11)])
    outcome = release(galley, workspace, "--rebuild")
    assert (outcome["version"], outcome["created"], outcome["rebuilt"]) == ("0.1.0", False, True)
    assert content(path) == before
    assert release(galley, workspace, "--rebuild", "0.1.0")["configs"] == outcome["configs"]


def test_what_cannot_be_made_again_is_said(galley: Any, workspace: Path) -> None:
    """A raw file changed since: exit code 2, and which input differs."""
    release(galley, workspace)
    page = next(
        path for path in (workspace / "build/raw").rglob("*.txt") if "»" in path.read_text()
    )
    page.write_text(page.read_text().replace(".\n", "!\n"))
    assert galley("build", "--workspace", workspace).returncode == 0
    done = galley("release", "--rebuild", "--workspace", workspace, "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (2, "rebuild_differs")
    assert "records" in error["message"]


def test_without_a_build_there_is_a_hint(galley: Any, workspace: Path) -> None:
    """Exit code 2 and the command to run first."""
    shutil.rmtree(workspace / "build/out")
    done = galley("release", "--workspace", workspace)
    assert done.returncode == 2
    assert "hint: run `galley build` first" in done.stderr


@pytest.fixture(scope="module")
def undisturbed(
    galley: Any, corrected: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[float, dict[str, bytes]]:
    """Return how long a release takes, and what it leaves."""
    workspace = tmp_path_factory.mktemp("undisturbed") / "workspace"
    shutil.copytree(corrected, workspace)
    begun = time.perf_counter()
    release(galley, workspace)
    return time.perf_counter() - begun, content(workspace / "releases")


@pytest.mark.parametrize("share", [0.6, 0.8, 0.9, 0.97])
def test_a_killed_run_can_be_run_again(
    galley: Any, workspace: Path, undisturbed: tuple[float, dict[str, bytes]], share: float
) -> None:
    """Killed after a share of its time: the next run ends where an undisturbed one does."""
    took, expected = undisturbed
    command = [Path(sys.executable).with_name("galley"), "release", "--workspace", workspace, "-q"]
    process = subprocess.Popen(command)
    try:
        process.wait(took * share)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    release(galley, workspace)
    assert content(workspace / "releases") == expected
