"""What people said of a record that has since been merged into another one."""

from dataclasses import replace
from pathlib import Path

from galley.desk import Workspace
from galley.files import append_jsonl
from tests.acceptance.conftest import correct


def test_corrections_follow_the_record(workspace: Path) -> None:
    """The registry of ids says which record became which: what people did is not lost."""
    desk = Workspace.open(workspace)
    record = next(item for item in desk.merged() if item["annotation"]["annotators"] == 0)
    gone = "f" * 32
    desk.ledger.append([replace(correct(record), record_id=gone)])

    def status() -> str:
        found = {item["id"]: item for item in Workspace.open(workspace).merged()}
        return str(found[record["id"]]["annotation"]["status"])

    assert status() != "corrected"
    append_jsonl(desk.layout.identity, [{"id": record["id"], "kind": "alias", "key": gone}])
    assert status() == "corrected"
