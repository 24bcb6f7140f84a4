"""What every record has, whatever its file was: also the fields that only the schema knows."""

import copy
from typing import Any

from galley.build.extract import extract
from galley.build.source import Source
from galley.schema.check import Checker
from galley.schema.contract import Contract

PAGE = "Ferry to Marlow Sound leaves on Monday\n\n" + "\n\n".join(
    f"The ferry left the quay at {hour} and the council of Marlow Sound said nothing of it, "
    "because nobody had asked the harbour master whether it would come back."
    for hour in ("one", "two", "three", "four", "five")
)


def read(**fields: Any) -> Any:
    """Return what the page gives by a schema that demands more fields."""
    document = copy.deepcopy(Contract.default().document)
    document["properties"] |= fields
    document["required"] += list(fields)
    source = Source("test", languages=("en",))
    return extract("page.txt", PAGE.encode(), source=source, checker=Checker(Contract(document)))


def test_a_field_that_only_the_schema_knows_is_null_or_empty() -> None:
    """Adding one is one edit, in the schema."""
    found = read(mood={"type": ["string", "null"]}, places={"type": "array", "items": {}})
    (record,) = found.records
    assert (record["mood"], record["places"]) == (None, [])


def test_a_field_that_must_have_a_value_quarantines() -> None:
    """Nothing is invented."""
    found = read(mood={"type": "string"})
    assert [entry["reason"] for entry in found.quarantine] == ["schema_required"]
    assert found.records == []
