"""The shape of what a server or an export says of an annotation: nothing of it is believed.

Whoever may write to a project may write anything into results, into the data of its tasks and
beside them. What has another shape than Label Studio gives it is put aside with a reason, and
the annotations beside it are read.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from galley.hashing import canonical_json
from galley.record import unfit_character
from galley.schema.issue import Issue

# A text of 300,000 characters with 1,500 spans is the largest that anybody worked on.
MOST_RESULTS = 5_000
_SHOWN = 200  # characters of what does not fit
_KEPT = 1_000  # characters of a relation, which has two ids and a direction
_LARGEST = 2**53  # a number above it has no exact form in floating point
_ID = re.compile(r"[0-9a-f]{32}")


def shape_issues(annotation: Mapping[str, Any]) -> list[Issue]:
    """Return where an annotation has another shape than Label Studio's."""
    found = [
        Issue(f"$.{name}", "annotation_shape", expected, shown(annotation.get(name)))
        for name, (fits, expected) in _RULES.items()
        if not fits(annotation.get(name))
    ]
    results = annotation.get("result")
    if isinstance(results, list) and len(results) > MOST_RESULTS:
        found.append(Issue("$.result", "result_count", f"up to {MOST_RESULTS}", str(len(results))))
    return found


def lead_time(annotation: Mapping[str, Any]) -> float | None:
    """Return the seconds that a person took; None where what stands there is no such number."""
    value: Any = annotation.get("lead_time")
    return value if is_number(value) and value >= 0 else None


def stamp(at: str) -> str:
    """Return a server's time in the ledger's one form, which sorts as text."""
    return datetime.fromisoformat(at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def shown(value: Any) -> str:
    """Return the beginning of what stands where something else is expected."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def name_of(value: Any) -> str | None:
    """Return a text that can be a name in the ledger: short, and a file can hold it; else None."""
    whole = isinstance(value, str) and len(value) <= _SHOWN and unfit_character(value) is None
    return value if whole else None


def kept(result: dict[str, Any]) -> Any:
    """Return a result that no record has a place for, as the ledger keeps it: not of any length."""
    whole = keepable(result)
    return whole if len(str(whole)) <= _KEPT else shown(whole)


def keepable(value: Any) -> Any:
    """Return `value` if a file can hold it, else as text with escapes: NaN, lone surrogates."""
    try:
        canonical_json(value).encode("utf-8")
    except (ValueError, RecursionError):
        return ascii(value)
    return value


def is_number(value: Any) -> bool:
    """Tell whether a value is a number that JSON can hold, and others can count with."""
    return type(value) in {int, float} and abs(value) < _LARGEST  # what is no number is not


def is_id(value: Any) -> bool:
    """Tell whether a value can be the id of a record."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def number_of(person: Any) -> Any:
    """Return the number of a person, who may be an object that holds it."""
    return person.get("id") if isinstance(person, dict) else person


def is_time(value: Any) -> bool:
    """Tell whether a value is a moment of the calendar, to the year 9999 of UTC."""
    try:
        return isinstance(value, str) and bool(stamp(value))
    except (ValueError, OverflowError):
        return False


def _is_person(value: Any) -> bool:
    number = number_of(value)
    address = value.get("email") if isinstance(value, dict) else None
    return isinstance(number, int | str | None) and isinstance(address, str | None)


def _is_results(value: Any) -> bool:
    return value is None or isinstance(value, list)


def _is_name(value: Any) -> bool:
    return isinstance(value, int | str | None)


# What every reader of annotations needs to have a shape.
_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "result": (_is_results, "a list"),
    "completed_by": (_is_person, "a number, or an object with one"),
    "updated_by": (_is_person, "a number, or an object with one"),
    "parent_prediction": (_is_name, "a number"),
    "unique_id": (_is_name, "a text"),
    "id": (_is_name, "a number"),
}
