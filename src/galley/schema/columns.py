"""Compare the columns of somebody's Parquet file with the fields of a contract."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.types as pt

from galley.nearest import find_nearest
from galley.schema.contract import Contract
from galley.schema.issue import Issue

# From a record to one of its values: names of fields, None for each item of a list.
Steps = tuple[str | None, ...]


def compare_columns(
    schema: pa.Schema, contract: Contract, features: Any
) -> Iterator[tuple[str, Issue]]:
    """Yield the name of each column that is not as it should be, and what is wrong with it.

    Which integers and strings the file holds does not matter: large or not, of 32 bits or 64.

    Args:
        schema: Of the file.
        contract: What it should hold.
        features: Hugging Face's, as JSON: where labels are stored as their numbers.
    """
    for name in sorted({name for name in schema.names if schema.names.count(name) > 1}):
        yield name, Issue(f"$.{name}", "column_twice", "one column", str(schema.names.count(name)))
    for issue in _compare_names(contract.document, set(schema.names), "$"):
        yield issue.path.removeprefix("$."), issue
    for name, node in contract.properties.items():
        if schema.names.count(name) == 1:
            kind = schema.field(name).type
            for issue in _compare_type(node, kind, feature_of(features, name), f"$.{name}"):
                yield name, issue


def feature_of(features: Any, name: str) -> Any:
    """Return the feature of the field `name`, or None where none is known."""
    return features.get(name) if isinstance(features, dict) else None


def find_labels(
    kind: pa.DataType, feature: Any, path: Steps
) -> Iterator[tuple[Steps, dict[int, str]]]:
    """Yield where a column of the Arrow type `kind` stores labels as numbers, and their names.

    Args:
        kind: Of the column.
        feature: Hugging Face's feature of the column.
        path: Where the column is: the steps from the record to it.
    """
    names = _label_names(feature)
    if names is not None and pt.is_integer(kind):
        yield path, dict(enumerate(names))
    elif pt.is_struct(kind):
        for field in kind:
            yield from find_labels(field.type, feature_of(feature, field.name), (*path, field.name))
    elif _json_type(kind) == "array":
        yield from find_labels(kind.value_type, _item_feature(feature), (*path, None))


def _item_feature(feature: Any) -> Any:
    """Return the feature of the items of a list; older versions wrote it as a list of one."""
    if isinstance(feature, list):
        return feature[0] if feature else None
    return feature_of(feature, "feature")


def _label_names(feature: Any) -> list[str] | None:
    """Return the labels whose numbers a column stores, or None if it stores none."""
    if not isinstance(feature, dict) or feature.get("_type") != "ClassLabel":
        return None
    names = feature.get("names")
    return names if isinstance(names, list) else None


def _compare_names(node: dict[str, Any], present: set[str], path: str) -> Iterator[Issue]:
    for name in node.get("required", ()):
        if name not in present:
            yield Issue(f"{path}.{name}", "column_missing", "a column of that name", "none")
    if node.get("additionalProperties") is False:
        known = set(node.get("properties", ()))
        for name in sorted(present - known):
            near = find_nearest(name, known - present)
            meant = f", such as `{near}`" if near else ""
            wanted = f"only fields of the schema{meant}"
            yield Issue(f"{path}.{name}", "column_unknown", wanted, name)


def _compare_type(node: Any, kind: pa.DataType, feature: Any, path: str) -> Iterator[Issue]:
    wanted = node.get("type") if isinstance(node, dict) else None
    kinds = {wanted} if isinstance(wanted, str) else set(wanted or ())
    stored = _json_type(kind.value_type if pt.is_dictionary(kind) else kind)
    if stored == "integer" and _label_names(feature) is not None:
        stored = "string"
    if kinds and stored not in kinds and (stored, "number") != ("integer", *(kinds & {"number"})):
        if stored != "null":  # a column of nothing but nulls says nothing: its rows do
            yield Issue(path, "column_type", " or ".join(sorted(kinds)), str(kind)[:80])
    elif stored == "array" and "items" in node:
        yield from _compare_type(
            node["items"], kind.value_type, _item_feature(feature), f"{path}[]"
        )
    elif stored == "object":
        yield from _compare_names(node, {field.name for field in kind}, path)
        for field in kind:
            part = node.get("properties", {}).get(field.name, {})
            inner = feature_of(feature, field.name)
            yield from _compare_type(part, field.type, inner, f"{path}.{field.name}")


def _json_type(kind: pa.DataType) -> str:
    """Return what JSON calls values of the Arrow type `kind`, or Arrow's own name."""
    tests = {
        "string": (pt.is_string, pt.is_large_string, pt.is_string_view),
        "integer": (pt.is_integer,),
        "number": (pt.is_floating,),
        "boolean": (pt.is_boolean,),
        "array": (pt.is_list, pt.is_large_list, pt.is_fixed_size_list),
        "object": (pt.is_struct,),
        "null": (pt.is_null,),
    }
    return next((name for name, fits in tests.items() if any(f(kind) for f in fits)), str(kind))
