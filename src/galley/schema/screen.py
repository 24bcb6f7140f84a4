"""Find the rows of a batch that may be wrong, a column at a time.

Most rows of most files are right, and that is soon seen of many at once. A row that is not
passed here need not be wrong: it is looked at by itself then, by what words its issues too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.types as pt

from galley.schema.columns import Steps
from galley.schema.contract import Contract
from galley.schema.rules import (
    Lists,
    Test,
    UnknownRuleError,
    find_valid,
    list_tests,
    number_tests,
    numbers,
    string_tests,
    strings,
)
from galley.schema.spans import mark_crossed
from galley.schema.utf8 import Utf8

# Say nothing about which values are valid, nor does what begins with `x-`.
_WORDS = frozenset({"title", "description", "$comment", "examples", "default", "deprecated"})
_STRUCTURE = frozenset({"type", "properties", "required", "additionalProperties", "items"})
_TESTS = {"string": string_tests, "array": list_tests}
_TESTS |= {"integer": number_tests, "number": number_tests}
_STORED = {
    "string": (pt.is_string, pt.is_large_string),
    "integer": (pt.is_int64,),
    "number": (pt.is_float64,),
    "boolean": (pt.is_boolean,),
    "array": (pt.is_list, pt.is_large_list),
    "object": (pt.is_struct,),
}
_NUMBERS = {"integer": pa.int64(), "number": pa.float64()}
_PLAIN = {**_NUMBERS, "string": pa.string(), "boolean": pa.bool_()}


@dataclass(frozen=True)
class Rule:
    """What a schema says of the values in one place.

    Attributes:
        kind: The type that they have.
        nullable: Whether they may be null.
        tests: Of those that are not null.
        fields: Of objects: the rule of each field.
        required: Of objects: the fields that must be there.
        closed: Of objects: whether others may not.
        items: Of lists: the rule of their items.
    """

    kind: str
    nullable: bool
    tests: tuple[Test, ...]
    fields: Mapping[str, "Rule"]
    required: frozenset[str]
    closed: bool
    items: "Rule | None"

    @classmethod
    def make(cls, node: Any) -> "Rule":
        """Return what `node` of a schema says.

        Raises:
            UnknownRuleError: It says what no test of columns stands for.
        """
        kinds = node.get("type") if isinstance(node, dict) else None
        kinds = kinds if isinstance(kinds, list) else [kinds]
        (kind, *more) = [name for name in kinds if name != "null"] or [None]
        if more or kind not in _STORED:
            raise UnknownRuleError(str(kinds))
        rest = {key: value for key, value in node.items() if not _is_word(key)}
        others = {key: value for key, value in rest.items() if key not in _STRUCTURE}
        nullable = "null" in kinds and None in node.get("enum", [None])
        tests = [_test(kind, key, value) for key, value in others.items()]
        closed = node.get("additionalProperties", True)
        if not isinstance(closed, bool) or (kind == "array") != ("items" in node):
            raise UnknownRuleError("items")
        fields = node.get("properties", {}).items()
        return cls(
            kind=kind,
            nullable=nullable,
            tests=tuple(tests),
            fields={name: cls.make(part) for name, part in fields},
            required=frozenset(node.get("required", ())),
            closed=not closed,
            items=cls.make(node["items"]) if kind == "array" else None,
        )

    @property
    def complete(self) -> bool:
        """Whether every field of every object must be there."""
        inner = [*self.fields.values(), *([self.items] if self.items else [])]
        return self.required == set(self.fields) and all(rule.complete for rule in inner)

    def count_names(self, column: Any) -> int:
        """Return how often the objects in a column name a field, if none is left out."""
        if self.items:
            return self.items.count_names(Lists.of(column).items)
        if not self.fields:
            return 0
        own = int(len(column) - column.null_count) * len(self.fields)
        parts = dict(zip((field.name for field in column.type), column.flatten(), strict=True))
        return own + sum(rule.count_names(parts[name]) for name, rule in self.fields.items())


@dataclass(frozen=True)
class _Marks:
    """Where suspects are marked, from a place inside the rows.

    Attributes:
        found: For each row of the batch whether it is suspect.
        rows: For each value of the place its row.
        labels: The names that stand for numbers, by place.
        path: The steps to the place.
        seen: The strings that were looked at, by place.
    """

    found: Any
    rows: Any
    labels: Mapping[Steps, Mapping[int, str]]
    path: Steps = ()
    seen: dict[Steps, Utf8] = field(default_factory=dict)

    def add(self, bad: Any) -> None:
        """Mark the rows of the values that are `bad`."""
        if bad.any():
            self.found[self.rows[bad]] = True

    def inside(self, step: str | None, rows: Any = None) -> "_Marks":
        """Return where to mark what is one step further in."""
        rows = self.rows if rows is None else rows
        return _Marks(self.found, rows, self.labels, (*self.path, step), self.seen)


class Screen:
    """Finds the rows that may be wrong.

    Args:
        contract: What a row should be.
        labels: Where labels are stored as their numbers, and their names.

    Raises:
        UnknownRuleError: The contract says what no test of columns stands for.
    """

    def __init__(
        self, contract: Contract, labels: Mapping[Steps, Mapping[int, str]] | None = None
    ) -> None:
        document = {key: value for key, value in contract.document.items() if key[:1] != "$"}
        if unknown := {"$ref", "$dynamicRef", "$defs"} & set(contract.document):
            raise UnknownRuleError(str(unknown))
        self.rule = Rule.make(document)
        self._labels = labels or {}

    def suspects(self, batch: pa.RecordBatch) -> Any:
        """Return the numbers, from 0, of the rows that may be wrong, ascending."""
        found = np.zeros(len(batch), dtype=bool)
        marks = _Marks(found, np.arange(len(batch)), self._labels)
        try:
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            _look_at_fields(self.rule, columns, marks)
            clean = np.flatnonzero(~found)
            if len(clean) == len(batch):
                mark_crossed(batch, marks.add, marks.seen.get(("text",)))
            else:
                marks = _Marks(found, clean, {})
                mark_crossed(batch.take(pa.array(clean)), marks.add)
        except (pa.ArrowException, UnknownRuleError):
            return np.arange(len(batch))
        return np.flatnonzero(found)


def _is_word(key: str) -> bool:
    return key in _WORDS or key.startswith("x-")


def _test(kind: str, key: str, value: Any) -> Test:
    if kind not in _TESTS:
        raise UnknownRuleError(key)
    return _TESTS[kind](key, value)


def _look(rule: Rule, column: Any, marks: _Marks) -> None:
    """Mark the rows of the values in `column` that break a rule."""
    if column.null_count == len(column):
        if not rule.nullable:
            marks.add(np.ones(len(column), dtype=bool))
        return
    column = _plain(rule, column, marks)
    values = _values(rule, column)
    valid = find_valid(column) if column.null_count else None
    if valid is not None and not rule.nullable:
        marks.add(~valid)
    for test in rule.tests:
        marks.add(test(values) if valid is None else test(values) & valid)
    if rule.kind == "string":
        _look_at_strings(values, marks)
    elif rule.kind == "number":
        marks.add(~np.isfinite(values))
    elif rule.items:
        _look(rule.items, values.items, marks.inside(None, marks.rows[values.owners]))
    elif rule.kind == "object":
        parts = dict(zip((field.name for field in column.type), column.flatten(), strict=True))
        _look_at_fields(rule, parts, marks)


def _values(rule: Rule, column: Any) -> Any:
    """Return what the tests of such values look at."""
    if rule.kind == "string":
        return Utf8.of(column)
    if rule.kind in _NUMBERS:
        return numbers(column)
    return Lists.of(column) if rule.items else column


def _look_at_strings(strings: Utf8, marks: _Marks) -> None:
    marks.seen[marks.path] = strings
    if not strings.is_plain:
        if not strings.is_valid:
            raise UnknownRuleError("UTF-8")
        if strings.characters.has_nul:
            marks.add(strings.have_nul())


def _look_at_fields(rule: Rule, columns: Mapping[str, Any], marks: _Marks) -> None:
    if not rule.required <= set(columns) or (rule.closed and not set(columns) <= set(rule.fields)):
        marks.add(np.ones(len(marks.rows), dtype=bool))
    for name, column in columns.items():
        if name in rule.fields:
            _look(rule.fields[name], column, marks.inside(name))
        else:
            column.validate(full=True)  # that its text is UTF-8


def _plain(rule: Rule, column: Any, marks: _Marks) -> Any:
    """Return `column` as Arrow stores such values in one way of several.

    Raises:
        UnknownRuleError: It holds other values.
    """
    if pt.is_dictionary(column.type):
        column = column.dictionary_decode()
    names = marks.labels.get(marks.path)
    if names is not None and pt.is_integer(column.type):
        return _named(column, names, marks)
    if any(fits(column.type) for fits in _STORED[rule.kind]):
        return column
    numeric = pt.is_integer(column.type) or pt.is_floating(column.type)
    if rule.kind in _PLAIN and (pt.is_null(column.type) or (rule.kind in _NUMBERS and numeric)):
        return column.cast(_PLAIN[rule.kind])
    raise UnknownRuleError(str(column.type))


def _named(column: Any, names: Mapping[int, str], marks: _Marks) -> Any:
    """Return the names of some labels, null for those that have none and are marked."""
    import pyarrow.compute as pc  # noqa: PLC0415 - seldom needed, slow to import

    outside = pc.or_(pc.less(column, 0), pc.greater_equal(column, len(names)))
    outside = pc.fill_null(outside, fill_value=False)
    marks.add(outside.to_numpy(zero_copy_only=False))
    known = strings(names[number] for number in range(len(names)))
    return known.take(pc.if_else(outside, None, column))
