"""Records become rows: checked, hashed, each once."""

from typing import Any

import pytest

from galley.errors import ReleaseError
from galley.record import Record
from galley.releases.rows import Rows, collect_rows, hash_row
from galley.schema.features import Codec
from tests.factory import LABELS, contract, find_entity, make_corrected, make_record

CODEC = Codec(contract(), tuple(LABELS.names))


def collect(*records: Record) -> Rows:
    return collect_rows(records, CODEC)


def refused(*records: Record) -> ReleaseError:
    with pytest.raises(ReleaseError) as caught:
        collect(*records)
    return caught.value


def test_a_row_is_the_record() -> None:
    """What is stored is decoded to what came in."""
    record = make_corrected(1)
    row: Any = collect(record).store.take([0]).to_pylist()[0]
    assert [entity["label"] for entity in row["entities"]] == [2, 0]
    assert CODEC.decode(row) == record


def test_an_unknown_label_is_named_with_its_record() -> None:
    """The vocabulary is the only source of numbers."""
    record = make_record(1)
    record["entities"] = [find_entity(record, "Ada Quill", "BOAT")]
    error = refused(record)
    assert error.code == "label_unknown"
    assert record["id"] in error.message
    assert "BOAT" in error.message


def test_a_span_off_by_one_does_not_enter() -> None:
    """As if somebody had counted in UTF-16."""
    record = make_corrected(1)
    record["entities"][0] |= {"start": record["entities"][0]["start"] + 1}
    assert "span_text" in refused(record).message


def test_a_text_that_does_not_fit_its_hash_does_not_enter() -> None:
    """One character is enough."""
    record = make_record(1)
    record["text"] += "!"
    assert "text_hash" in refused(record).message


def test_a_record_that_comes_twice_does_not_enter() -> None:
    """An id is one record."""
    assert refused(make_record(1), make_record(1)).code == "record_twice"


def test_the_row_hash_leaves_changed_in_out_and_takes_the_released_cluster() -> None:
    """It is the same for a row that was not changed, and another in another cluster."""
    record, other = make_record(1), make_record(2)["id"]
    assert hash_row(record) == hash_row(record | {"changed_in": "0.1.0"})
    assert collect(record).entry_hash(0, record["id"]) == hash_row(record)
    assert collect(record).entry_hash(0, other) == hash_row(record | {"cluster": other})
    assert hash_row(record | {"tags": ["x"]}) != hash_row(record)
