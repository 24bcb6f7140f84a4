"""Features of a record, derived from the schema."""

import json
from typing import Any

from datasets import ClassLabel, Features, List, Value

from galley.schema.contract import Contract
from galley.schema.features import Codec, derive_features

_LABEL = {"type": "string", "x-vocabulary": "entities"}


def extended(**fields: Any) -> Contract:
    """Return the default schema with more fields."""
    document = json.loads(json.dumps(Contract.default().document))
    document["properties"] |= fields
    return Contract.parse(json.dumps(document), name="extended")


def test_fields_become_features_in_the_order_of_the_schema() -> None:
    """With a ClassLabel where the schema asks for an entity label."""
    features = derive_features(Contract.default(), ["PER", "ORG"])
    assert list(features) == list(Contract.default().properties)
    assert features["text"] == Value("large_string")
    assert features["tags"] == List(Value("string"))
    assert features["entities"].feature["label"] == ClassLabel(names=["PER", "ORG"])


def test_features_survive_the_schema_of_a_parquet_file() -> None:
    """They are in its metadata."""
    codec = Codec(Contract.default(), ("PER", "ORG"))
    assert Features.from_arrow_schema(codec.schema) == codec.features


def test_labels_are_found_at_any_depth() -> None:
    """In a field of their own, in a struct, in a list of lists; null stays null."""
    contract = extended(
        main=_LABEL | {"type": ["string", "null"]},
        topic={"type": "object", "properties": {"label": _LABEL}},
        groups={"type": "array", "items": {"type": "array", "items": _LABEL}},
    )
    codec = Codec(contract, ("PER", "ORG"))
    record = {"entities": [], "main": None, "topic": {"label": "ORG"}, "groups": [["PER"], []]}
    row = codec.encode(record)
    assert row == {"entities": [], "main": None, "topic": {"label": 1}, "groups": [[0], []]}
    assert codec.decode(row) == record
    assert codec.features["groups"] == List(List(ClassLabel(names=["PER", "ORG"])))
