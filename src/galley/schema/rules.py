"""What a schema says of the values of a column, as tests of a whole column at a time."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from galley.schema.utf8 import Utf8

# Which values are bad; of nulls it may say anything.
Test = Callable[[Any], Any]
_LARGEST = 1 << 53
# What means the same in every kind of regular expressions: characters of ASCII that stand for
# themselves, sets of them, groups, repetitions, both ends of the text.
_COMMON = re.compile(
    r"(?:\^|\$|\((?!\?)|\)|\||[\w :/=,@#%&~-]|\[(?!\^)[\w.:+ -]+\]"
    r"|[*+?](?![*+])|\{\d+(?:,\d*)?\})*",
    re.ASCII,
)


# So many characters of some ranges, as in a hash.
_DIGITS = re.compile(r"\^\[((?:\w-\w)+)\]\{(\d+)\}\$", re.ASCII)


class UnknownRuleError(Exception):
    """A schema has a rule that no test of columns stands for."""


def string_tests(key: str, value: Any) -> Test:
    """Return the test of strings that a keyword stands for.

    Raises:
        UnknownRuleError: There is none.
    """
    if key == "minLength" and value == 1:
        return _are_empty
    if key == "minLength" and _is_size(value):
        return lambda column: pc.less(pc.utf8_length(column), value)
    if key == "maxLength" and _is_size(value):
        return lambda column: pc.greater(pc.utf8_length(column), value)
    if key == "pattern" and _COMMON.fullmatch(value):
        return partial(_mismatches, value)
    if key == "enum" and all(item is None or isinstance(item, str) for item in value):
        return partial(_is_none_of, strings(item for item in value if item is not None))
    raise UnknownRuleError(key)


def number_tests(key: str, value: Any) -> Test:
    """Return the test of numbers that a keyword stands for.

    Raises:
        UnknownRuleError: There is none.
    """
    test = {
        "minimum": pc.less,
        "maximum": pc.greater,
        "exclusiveMinimum": pc.less_equal,
        "exclusiveMaximum": pc.greater_equal,
    }.get(key)
    if test is None or not _is_whole(value) or abs(value) > _LARGEST:
        raise UnknownRuleError(key)
    return lambda column: test(column, value)


def list_tests(key: str, value: Any) -> Test:
    """Return the test of lists that a keyword stands for.

    Raises:
        UnknownRuleError: There is none.
    """
    if key == "minItems" and _is_size(value):
        return lambda column: pc.less(pc.list_value_length(column), value)
    if key == "maxItems" and _is_size(value):
        return lambda column: pc.greater(pc.list_value_length(column), value)
    if key == "uniqueItems" and value is True:
        return _repeats
    raise UnknownRuleError(key)


def strings(values: Any) -> pa.Array:
    """Return `values` as an Arrow array; from a list, it would import pandas."""
    return pa.array(np.array(list(values), dtype=object), pa.string())


def flatten(column: Any) -> tuple[Any, Any]:
    """Return the items of all lists, and for each the number of its list.

    Raises:
        UnknownRuleError: A list that is null has items nevertheless.
    """
    items, owners = column.flatten(), pc.list_parent_indices(column).to_numpy()
    if len(items) != len(owners):
        raise UnknownRuleError("null")
    return items, owners


def _is_size(value: Any) -> bool:
    return _is_whole(value) and 0 <= value <= _LARGEST


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_empty(column: Any) -> Any:
    empty = np.diff(Utf8.of(column).bounds) == 0
    if column.null_count:
        empty &= column.is_valid().to_numpy(zero_copy_only=False)
    return empty


def _mismatches(pattern: str, column: Any) -> Any:
    if (digits := _DIGITS.fullmatch(pattern)) and _are_digits(column, digits[1], int(digits[2])):
        return np.zeros(len(column), dtype=bool)
    return pc.invert(pc.match_substring_regex(column, pattern))


def _are_digits(column: Any, ranges: str, size: int) -> bool:
    """Return whether all strings have so many characters, each in one of some ranges.

    Args:
        column: Of strings.
        ranges: The ends of each: `0-9a-f`.
        size: How many.
    """
    strings = Utf8.of(column)
    own = strings.own
    fitting = np.zeros(len(own), dtype=bool)
    for first, last in zip(ranges[::3], ranges[2::3], strict=True):
        fitting |= (own >= ord(first)) & (own <= ord(last))
    return bool(fitting.all()) and bool((np.diff(strings.bounds) == size).all())


def _is_none_of(values: pa.Array, column: Any) -> Any:
    return pc.invert(pc.is_in(column, values.cast(column.type)))


def _repeats(column: Any) -> Any:
    """Return which lists say something twice."""
    items, owners = flatten(column)
    if not (
        pt.is_string(items.type) or pt.is_large_string(items.type) or pt.is_integer(items.type)
    ):
        raise UnknownRuleError("uniqueItems")
    bad = np.zeros(len(column), dtype=bool)
    if len(np.unique(owners)) < len(owners):  # else no list has two
        found = items.dictionary_encode()
        codes = found.indices.fill_null(len(found.dictionary)).to_numpy(zero_copy_only=False)
        marks = np.sort(owners * (len(found.dictionary) + 1) + codes)
        twice = marks[1:][marks[1:] == marks[:-1]]
        bad[twice // (len(found.dictionary) + 1)] = True
    return bad
