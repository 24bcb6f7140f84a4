"""Records with one error each: every keyword of a schema, broken in every place it stands in."""

import copy
from collections.abc import Iterator
from typing import Any

from galley.record import Record
from tests.factory import make_corrected

Path = tuple[Any, ...]
_VALUES = (None, True, 3, 1.5, "word", ["word"], {"word": 1})
# Say nothing about which values are valid.
_WORDS = frozenset({"$schema", "title", "description", "items", "properties"})


def make_full() -> Record:
    """Return a valid record in which no list is empty."""
    record = make_corrected()
    names = ("authors", "contributors", "captions", "credits", "source_tags", "listing_tags")
    return record | {name: ["one", "two 🚢"] for name in names} | {"tags": ["one", "two"]}


def plant(schema: Any) -> Iterator[tuple[str, Record]]:
    """Yield records that break one rule of `schema` each, and the name of the rule.

    Raises:
        NotImplementedError: A keyword cannot be broken here: then nobody knows that it is checked.
    """
    for path, key, value in _broken(schema, make_full(), ()):
        record = copy.deepcopy(make_full())
        if path:
            holder: Any = record
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = value
        else:
            record = value
        yield f"{'.'.join(map(str, path))}: {key}", record


def _broken(node: Any, value: Any, path: Path) -> Iterator[tuple[Path, str, Any]]:
    for key, rule in node.items():
        if key not in _WORDS and not key.startswith("x-"):
            yield from ((path, key, bad) for bad in _break(key, rule, value))
    for name, part in node.get("properties", {}).items():
        yield from _broken(part, value[name], (*path, name))
    if "items" in node:
        yield from _broken(node["items"], value[0], (*path, 0))


def _break(key: str, rule: Any, value: Any) -> list[Any]:
    """Return values near `value` that the keyword refuses."""
    if key == "type":
        kinds = rule if isinstance(rule, list) else [rule]
        return [other for other in _VALUES if _kind(other) not in kinds]
    if key == "required":
        return [{k: v for k, v in value.items() if k != name} for name in rule]
    if key == "additionalProperties" and rule is False:
        return [{**value, "surprise": 1}, {**value, "": None}]
    if key == "pattern":
        return ["?", f"{value or '2024'}\n", "٣" * 32]
    found = {
        "minLength": lambda: [""],
        "enum": lambda: ["other", f"{value} "],
        "minimum": lambda: [rule - 1, -(2**62), -(10**30)],
        "minItems": lambda: [[]],
        "uniqueItems": lambda: [[*value, value[0]]],
    }.get(key)
    if found is None:
        raise NotImplementedError(key)
    return found()


def _kind(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return "null" if value is None else names.get(type(value), "object")
