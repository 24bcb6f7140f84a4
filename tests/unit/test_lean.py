"""What keeps a process small does no harm to it."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from galley.cli.main import call
from galley.schema.arrow import arrow_schema
from galley.schema.contract import Contract
from tests.factory import make_record

_ALONE = """
import sys
from galley.lean import give_back, without_pandas
give_back()
with without_pandas():
    import pyarrow as pa
    pa.array(["a"])
assert "pandas" not in sys.modules
import pandas
assert pa.table({"a": [1]}).to_pandas()["a"].tolist() == [1]
"""
_VALIDATE = """
import sys
from galley.cli.main import call
assert call(["validate", sys.argv[1], "--quiet"]) == 0
assert "pandas" not in sys.modules
"""
_SHARED = """
import sys
from importlib import import_module
from galley.build.engine import _SHARED
for name in _SHARED:
    import_module(name)
assert {"galley.build.extractor", "galley.build.finish"} <= set(sys.modules)
assert "pandas" not in sys.modules
"""
_AGAIN = """
import sys
from galley.cli.main import call
assert call(["build", sys.argv[1], "--out", sys.argv[2], "--quiet"]) == 1
assert not {"numpy", "pyarrow", "pandas"} & set(sys.modules)
"""


def run(code: str, *words: str | Path) -> None:
    """Run `code` in a process of its own."""
    subprocess.run([sys.executable, "-c", code, *words], check=True, timeout=60)


def test_pandas_is_hidden_for_a_while() -> None:
    """Who asks meanwhile does without; who needs it afterwards has it."""
    pytest.importorskip("pandas")
    run(_ALONE)


def test_workers_do_without_pandas() -> None:
    """The process that they are made of, which loads what all of them need, has none."""
    pytest.importorskip("pandas")
    run(_SHARED)


def test_validation_does_without_pandas(tmp_path: Path) -> None:
    """Of Parquet, whose columns are compared with what a schema lists."""
    path = tmp_path / "records.parquet"
    pq.write_table(pa.Table.from_pylist([make_record()], arrow_schema(Contract.default())), path)
    run(_VALIDATE, path)


def test_a_build_with_nothing_new_loads_no_arrays(tmp_path: Path) -> None:
    """To find out that nothing changed takes neither Arrow nor numpy."""
    raw, out = tmp_path / "raw.txt", tmp_path / "out"
    raw.write_text(" \n", encoding="utf-8")
    assert call(["build", str(raw), "--out", str(out), "--quiet"]) == 1
    run(_AGAIN, raw, out)
