"""What changed, and how far that raises the version."""

from dataclasses import replace
from typing import Any

import pytest

from galley.releases.diff import Change, State, compare
from galley.releases.index import Entry
from galley.releases.version import Level
from galley.schema.features import derive_features
from tests.factory import LABELS, contract, make_id

ENTRY = Entry(make_id(1), make_id(1), "train", "0.1.0", "0.1.0", "a" * 64, "b" * 64, "suggested")
NAMES = LABELS.names


def state(*entries: Entry, names: list[str] = NAMES, **changes: Any) -> State:
    """Return a release of `entries`, with `changes` to its features."""
    features = derive_features(contract(), names).to_dict() | changes
    kept = {name: value for name, value in features.items() if value is not None}
    return State({entry.id: entry for entry in entries}, kept)


def difference(new: State) -> Change:
    return compare(state(ENTRY), new)


def test_equal_releases_do_not_differ() -> None:
    """No change, no level."""
    assert difference(state(ENTRY)) == Change()
    assert Change().level is Level.NONE


def test_a_correction_is_a_patch() -> None:
    """The row changed and a person stands behind it now."""
    change = difference(state(replace(ENTRY, row_sha256="c" * 64, status="corrected")))
    assert change == Change(corrected=[ENTRY.id], changed=[ENTRY.id])
    assert change.level is Level.PATCH


def test_another_text_is_a_patch() -> None:
    """The page was edited, the record is the same."""
    change = difference(state(replace(ENTRY, row_sha256="c" * 64, text_sha256="d" * 64)))
    assert change.retexted == [ENTRY.id]
    assert change.level is Level.PATCH


def test_records_added_or_removed_are_minor() -> None:
    """Either way the number of rows changes."""
    other = replace(ENTRY, id=make_id(2))
    assert difference(state(ENTRY, other)) == Change(added=[other.id])
    assert difference(state(other)) == Change(added=[other.id], removed=[ENTRY.id])
    assert difference(state()).level is Level.MINOR


def test_a_moved_record_is_major() -> None:
    """Who trained on it would test on it."""
    change = difference(state(replace(ENTRY, split="test")))
    assert change.moved == [ENTRY.id]
    assert change.level is Level.MAJOR


@pytest.mark.parametrize(
    ("changes", "found", "level"),
    [
        ({"section": {"dtype": "string", "_type": "Value"}}, "fields_added", Level.MINOR),
        ({"deck": None}, "fields_removed", Level.MAJOR),
        ({"deck": {"dtype": "int64", "_type": "Value"}}, "fields_retyped", Level.MAJOR),
        ({"names": [*NAMES, "EVENT"]}, "labels_added", Level.MINOR),
        ({"names": NAMES[:-1]}, "labels_removed", Level.MAJOR),
        ({"names": NAMES[::-1]}, "labels_removed", Level.MAJOR),
        ({"names": ["PERSON", *NAMES[1:]]}, "labels_removed", Level.MAJOR),
    ],
)
def test_fields_and_labels(changes: dict[str, Any], found: str, level: Level) -> None:
    """Adding is MINOR; taking away, retyping, renaming and renumbering are MAJOR."""
    change = difference(state(ENTRY, **changes))
    assert getattr(change, found)
    assert change.level is level
