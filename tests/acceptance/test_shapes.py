"""What commands print with `--json` is what the reference says.

Every call of a command with `--json` in any test is held against it (`check_shape` in conftest);
here those commands run that need no server, in the ways that print different things.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import jsonschema_rs
import pytest

from galley.desk import Workspace
from tests.acceptance.test_cli import _commands
from tests.acceptance.test_staged import git
from tests.conftest import check_shape
from tools.shapes import load, schema


def test_every_command_has_a_shape() -> None:
    """None is forgotten, and none is left over."""
    leaves = {n for n, c in _commands().items() if not isinstance(c, click.Group)}
    assert set(load()["commands"]) == leaves


def test_every_type_is_used() -> None:
    """By a command or by another type."""
    document = load()
    said = json.dumps([document["commands"], list(document["types"].values())])
    assert [name for name in document["types"] if name not in said and name != "Error"] == []


def _calls(place: Path, record: str, entry: str) -> Iterator[list[str]]:
    yield from (["build", "--profile"], ["build", "--learn"], ["status"], ["suggest"])
    yield from (["inspect", record], ["inspect", record, "--html", f"{place}/r.html"])
    yield from (["quarantine", "list"], ["quarantine", "show", entry])
    yield ["quarantine", "replay", "--all"]
    yield from (["agreement"], ["datasheet"], ["diff"], ["release", "--dry-run"], ["release"])
    yield ["release", "--standoff", f"{place}/standoff"]
    yield ["rejoin", f"{place}/standoff", "--out", f"{place}/joined.jsonl"]
    yield from (["report"], ["export", "--format", "jsonl", "--out", f"{place}/export"])
    yield from (["validate", "build/out/records"], ["validate", "--staged"], ["schema", "check"])
    yield ["publish", "--to", f"file://{place}/hub", "--yes"]
    yield from (["run", "--dry-run"], ["retract", record, "--reason", "asked", "--dry-run"])
    yield ["forget", "a1b2c3", "--dry-run"]
    yield from (["studio", "status"], ["studio", "down"])


# They need no workspace.
_ELSEWHERE = (
    *(["init", "{place}/new"], ["verify", "releases/0.1.0"], ["studio", "install", "--dry-run"]),
    *(["completion", "bash"], ["rollback", "0.1.0", "--to", "file://{place}/hub", "--dry-run"]),
    *(["inspect", "build/raw/harbour-courier/tag-water.txt"], ["yank", "0.1.0"]),
)


def test_the_real_output(galley: Any, workspace: Path, tmp_path: Path) -> None:
    """Of every command that needs no server; the fixture holds it against its shape."""
    (workspace / "build/raw/harbour-courier/page-broken.txt").write_bytes(b"a\0b")
    Workspace.open(workspace).build()
    git(workspace, "init", "-q")
    git(workspace, "add", "-A")
    desk, said = Workspace.open(workspace), []
    record = next(desk.records())["id"]
    (entry,) = desk.quarantine.entries()
    for words in (*_calls(tmp_path, record, entry.id), *_ELSEWHERE):
        words = [word.replace("{place}", str(tmp_path)) for word in words]  # noqa: PLW2901
        done = galley(*words, "--json", cwd=workspace)
        assert done.returncode in {0, 1} or words[0] == "yank", (words, done.stdout)
        said.append(words[0])
    served = {"push", "pull", "adopt"}  # held against their shapes where there is a server
    assert {name.split()[0] for name in load()["commands"]} - set(said) == served


def test_another_shape_is_noticed(galley: Any, tmp_path: Path) -> None:
    """A field more, a field less, another type."""
    done = galley("completion", "fish", "--json")
    found = json.loads(done.stdout)
    for other in (found | {"more": 1}, {"shell": "fish"}, found | {"shell": 1}):
        assert not jsonschema_rs.is_valid(schema("completion"), other)
        done.stdout = json.dumps(other)
        with pytest.raises(pytest.fail.Exception):
            check_shape(["completion", "fish", "--json"], done)
