"""What is known of a project's annotations: the same as all events say, in less room."""

import tracemalloc
from pathlib import Path

import pytest

from galley.annotations.known import Known
from galley.errors import LedgerError
from galley.ledger import Kind
from tests.unit.test_ledger import event, ledger


def test_the_last_of_each_annotation(tmp_path: Path) -> None:
    """By time, whatever order the lines have and whichever clone wrote them; of one project."""
    one, other = ledger(tmp_path, "one"), ledger(tmp_path, "other")
    elsewhere = {"server": "s", "project": "q", "task": 9, "annotation": 1}
    gone = event(2, kind=Kind.DELETED.value, after=None, at="2026-01-02T00:00:00Z")
    one.append([event(1, at="2026-01-03T00:00:00Z"), event(2), event(3, origin=elsewhere)])
    other.append([event(1), gone, event(4)])
    known = Known(one, "p")
    last = {e.origin["annotation"]: e for e in one.events() if e.origin["project"] == "p"}
    assert dict(known) == last
    assert known[2] == gone
    assert (set(known), known.standing, known.server) == ({1, 2, 4}, 2, "s")
    assert dict(known.there) == {1: 1, 4: 1}
    assert known.get(7) is None


def test_buried_and_rekeyed_by_one_clone(tmp_path: Path) -> None:
    """It is so for all: what is left is what `events` returns."""
    one, other = ledger(tmp_path, "one"), ledger(tmp_path, "other")
    one.append([event(1), event(2, record_id="c" * 32)])
    (path,) = (tmp_path / "ledger").iterdir()
    whole = path.read_bytes()
    one.bury(["c" * 32])
    one.rekey("p1", "p2")
    for name in ("0", "z"):
        (tmp_path / f"ledger/{name}.jsonl").write_bytes(whole)
        known = Known(other, "p")
        assert list(known.values()) == other.events()
        assert [found.annotator for found in known.values()] == ["p2"]


def test_what_was_just_appended(tmp_path: Path) -> None:
    """It counts without another look at the ledger, and names the same state as one."""
    book = ledger(tmp_path)
    book.append([event(1)])
    known, new = Known(book, "p"), event(1, at="2026-02-01T00:00:00Z")
    before = known.state
    book.append([new])
    known.note(new)
    assert known.state == Known(book, "p").state != before


def test_a_ledger_that_changes_meanwhile(tmp_path: Path) -> None:
    """As by git: another event is not taken for the one that stood there."""
    book = ledger(tmp_path)
    book.append([event(1), event(2)])
    known = Known(book, "p")
    (path,) = (tmp_path / "ledger").iterdir()
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    for number in (1, 2):
        with pytest.raises(LedgerError, match="meanwhile"):
            known[number]


def test_room_does_not_follow_what_was_said(tmp_path: Path) -> None:
    """A thousand annotations with ten kilobytes each take less than a kilobyte each."""
    book, number = ledger(tmp_path), 1000
    said = {"tags": ["x" * 10_000], "entities": []}
    at = "2026-01-01T00:00:00.{:06}Z"
    book.append(event(n, at=at.format(n), after=said) for n in range(number))
    tracemalloc.start()
    known = Known(book, "p")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(known) == number
    assert most < number * 1000
