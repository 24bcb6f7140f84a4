"""Compare two schemas: what each change means for rows that are released, and for their readers.

The keywords that contracts use are compared; of another one that changed nothing can be told,
and this is what is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from galley.schema.explain import shorten
from galley.schema.keywords import keyword_kinds, sides


class Rows(StrEnum):
    """Whether rows of before are what the new schema says; a field that may be null may lack."""

    VALID = "valid"
    INVALID = "invalid"
    DEPENDS = "it depends on the rows"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Kind:
    """What all changes of a kind have in common.

    Attributes:
        rows: Whether rows of before are valid.
        readers: What those meet who read by the old schema what the new one allows.
        level: How far it raises the version, as in `galley.releases.version`.
    """

    rows: Rows
    readers: str
    level: str


_SAME = "read on as before"
KINDS = {
    "field_added": Kind(Rows.VALID, "find one more column", "MINOR"),
    "field_demanded": Kind(Rows.INVALID, "find one more column", "MINOR"),
    "field_removed": Kind(Rows.INVALID, "break: the column is gone", "MAJOR"),
    "field_ignored": Kind(Rows.VALID, "break: the column is gone", "MAJOR"),
    "field_retyped": Kind(Rows.INVALID, "break: the column has another type", "MAJOR"),
    "field_stored": Kind(Rows.VALID, "break: the column has another type", "MAJOR"),
    "null_forbidden": Kind(Rows.DEPENDS, _SAME, "PATCH"),
    "null_allowed": Kind(Rows.VALID, "may meet null", "PATCH"),
    "narrowed": Kind(Rows.DEPENDS, _SAME, "PATCH"),
    "widened": Kind(Rows.VALID, "may meet values that were not allowed", "PATCH"),
    "described": Kind(Rows.VALID, _SAME, "PATCH"),
    "unknown": Kind(Rows.UNKNOWN, "cannot tell", "PATCH"),
    "label_added": Kind(Rows.VALID, "may meet one more number", "MINOR"),
    "label_removed": Kind(Rows.DEPENDS, "break: numbers stand for other labels", "MAJOR"),
    "label_renamed": Kind(Rows.DEPENDS, "break: a number has another name", "MAJOR"),
    "label_moved": Kind(Rows.VALID, "break: numbers stand for other labels", "MAJOR"),
    "tag_removed": Kind(Rows.VALID, "meet a tag that the vocabulary does not know", "PATCH"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two contracts.

    Attributes:
        path: The field: `entities[].label`; `$` for the record itself.
        kind: A key of KINDS.
        old: What was there.
        new: What is there now.
    """

    path: str
    kind: str
    old: str = ""
    new: str = ""

    @property
    def rows(self) -> Rows:
        """Whether rows of before are valid by the new schema."""
        return KINDS[self.kind].rows

    @property
    def level(self) -> str:
        """How far the change raises the version."""
        return KINDS[self.kind].level

    def to_json(self) -> dict[str, Any]:
        """Return the change as a JSON object."""
        kind = KINDS[self.kind]
        migration = kind.rows is Rows.INVALID
        return {**asdict(self), **asdict(kind), "migration": migration}


_STRUCTURE = frozenset({"type", "properties", "required", "items"})


def compare_schemas(old: Any, new: Any, path: str = "$") -> Iterator[Change]:
    """Yield what changed from the schema `old` to `new`, in the order of the fields of `new`.

    Args:
        old: A schema as JSON; the one that rows were released by.
        new: The schema that they are to be read by.
        path: What both describe.
    """
    if not isinstance(old, dict) or not isinstance(new, dict):  # true and false are schemas too
        if old is not new:
            yield Change(path, "unknown", shorten(old), shorten(new))
        return
    retyped = list(_compare_types(old.get("type"), new.get("type"), path))
    yield from retyped
    if any(change.kind == "field_retyped" for change in retyped):
        return  # the other keywords speak of another type
    yield from _compare_fields(old, new, path)
    yield from compare_schemas(old.get("items", True), new.get("items", True), f"{path}[]")
    for key in sorted((old.keys() | new.keys()) - _STRUCTURE):
        for kind in keyword_kinds(key, old, new):
            yield Change(path, kind, *sides(key, old, new))


def _compare_types(old: Any, new: Any, path: str) -> Iterator[Change]:
    if old is None or new is None:
        if old != new:
            yield Change(path, "unknown", f"type {old}", f"type {new}")
        return
    were, are = _kinds(old), _kinds(new)
    words = (" or ".join(sorted(were)), " or ".join(sorted(are)))
    null, values, now = {"null"}, were - {"null"}, are - {"null"}
    if values != now:
        kept = values <= (now | {"integer"} if "number" in now else now)
        yield Change(path, "field_stored" if kept else "field_retyped", *words)
    if were & null != are & null:
        yield Change(path, "null_allowed" if "null" in are else "null_forbidden", *words)


def _kinds(kind: Any) -> frozenset[str]:
    return frozenset([kind] if isinstance(kind, str) else kind)


def _compare_fields(old: dict[str, Any], new: dict[str, Any], path: str) -> Iterator[Change]:
    were, are = old.get("properties", {}), new.get("properties", {})
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    for name, node in are.items():
        where = name if path == "$" else f"{path}.{name}"
        if name not in were:
            yield from _added(where, node, demanded=name in after, closed=_is_closed(old))
            continue
        yield from compare_schemas(were[name], node, where)
        if name in after - before:  # whoever lacks it has null
            kind = "described" if is_nullable(node) else "narrowed"
            yield Change(where, kind, "optional", "required")
        elif name in before - after:
            yield Change(where, "widened", "required", "optional")
    for name in [name for name in were if name not in are]:
        where = name if path == "$" else f"{path}.{name}"
        kind = "field_removed" if _is_closed(new) else "field_ignored"
        yield Change(where, kind, _type(were[name]), "no such field")
    if before - were.keys() != after - are.keys():
        yield Change(path, "unknown", f"required {sorted(before)}", f"required {sorted(after)}")


def _added(where: str, node: Any, *, demanded: bool, closed: bool) -> Iterator[Change]:
    kind = "field_demanded" if demanded and not is_nullable(node) else "field_added"
    yield Change(where, kind, "no such field", _type(node))
    if not closed:
        yield Change(where, "narrowed", "anything under that name", _type(node))


def _type(node: Any) -> str:
    return " or ".join(sorted(_kinds(node.get("type", "any")))) if isinstance(node, dict) else "any"


def _is_closed(node: dict[str, Any]) -> bool:
    """Return whether an object has no fields but those that the schema `node` names."""
    return node.get("additionalProperties") is False


def is_nullable(node: Any) -> bool:
    """Return whether the schema `node` says that null is allowed."""
    return isinstance(node, dict) and "null" in _kinds(node.get("type", ()))


def fill(node: Any, value: Any) -> Any:
    """Return `value` with null for each field that it lacks and that may be null.

    So a Parquet file of before is read by a later schema.
    """
    if not isinstance(node, dict):
        return value
    if isinstance(value, list):
        return [fill(node.get("items"), item) for item in value]
    if not isinstance(value, dict):
        return value
    fields = node.get("properties", {})
    filled = {key: fill(fields.get(key), item) for key, item in value.items()}
    missing = [key for key, part in fields.items() if key not in value and is_nullable(part)]
    return {**filled, **dict.fromkeys(missing)}


def compare_labels(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Yield what changed in the entity labels, whose places are the numbers in a release."""
    renamed = set()
    for number, name in enumerate(old):
        now = new[number] if number < len(new) else None
        if name in new:
            if now != name:
                places = (f"{name} is number {number}", f"{name} is number {new.index(name)}")
                yield Change("labels", "label_moved", *places)
        elif now is not None and now not in old:
            renamed.add(now)
            yield Change("labels", "label_renamed", name, now)
        else:
            yield Change("labels", "label_removed", name, "")
    for name in new:
        if name not in old and name not in renamed:
            yield Change("labels", "label_added", "", name)
