"""Tests for reading Parquet."""

from pathlib import Path

import pyarrow as pa
import pytest

from galley.errors import WorkspaceError
from galley.hashing import sha256_text
from galley.parquet import open_parquet, read_batches, read_table, write_table


def test_batches_hold_what_the_table_holds(tmp_path: Path) -> None:
    """Read piece by piece or at once, it is the same, over files and row groups."""
    schema = pa.schema([("n", pa.int64())])
    for part in range(2):
        with open_parquet(tmp_path / f"part-{part}.parquet", schema) as writer:
            for start in (0, 7):
                rows = [{"n": 100 * part + start + n} for n in range(7)]
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
    batches = list(read_batches(tmp_path, 3))
    assert max(map(len, batches)) == 3
    assert pa.Table.from_batches(batches) == read_table(tmp_path)


def test_texts_are_written_with_their_lengths(tmp_path: Path) -> None:
    """Columns that never recur take less without a dictionary, and read the same."""
    table = pa.table(
        {"id": [sha256_text(str(n)) for n in range(5000)], "n": [[n] for n in range(5000)]}
    )
    paths = [tmp_path / "recurring.parquet", tmp_path / "apart.parquet"]
    for path, recurring in zip(paths, (True, False), strict=True):
        with open_parquet(path, table.schema, recurring=recurring) as writer:
            writer.write_table(table)
        assert read_table(path) == table
    assert paths[1].stat().st_size < paths[0].stat().st_size


def test_a_damaged_page_is_a_failure_in_words(tmp_path: Path) -> None:
    """What breaks while rows are read says which file to make again."""
    path = tmp_path / "part.parquet"
    write_table(path, pa.table({"text": [f"{n} words" for n in range(1000)]}))
    data = bytearray(path.read_bytes())
    data[10:200] = bytes(190)
    path.write_bytes(data)
    with pytest.raises(WorkspaceError, match=r"part\.parquet") as caught:
        list(read_batches(path, 100))
    assert caught.value.code == "parquet_unreadable"
