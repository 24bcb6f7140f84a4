"""`galley diff`."""

import json
import shutil
from pathlib import Path
from typing import Any

from galley.desk import Workspace
from tests.acceptance.conftest import correct


def test_the_working_state_against_the_newest_release(galley: Any, workspace: Path) -> None:
    """Nothing at first; then what a correction changed, in three forms."""
    before = galley("diff", "--workspace", workspace)
    assert before.stdout.startswith("nothing → 0.1.0, not released yet: a minor change"), before
    galley("release", "--workspace", workspace)
    assert "nothing changed" in galley("diff", "--workspace", workspace).stdout
    desk = Workspace.open(workspace)
    record = next(desk.records())
    desk.ledger.append([correct(record, tags=("water",), hour=11)])
    found = json.loads(galley("diff", "--workspace", workspace, "--json").stdout)
    assert (found["from"], found["to"], found["level"]) == ("0.1.0", ".", "patch")
    assert found["detail"]["tags"] == {"trade": [1, 0], "water": [0, 1]}
    assert found["change"]["changed"] == [record["id"]]
    assert "  `tags`: 1 record\n" in galley("diff", "--workspace", workspace).stdout
    markdown = galley("diff", "--workspace", workspace, "--markdown").stdout
    assert markdown.startswith(
        "## 0.1.0 → 0.1.1, not released yet: a patch change\n\n### Changed\n\n- 1 record"
    )


def test_a_fresh_clone_compares_releases(galley: Any, workspace: Path) -> None:
    """Without records, without Parquet: by the indexes, and it says what it lacks."""
    galley("release", "--workspace", workspace)
    desk = Workspace.open(workspace)
    desk.ledger.append([correct(next(desk.records()), tags=("water",), hour=11)])
    galley("release", "--workspace", workspace)
    shutil.rmtree(workspace / "build/out")
    for version in ("0.1.0", "0.1.1"):
        shutil.rmtree(workspace / "releases" / version / "data")
    done = galley("diff", "0.1.0", "0.1.1", "--workspace", workspace)
    assert done.returncode == 0, done.stderr
    assert "1 record with other tags" in done.stdout
    assert "no Parquet of 0.1.0 and 0.1.1 here" in done.stdout


def test_a_version_that_is_not_there_is_named(galley: Any, workspace: Path) -> None:
    """Exit code 2, with those that are."""
    galley("release", "--workspace", workspace)
    done = galley("diff", "0.3.0", "--workspace", workspace)
    assert done.returncode == 2
    assert "there are 0.1.0" in done.stderr
