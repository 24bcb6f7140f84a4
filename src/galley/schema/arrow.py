"""Derive the Arrow schema of a record, which is never guessed from data."""

from typing import Any

import pyarrow as pa

from galley.errors import SchemaError
from galley.schema.contract import Contract

_SCALARS: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}


def arrow_schema(contract: Contract) -> pa.Schema:
    """Return the Arrow schema of the records of `contract`, fields in its order.

    Raises:
        SchemaError: A field has no type that Arrow could hold.
    """
    return pa.schema([_field(name, node, name) for name, node in contract.properties.items()])


def _field(name: str, node: dict[str, Any], where: str) -> "pa.Field[Any]":
    kinds = node.get("type")
    nullable = isinstance(kinds, list) and "null" in kinds
    return pa.field(name, _arrow_type(node, where), nullable=nullable)


def _arrow_type(node: dict[str, Any], where: str) -> pa.DataType:
    kinds = node.get("type")
    names = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind != "null"]
    kind = names[0] if len(names) == 1 else None
    if node.get("x-arrow") == "large_string":
        return pa.large_string()
    if kind == "array" and isinstance(node.get("items"), dict):
        item = _arrow_type(node["items"], f"{where}[]")
        return pa.list_(pa.field("element", item, nullable=False))
    if kind == "object" and node.get("properties"):
        fields = node["properties"].items()
        return pa.struct([_field(name, sub, f"{where}.{name}") for name, sub in fields])
    if kind is not None and kind in _SCALARS:
        return _SCALARS[kind]
    raise SchemaError(
        f"the field {where} of the schema has the type {kinds!r}, which no Parquet column holds",
        code="schema_type",
        hint="use string, integer, number, boolean, array with items, or object with properties",
    )
