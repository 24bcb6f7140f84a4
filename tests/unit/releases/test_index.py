"""The index of a release."""

from pathlib import Path

import pytest

from galley.errors import ReleaseError
from galley.record import Record
from galley.releases.index import Entry, read_index, write_index
from tests.factory import make_id
from tests.unit.releases.conftest import Workshop

ENTRIES = [
    Entry(make_id(n), make_id(n), "train", version, "0.10.0", "a" * 64, "b" * 64, "corrected")
    for n, version in enumerate(["0.9.0", "0.10.0"])
]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """In the same order, and twice the same bytes."""
    for name in ("a", "b"):
        write_index(tmp_path / name, ENTRIES)
    assert read_index(tmp_path / "a") == ENTRIES
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_order_is_by_version_not_by_letters() -> None:
    """0.9.0 stands before 0.10.0."""
    swapped = [ENTRIES[1], ENTRIES[0]]
    assert sorted(swapped, key=lambda entry: entry.order) == ENTRIES


@pytest.mark.parametrize("data", [b"garbage", b"(\xb5/\xfd garbage", b""])
def test_what_is_no_index_is_an_error(tmp_path: Path, data: bytes) -> None:
    """One error with a hint, whatever is wrong inside."""
    (tmp_path / "index").write_bytes(data)
    with pytest.raises(ReleaseError) as caught:
        read_index(tmp_path / "index")
    assert caught.value.code == "index_unreadable"


def test_an_index_that_was_cut_off_is_an_error(workshop: Workshop, records: list[Record]) -> None:
    """Otherwise the next release would take its records for new."""
    path = workshop.cut(records).release.path / "index.jsonl.zst"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ReleaseError) as caught:
        workshop.cut(records)
    assert caught.value.code.startswith("index_")
