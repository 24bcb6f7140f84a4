"""One contract: what is derived from the schema, and what is checked by it."""

import copy
from typing import Any

import jsonschema
import pyarrow as pa
import pytest

from galley.errors import SchemaError
from galley.schema.arrow import arrow_schema
from galley.schema.check import Checker
from galley.schema.contract import Contract
from tests.factory import make_record

CHECKER = Checker(Contract.default())


def issues(**changes: Any) -> list[str]:
    """Return the codes of what is wrong with a record that has `changes`."""
    return [issue.code for issue in CHECKER.issues(make_record(**changes))]


def test_a_record_fits_the_arrow_schema() -> None:
    """The Arrow schema takes a valid record and gives it back unchanged."""
    record = make_record()
    table = pa.Table.from_pylist([record], schema=arrow_schema(Contract.default()))
    assert table.to_pylist() == [record]
    assert table.schema.field("text").type == pa.large_string()
    assert not table.schema.field("tags").nullable


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "x"}, "schema_pattern"),
        ({"tags": None}, "schema_type"),
        ({"surprise": 1}, "schema_additionalProperties"),
        ({"published": "yesterday"}, "schema_pattern"),
        ({"text_sha256": "0" * 64}, "text_hash"),
        ({"entities": [{"start": 0, "end": 1, "label": "PER", "text": "?"}]}, "span_text"),
        ({"entities": [{"start": 0, "end": 9999, "label": "PER", "text": "?"}]}, "span_range"),
        ({"subheads": [{"start": 5, "end": 5}]}, "span_range"),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, Any], code: str) -> None:
    """Every rule, of the schema or beyond it, has a code of its own."""
    assert code in issues(**changes)


def test_valid_record_has_no_issue() -> None:
    """The factory's record is valid."""
    assert issues() == []


def test_both_validators_agree() -> None:
    """The fast validator and the one that explains give one verdict on broken records."""
    slow = jsonschema.Draft202012Validator(CHECKER.contract.document)
    for name in CHECKER.contract.properties:
        for value in (None, "", 3, [], {}, ["x"], [None], {"start": 0}):
            record = {**make_record(), name: value}
            assert CHECKER._fast.is_valid(record) == slow.is_valid(record), (name, value)


def test_type_that_no_column_holds() -> None:
    """A field that Parquet cannot hold is refused by name."""
    document = copy.deepcopy(Contract.default().document)
    document["properties"]["odd"] = {"type": ["string", "integer"]}
    with pytest.raises(SchemaError, match="odd"):
        arrow_schema(Contract(document))
