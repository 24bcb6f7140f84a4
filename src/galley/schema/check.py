"""Check records: against the JSON Schema, and what a JSON Schema cannot say."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from galley.errors import SchemaError
from galley.hashing import sha256_bytes
from galley.record import Record, unfit_character
from galley.schema.contract import Contract
from galley.schema.explain import Explainer, printable
from galley.schema.issue import Issue

# Holds of every string with a NUL. The search fails at a lone surrogate, which has no UTF-8.
_UNFIT = {"type": "string", "pattern": "[\\u0000]"}
# What a schema holds beside schemas.
_VALUES = frozenset({"const", "enum", "default", "examples"})


@dataclass(frozen=True)
class Checker:
    """Checks records against a contract; `jsonschema-rs` decides, `jsonschema` explains."""

    contract: Contract

    @cached_property
    def _fast(self) -> Any:
        import jsonschema_rs  # noqa: PLC0415 - only where records are checked

        document = _strict(self.contract.document)
        try:
            return jsonschema_rs.validator_for(document, offline=True)
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
            raise SchemaError(
                f"the schema cannot be used: {str(error).splitlines()[0]}",
                code="schema_invalid",
                hint="patterns are regular expressions of ECMA-262; a `$ref` stays in the schema",
            ) from error

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self.contract)

    def accepts(self, record: Any) -> bool:
        """Return whether `record` is what the schema says, of characters that can be kept."""
        try:
            valid: bool = self._fast.is_valid(record)
        except (ValueError, RecursionError):  # a lone surrogate, or what no JSON holds
            return False
        return valid

    def issues(self, record: Any) -> Iterator[Issue]:
        """Yield what is wrong with `record`: by the schema, else with its text and offsets.

        Each issue's path is a JSON path into the record. A record that is not accepted has
        at least one.
        """
        if self.accepts(record):
            yield from _check_text(record)
            yield from _check_spans(record)
            return
        found = [*self._explainer.errors(record), *_check_characters(record, "$")]
        yield from found or self._explainer.refusals(record)

    def count(self, record: Any) -> int:
        """Return how many issues `record` has, sooner than they are worded."""
        if self.accepts(record):
            return sum(1 for _ in self.issues(record))
        found = self._explainer.count(record) + sum(1 for _ in _check_characters(record, "$"))
        return max(found, 1)


def _strict(node: Any) -> Any:
    """Return the schema `node` with one more rule for strings: no NUL and no lone surrogate."""
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    strict = {key: item if key in _VALUES else _strict(item) for key, item in node.items()}
    kinds = node.get("type")
    if "string" in (kinds if isinstance(kinds, list) else [kinds]):
        strict["allOf"] = [*node.get("allOf", []), {"not": _UNFIT}]
    return strict


def _check_characters(record: Any, path: str) -> Iterator[Issue]:
    """Yield which strings and names below `path` have a character that no record may hold."""
    waiting = [(path, record)]  # no recursion: a record from outside may be as deep as it likes
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, dict):
            inner = [
                (f"{where}.{key}", part) for key, item in value.items() for part in (key, item)
            ]
        elif isinstance(value, list):
            inner = [(f"{where}[{number}]", item) for number, item in enumerate(value)]
        elif isinstance(value, str) and (found := unfit_character(value)) is not None:
            yield Issue(printable(where), "text_character", "no NUL and no lone surrogate", found)
            continue
        else:
            continue
        waiting += reversed(inner)


def _check_text(record: Record) -> Iterator[Issue]:
    text, expected = record.get("text"), record.get("text_sha256")
    if isinstance(text, str) and isinstance(expected, str):
        digest = sha256_bytes(text.encode("utf-8"))
        if digest != expected:
            yield Issue("$.text_sha256", "text_hash", digest, expected)


def _check_spans(record: Record) -> Iterator[Issue]:
    text = record.get("text")
    if not isinstance(text, str):
        return
    for number, span in enumerate(record.get("subheads") or ()):
        if not 0 <= span["start"] < span["end"] <= len(text):
            yield Issue(f"$.subheads[{number}]", "span_range", f"inside 0..{len(text)}", str(span))
    last = (0, 0)
    for number, entity in enumerate(record.get("entities") or ()):
        # JSON has one kind of number: 3.0 is an integer.
        where, start, end = f"$.entities[{number}]", int(entity["start"]), int(entity["end"])
        if not 0 <= start < end <= len(text):
            yield Issue(where, "span_range", f"inside 0..{len(text)}", f"{start}..{end}")
        elif text[start:end] != entity["text"]:
            yield Issue(where, "span_text", repr(text[start:end]), repr(entity["text"]))
        if (start, end) < last:
            yield Issue(where, "span_order", f"not before {last}", f"{start}..{end}")
        last = (start, end)
