"""Large files are checked by several processes, and nobody can tell by what they find."""

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from galley.errors import GalleyError, SourceError
from galley.schema.arrow import arrow_schema
from galley.schema.contract import Contract
from galley.schema.validate import validate
from tests.factory import make_corrected, make_record

_CHECK = """
import json, sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from galley.schema.contract import Contract
from galley.schema.validate import pool_for, validate
path, contract = Path(sys.argv[1]), Contract.default()
with pool_for(path, contract) as pool:
    assert isinstance(pool, ProcessPoolExecutor) == (sys.platform == "linux")
    print(json.dumps(validate(path, contract, pool=pool).to_json()))
"""
_KILL = """
import os, sys
from galley.errors import GalleyError
from galley.schema.pool import open_pool
try:
    with open_pool(1 << 30) as pool:
        pool.submit(os._exit, 1).result()
except GalleyError as error:
    sys.exit(error.code)
"""


def run(code: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `code` in a process of its own, in which no other thread runs."""
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def rows() -> list[Any]:
    """Return 20 MB of records, some of which are wrong, in the first and in the last million."""
    long = make_record(1, text="A word and another, größer. " * 700)
    wrong = [make_record(7, title=""), make_record(8, tags=3), make_record(9, text_sha256="0" * 64)]
    return [*wrong[:2], *[long] * 1000, make_corrected(3), wrong[2]]


def same(path: Path) -> dict[str, Any]:
    """Return what processes find, which is what threads find: tests run in one of several."""
    done = run(_CHECK, path)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found == validate(path, Contract.default()).to_json()
    return found


def test_lines(tmp_path: Path, rows: list[Any]) -> None:
    """Each issue is at its line, though each piece counts its own; a last line need not end."""
    path = tmp_path / "lines.jsonl"
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join([*lines[:3], "", "NaN", *lines[3:]]), encoding="utf-8")
    found = same(path)
    places = [issue["path"].removeprefix(f"{path}:") for issue in found["issues"]]
    assert places == ["1: $.title", "2: $.tags", "5", f"{len(rows) + 2}: $.text_sha256"]
    assert found["rows"] == len(rows) + 1


def test_columns(tmp_path: Path, rows: list[Any]) -> None:
    """Groups of rows are looked at in their order, several small ones together."""
    path = tmp_path / "table.parquet"
    kept = [row for row in rows if isinstance(row["tags"], list)]
    table = pa.Table.from_pylist(kept, arrow_schema(Contract.default()))
    pq.write_table(table, path, row_group_size=99, compression="none", use_dictionary=False)
    places = [issue["path"].removeprefix(f"{path}:") for issue in same(path)["issues"]]
    assert places == ["1: $.title", f"{len(kept)}: $.text_sha256"]


def test_a_process_that_is_killed() -> None:
    """The command fails with a word for it."""
    done = run(_KILL)
    assert done.stderr.strip() == "worker_killed"


def test_a_failure_goes_to_another_process_whole() -> None:
    """With its code and its hint."""
    error = pickle.loads(pickle.dumps(SourceError("no", code="unreadable", hint="look")))  # noqa: S301 - our own
    assert isinstance(error, GalleyError)
    assert (error.message, error.code, error.hint) == ("no", "unreadable", "look")


def test_another_file_at_the_same_place(tmp_path: Path) -> None:
    """Nothing is known of a file from the last time."""
    path, contract = tmp_path / "table.parquet", Contract.default()
    found = []
    for row in (make_record(1, title=""), make_record(2)):
        table = pa.Table.from_pylist([row] * len(row["title"][:2] or "x"), arrow_schema(contract))
        pq.write_table(table, path)
        report = validate(path, contract)
        found.append((report.rows, report.total))
    assert found == [(1, 1), (2, 0)]
