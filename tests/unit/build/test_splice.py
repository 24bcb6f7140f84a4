"""Parquet files are joined without a look at their rows."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pytest

from galley.build.account import ACCOUNT
from galley.build.splice import splice
from galley.errors import WorkspaceError
from galley.parquet import open_parquet, read_table


def rows(number: int, first: int) -> pa.Table:
    """Return rows of an account."""
    places = range(first, first + number)
    row = {"text_start": 0, "text_end": None, "reason": None, "part": "text"}
    return pa.Table.from_pylist(
        [
            {**row, "source_file": f"{n // 9}.txt", "record_id": f"{n:032x}"}
            | {"byte_start": n, "byte_end": n + 1}
            for n in places
        ],
        ACCOUNT,
    )


def write(path: Path, groups: list[pa.Table]) -> Path:
    """Write row groups to `path` by one writer."""
    with open_parquet(path, ACCOUNT) as writer:
        for group in groups:
            writer.write_table(group, row_group_size=len(group))
    return path


def opened(paths: list[Path]) -> Iterator[BinaryIO]:
    """Yield the file at each path, open until the next is asked for."""
    for path in paths:
        with path.open("rb") as file:
            yield file


@pytest.mark.parametrize("sizes", [[[7]], [[300, 5], [], [1]], [[9] * 14, [8]], [[99] * 20] * 9])
def test_the_bytes_are_those_of_one_writer(tmp_path: Path, sizes: list[list[int]]) -> None:
    """Few row groups and many, and files without any: as if pyarrow had written them all."""
    first = count(step=1000)
    groups = [[rows(size, next(first)) for size in own] for own in sizes]
    pieces = [write(tmp_path / f"{n}.parquet", own) for n, own in enumerate(groups)]
    whole = write(tmp_path / "whole.parquet", [group for own in groups for group in own])
    splice(tmp_path / "joined.parquet", opened(pieces))
    assert (tmp_path / "joined.parquet").read_bytes() == whole.read_bytes()
    assert read_table(tmp_path / "joined.parquet").num_rows == sum(map(sum, sizes))


@pytest.mark.parametrize("cut", [slice(0, 0), slice(0, -1), slice(0, 40), slice(-60, None)])
def test_a_damaged_piece_is_a_failure_in_words(tmp_path: Path, cut: slice) -> None:
    """What is no whole Parquet file is named, and nothing takes the place of the old file."""
    whole = write(tmp_path / "whole.parquet", [rows(50, 0)])
    (tmp_path / "cut.parquet").write_bytes(whole.read_bytes()[cut])
    with pytest.raises(WorkspaceError, match=r"cut\.parquet") as caught:
        splice(tmp_path / "joined.parquet", opened([whole, tmp_path / "cut.parquet"]))
    assert caught.value.code == "parquet_unreadable"
    assert not list(tmp_path.glob("*joined*"))
