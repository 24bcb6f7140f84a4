"""Derive the Hugging Face features of a record, and turn entity labels into their numbers.

A string field that the schema marks `"x-vocabulary": "entities"` becomes a ClassLabel: the
released column holds the label's position in `entities.yaml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
from datasets import ClassLabel, Features, List

from galley.record import Record
from galley.schema.arrow import arrow_schema
from galley.schema.contract import Contract

_EACH = "[]"


def derive_features(contract: Contract, names: list[str]) -> Features:
    """Return the features of the records of `contract`, fields in its order.

    Args:
        contract: The schema of a record.
        names: The entity labels, in the order of `entities.yaml`.

    Raises:
        SchemaError: A field has no type that a Parquet column could hold.
    """
    plain = Features.from_arrow_schema(arrow_schema(contract))
    properties = contract.properties
    return Features(
        {name: _labelled(feature, properties[name], names) for name, feature in plain.items()}
    )


def _labelled(feature: Any, node: dict[str, Any], names: list[str]) -> Any:
    """Return `feature` with a ClassLabel wherever `node` asks for an entity label."""
    if _is_label(node):
        return ClassLabel(names=names)
    if isinstance(feature, List):
        return List(_labelled(feature.feature, node["items"], names))
    if isinstance(feature, dict):
        inner = node["properties"]
        return {name: _labelled(sub, inner[name], names) for name, sub in feature.items()}
    return feature


def _is_label(node: dict[str, Any]) -> bool:
    return node.get("x-vocabulary") == "entities"


@dataclass(frozen=True)
class Codec:
    """Turns records into rows of a release and back.

    Attributes:
        contract: The schema of a record.
        names: The entity labels, in the order of their numbers.
    """

    contract: Contract
    names: tuple[str, ...]

    @cached_property
    def features(self) -> Features:
        """The features of the rows."""
        return derive_features(self.contract, list(self.names))

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the rows, with the features in its metadata."""
        schema: pa.Schema = self.features.arrow_schema
        return schema

    def encode(self, record: Record) -> dict[str, Any]:
        """Return the row of `record`.

        Raises:
            KeyError: A label is not in the vocabulary; the key is the label.
        """
        return self._replace(record, self._numbers)

    def decode(self, row: dict[str, Any]) -> Record:
        """Return the record of `row`.

        Raises:
            KeyError: A number stands for no label; the key is the number.
        """
        return self._replace(row, self._labels)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def _labels(self) -> dict[int, str]:
        return dict(enumerate(self.names))

    @cached_property
    def _paths(self) -> list[tuple[str, ...]]:
        return _label_paths({"properties": self.contract.properties}, ())

    def _replace(self, value: dict[str, Any], table: Mapping[Any, Any]) -> dict[str, Any]:
        for path in self._paths:
            value = _replaced(value, path, table)
        return value


def _label_paths(node: dict[str, Any], path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the path of every entity label below `node`; `[]` stands for each list item."""
    if _is_label(node):
        return [path]
    children = dict(node.get("properties", {}))
    if isinstance(node.get("items"), dict):
        children[_EACH] = node["items"]
    return [found for key, sub in children.items() for found in _label_paths(sub, (*path, key))]


def _replaced(value: Any, path: tuple[str, ...], table: Mapping[Any, Any]) -> Any:
    """Return `value` with what lies at `path` looked up in `table`; nulls stay."""
    if value is None:
        return None
    if not path:
        return table[value]
    key, rest = path[0], path[1:]
    if key == _EACH:
        return [_replaced(item, rest, table) for item in value]
    return {**value, key: _replaced(value[key], rest, table)}
