"""Compare one keyword of two schemas: does it allow less, more, or something else?"""

from collections.abc import Iterator
from typing import Any

from galley.schema.explain import shorten

# Say nothing about which values are valid.
_WORDS = frozenset({"title", "description", "$comment", "examples", "default", "deprecated", "$id"})
_LOWER = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_UPPER = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})
_SIZES = frozenset({"minLength", "minItems", "minProperties"})  # none is the same as 0


def keyword_kinds(key: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """Yield what kinds of change `key` went through, in the words of `galley.schema.evolution`.

    Args:
        key: A keyword that is in one of the nodes at least.
        old: A node of a schema.
        new: The node that stands in its place.
    """
    if key in old and key in new and _same(old[key], new[key]):
        return
    if key in _WORDS:
        yield "described"
    elif key in _LOWER | _UPPER:
        yield from _limit(key, old.get(key), new.get(key))
    elif key == "enum":
        yield from _values(old.get(key), new.get(key))
    elif key in {"uniqueItems", "additionalProperties"}:
        yield from _switch(key, old, new)
    elif key in {"pattern", "const"} and not (key in old and key in new):
        yield "narrowed" if key in new else "widened"
    elif key == "x-arrow":
        yield "field_stored"
    elif key == "x-vocabulary":
        yield "field_stored" if "entities" in {old.get(key), new.get(key)} else "described"
    else:  # two patterns too: which strings match one and not the other is not for us to find
        yield "unknown"


def sides(key: str, old: dict[str, Any], new: dict[str, Any]) -> tuple[str, str]:
    """Return what `key` says in both nodes, in words."""
    was, now = (
        f"{key} {shorten(node[key])}" if key in node else f"no {key}" for node in (old, new)
    )
    return was, now


def _same(old: Any, new: Any) -> bool:
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)


def _limit(key: str, old: Any, new: Any) -> Iterator[str]:
    if key in _SIZES:
        old, new = old or 0, new or 0
    if old == new:
        return
    if old is None or new is None:
        yield "narrowed" if old is None else "widened"
    else:
        yield "narrowed" if (new > old) == (key in _LOWER) else "widened"


def _values(old: list[Any] | None, new: list[Any] | None) -> Iterator[str]:
    if old is None or new is None:
        yield "narrowed" if old is None else "widened"
        return
    if any(value not in new for value in old):
        yield "narrowed"
    if any(value not in old for value in new):
        yield "widened"


def _switch(key: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """Compare keywords that are true or false; but a schema may stand in their place."""
    default = key == "additionalProperties"
    was, now = old.get(key, default), new.get(key, default)
    if not isinstance(was, bool) or not isinstance(now, bool):
        yield "unknown"
    elif was != now:
        strict = now if key == "uniqueItems" else not now
        yield "narrowed" if strict else "widened"
