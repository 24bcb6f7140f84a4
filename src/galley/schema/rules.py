"""What a schema says of the values of a column, as tests of a whole column at a time."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.types as pt

# What `pyarrow.compute` calls: to import that takes as long as a thousand records do.
from pyarrow._compute import MatchSubstringOptions, SetLookupOptions, call_function

from galley.schema.utf8 import Utf8

# Which values are bad, of those that a column holds: numbers as such, strings as `Utf8`, lists as
# `Lists`. Of nulls it may say anything.
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
    if key == "minLength" and _is_size(value):
        return lambda column: (column.sizes if value < 2 else column.lengths) < value
    if key == "maxLength" and _is_size(value):
        return lambda column: _are_longer(column, value)
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
        "minimum": np.less,
        "maximum": np.greater,
        "exclusiveMinimum": np.less_equal,
        "exclusiveMaximum": np.greater_equal,
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
        return lambda column: column.sizes < value
    if key == "maxItems" and _is_size(value):
        return lambda column: column.sizes > value
    if key == "uniqueItems" and value is True:
        return _repeats
    raise UnknownRuleError(key)


def strings(values: Any) -> pa.Array:
    """Return `values` as an Arrow array: `pa.array` would import pandas, or what masks arrays."""
    words = [value.encode("utf-8") for value in values]
    bounds = np.cumsum([0, *map(len, words)])
    return Utf8(np.frombuffer(b"".join(words), np.uint8), bounds).to_arrow()


class Lists(NamedTuple):
    """The lists of a column.

    Attributes:
        sizes: How many items each has.
        items: Those of all.
        owners: For each item the number of its list.
    """

    sizes: Any
    items: Any
    owners: Any

    @classmethod
    def of(cls, column: Any) -> "Lists":
        """Return the lists of an Arrow array of lists, large or not; a null may have items."""
        if not len(column):
            none = np.zeros(0, dtype=np.int64)
            return cls(none, column.values[:0], none)
        bounds = column.offsets.to_numpy()
        sizes = bounds[1:] - bounds[:-1]
        items = column.values[int(bounds[0]) : int(bounds[-1])]
        return cls(sizes, items, np.repeat(np.arange(len(sizes)), sizes))


def find_valid(column: Any) -> Any:
    """Return for each value of an Arrow array whether it is none that is null."""
    bits = column.buffers()[0]
    if bits is None:
        return np.full(len(column), fill_value=not column.null_count)
    first = column.offset
    data = np.frombuffer(bits, np.uint8)[first // 8 : (first + len(column) + 7) // 8]
    marks = np.unpackbits(data, bitorder="little")[first % 8 :]
    return marks[: len(column)].view(bool)


def numbers(column: Any) -> Any:
    """Return the values of an Arrow array of numbers of 64 bits; where it is null, any."""
    kind = np.dtype(np.int64 if pt.is_integer(column.type) else np.float64)
    if not len(column):
        return np.zeros(0, dtype=kind)
    begin = column.offset * kind.itemsize
    return np.frombuffer(column.buffers()[1], kind, count=len(column), offset=begin)


def _is_size(value: Any) -> bool:
    return _is_whole(value) and 0 <= value <= _LARGEST


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_longer(column: Utf8, limit: int) -> Any:
    """Return which strings have more code points than `limit`: none that has no more bytes."""
    longer = column.sizes > limit
    return longer & (column.lengths > limit) if longer.any() else longer


def _mismatches(pattern: str, column: Utf8) -> Any:
    if (digits := _DIGITS.fullmatch(pattern)) and _are_digits(column, digits[1], int(digits[2])):
        return np.zeros(len(column.sizes), dtype=bool)
    return _are_not("match_substring_regex", column, MatchSubstringOptions(pattern))


def _are_digits(column: Utf8, ranges: str, size: int) -> bool:
    """Return whether all strings have so many characters, each in one of some ranges.

    Args:
        column: The strings.
        ranges: The ends of each: `0-9a-f`.
        size: How many.
    """
    own = column.own
    fitting = np.zeros(len(own), dtype=bool)
    for first, last in zip(ranges[::3], ranges[2::3], strict=True):
        fitting |= (own >= ord(first)) & (own <= ord(last))
    return bool(fitting.all()) and bool((column.sizes == size).all())


def _is_none_of(values: pa.Array, column: Utf8) -> Any:
    return _are_not("is_in", column, SetLookupOptions(values))


def _are_not(function: str, column: Utf8, options: Any) -> Any:
    are = call_function(function, [column.to_arrow()], options)
    return call_function("invert", [are]).to_numpy(zero_copy_only=False)


def _repeats(column: Lists) -> Any:
    """Return which lists say something twice."""
    items, owners = column.items, column.owners
    if not (
        pt.is_string(items.type) or pt.is_large_string(items.type) or pt.is_integer(items.type)
    ):
        raise UnknownRuleError("uniqueItems")
    bad = np.zeros(len(column.sizes), dtype=bool)
    if column.sizes.max(initial=0) > 1:
        found = items.dictionary_encode()
        codes = found.indices.fill_null(len(found.dictionary)).to_numpy(zero_copy_only=False)
        marks = np.sort(owners * (len(found.dictionary) + 1) + codes)
        twice = marks[1:][marks[1:] == marks[:-1]]
        bad[twice // (len(found.dictionary) + 1)] = True
    return bad
