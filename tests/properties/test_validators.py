"""Two validators, one verdict: what jsonschema-rs refuses, jsonschema explains, and no more."""

import copy
import json
import math
from pathlib import Path
from typing import Any

import jsonschema
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from galley.record import unfit_character
from galley.schema.check import Checker
from galley.schema.contract import Contract
from galley.schema.jsonl import JsonLines
from tests.factory import make_corrected

CHECKER = Checker(Contract.default())
# Without formats and patterns there is no difference to expect: jsonschema as it comes.
PLAIN = jsonschema.Draft202012Validator(CHECKER.contract.document)
RECORD = make_corrected()

# Whatever a JSON text can hold, and NaN; half a surrogate pair, NUL, line ends, other digits.
ODD = st.sampled_from(
    ["", "\n", "\0", "\ud800", "a\udfff", "٣", "٣" * 32, "２０２４", "😀", "é", "e\u0301", "\u2028"]
)
NUMBERS = st.one_of(
    st.integers(),
    st.sampled_from([-1, 0, 1, 2**31, 2**53 + 1, 2**63, 2**64, -(2**64), 10**30, 10**400]),
    st.floats(),
    st.sampled_from([1.0, -0.0, 1.5, 1e300, math.nan, math.inf]),
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, ODD, st.text(st.characters(), max_size=40))
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(ODD | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in `value`, its own first."""
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(place for key, item in pairs for place in places(item, (*path, key)))]


PLACES = places(RECORD)


def changed(path: tuple[Any, ...], change: Any) -> Any:
    """Return the record with `change` applied to the value at `path`."""
    record = copy.deepcopy(RECORD)
    holder = record
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = change(holder[path[-1]])
    return record


def nudged(value: Any, extra: Any) -> Any:
    """Return something near `value`: longer, doubled, with one thing more, of a near type."""
    if isinstance(value, str):
        return f"{value}{extra}" if isinstance(extra, str) else value + "\n"
    if isinstance(value, bool) or value is None:
        return extra
    if isinstance(value, int):
        return float(value) if abs(value) < 10**300 else -value
    if isinstance(value, list):
        return [*value, *(value[:1] or [extra])]
    return {**value, str(extra): extra}


@st.composite
def records(draw: Any) -> Any:
    """Draw a record in which one to three things are replaced, nudged or taken away."""
    record: Any = copy.deepcopy(RECORD)
    for path in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)):
        kind, value = draw(st.sampled_from(["replace", "nudge", "remove"])), draw(VALUES)
        holder = record
        try:
            for step in path[:-1]:
                holder = holder[step]
            if not path:
                record = value if kind == "replace" else nudged(record, value)
            elif kind == "remove":
                del holder[path[-1]]
            else:
                holder[path[-1]] = value if kind == "replace" else nudged(holder[path[-1]], value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    return record


def unfit(value: Any) -> bool:
    """Return whether a string in `value`, or a name, has a character that no record may hold."""
    if isinstance(value, dict):
        return any(unfit(item) for pair in value.items() for item in pair)
    if isinstance(value, list):
        return any(unfit(item) for item in value)
    return isinstance(value, str) and unfit_character(value) is not None


MANY = settings(max_examples=500, suppress_health_check=list(HealthCheck))


@MANY
@given(records())
@example(RECORD)
@example(changed(("id",), lambda value: value + "\n"))
@example({**RECORD, "published": "2024\n"})
@example({**RECORD, "published": "２０２４"})
@example(changed(("entities", 0, "start"), float))
@example(changed(("annotation", "annotators"), lambda value: value + 10**400))
@example({**RECORD, "title": "\ud800"})
@example({**RECORD, "url": "a\0b"})
@example({**RECORD, "\ud800": 1})
def test_the_two_never_disagree(record: Any) -> None:
    """jsonschema finds errors exactly where jsonschema-rs refuses, in our reading of patterns."""
    explained = CHECKER._explainer.errors(record)
    assert CHECKER.accepts(record) == (not explained and not unfit(record))


@MANY
@given(records())
def test_the_validator_that_decides_is_right(record: Any) -> None:
    """jsonschema as it comes says the same, but for `$` before a last line end."""
    wanted = PLAIN.is_valid(record) and not unfit(record)
    if CHECKER.accepts(record) != wanted:
        assert wanted
        issues = CHECKER._explainer.errors(record)
        assert {issue.code for issue in issues} == {"schema_pattern"}


@MANY
@given(records())
def test_a_refused_record_says_why(record: Any) -> None:
    """There is an issue, each can be printed, and counting them gives their number."""
    issues = list(CHECKER.issues(record))
    assert issues or CHECKER.accepts(record)
    assert CHECKER.count(record) == len(issues)
    for issue in issues:
        assert "".join(issue.to_json().values()).encode("utf-8")
        assert "\n" not in issue.path + issue.got


LINES = JsonLines(Path("lines.jsonl"), CHECKER.contract)
GOOD = json.dumps(RECORD).encode() + b"\n"


@MANY
@given(records(), st.booleans())
def test_many_lines_get_the_verdict_of_each(record: Any, escaped: bool) -> None:  # noqa: FBT001 - drawn
    """A line among others that are right is found exactly if it is wrong by itself."""
    line = json.dumps(record, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    found = LINES.check(b"".join([GOOD, line, b"\n", GOOD]), None)
    try:
        wrong = any(math.isnan(value) or math.isinf(value) for value in floats(record))
        wrong = wrong or bool(list(CHECKER.issues(json.loads(line))))
    except ValueError:  # no UTF-8, or a number too long to be read
        wrong = True
    assert {number for number, _ in found.issues} == ({2} if wrong else set())
    assert (found.lines, found.rows) == (3, 3)


def floats(value: Any) -> list[float]:
    """Return all floats in `value`."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [number for item in inner for number in floats(item)]
    return [value] if isinstance(value, float) else []
