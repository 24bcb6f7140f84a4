"""The field dictionary: what each field is, read from the schema's own descriptions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from galley.schema.contract import Contract


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the field table.

    Attributes:
        name: Path of the field: `entities[].start` for a part of each item of a list.
        type: Its type in words: `string`, `integer or null`, `list of object`.
        description: What the schema says about it.
    """

    name: str
    type: str
    description: str


def list_fields(contract: Contract) -> Iterator[Field]:
    """Yield the fields of a record in the order of the schema, each before its parts.

    Parts that the schema does not describe are left out.
    """
    for name, node in contract.properties.items():
        yield Field(name, _type(node), node.get("description", ""))
        yield from _parts(name, node)


def _parts(name: str, node: dict[str, Any]) -> Iterator[Field]:
    path, inner = (f"{name}[]", node["items"]) if "items" in node else (name, node)
    for key, part in inner.get("properties", {}).items():
        if "description" in part:
            yield Field(f"{path}.{key}", _type(part), part["description"])


def _type(node: dict[str, Any]) -> str:
    kinds = node.get("type", "any")
    if isinstance(kinds, list):
        return " or ".join(kinds)
    if kinds == "array":
        return f"list of {_type(node['items'])}"
    return "label" if node.get("x-vocabulary") == "entities" else str(kinds)
