"""The ledger: append-only, named by content, readable at any head."""

import json
from pathlib import Path
from typing import Any

import pytest

from galley.errors import LedgerError
from galley.ledger import Event, Ledger


def event(number: int, **changes: Any) -> Event:
    """Return an event of annotation `number`."""
    fields: dict[str, Any] = {
        "kind": "annotated", "record_id": "a" * 32, "text_sha256": "b" * 64, "annotator": "p1",
        "at": f"2026-01-01T00:00:{number:02}Z", "lead_time": 1.5, "suggestion": None, "before": None,
        "origin": {"server": "s", "project": "p", "task": 1, "annotation": number},
        "after": {"tags": ["é"], "entities": []}, "guideline": "1", "taxonomy": "1",
    }  # fmt: skip
    return Event(**{**fields, **changes})


def ledger(folder: Path, writer: str = "writer") -> Ledger:
    """Return the ledger in `folder` as the clone `writer` sees it."""
    return Ledger(folder / "ledger", writer=folder / writer)


def test_an_event_is_appended_once(tmp_path: Path) -> None:
    """The same event again is not written."""
    book = ledger(tmp_path)
    assert book.append([event(1), event(2), event(1)]) == 2
    assert book.append([event(2)]) == 0
    assert book.events() == [event(1), event(2)]


def test_two_clones_write_two_files_of_one_ledger(tmp_path: Path) -> None:
    """What two clones pulled is one ledger, each event once."""
    one, other = ledger(tmp_path, "one"), ledger(tmp_path, "other")
    one.append([event(1)])
    other.append([event(1), event(2)])
    assert len(list((tmp_path / "ledger").iterdir())) == 2
    assert one.events() == other.events() == [event(1), event(2)]


def test_head_reads_an_earlier_state(tmp_path: Path) -> None:
    """With the head of a release, later events are not seen."""
    book = ledger(tmp_path)
    book.append([event(1)])
    head = book.head()
    book.append([event(2)])
    assert book.events(head) == [event(1)]
    assert head != book.head()


def test_a_changed_line_is_found(tmp_path: Path) -> None:
    """A ledger line cannot be edited unseen."""
    book = ledger(tmp_path)
    book.append([event(1)])
    (path,) = (tmp_path / "ledger").iterdir()
    line = json.loads(path.read_text(encoding="utf-8"))
    line["after"]["tags"] = ["e"]
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(LedgerError, match="was changed"):
        book.events()


def test_a_head_that_is_gone_is_found(tmp_path: Path) -> None:
    """A head whose events are missing is refused."""
    book = ledger(tmp_path)
    book.append([event(1)])
    head = book.head() | {"sha256": "0" * 64}
    with pytest.raises(LedgerError) as caught:
        book.events(head)
    assert caught.value.code == "ledger_head"


def test_a_torn_last_line_swallows_nothing(tmp_path: Path) -> None:
    """After a crash in the middle of a line the next event is on a line of its own."""
    book = ledger(tmp_path)
    book.append([event(1)])
    (path,) = (tmp_path / "ledger").iterdir()
    with path.open("ab") as file:
        file.write(b'{"event": "torn')
    assert book.append([event(2)]) == 1
    assert book.events() == [event(1), event(2)]


def test_what_is_buried_keeps_its_name_and_place(tmp_path: Path) -> None:
    """The head from before still holds, the words are gone, and no append brings them back."""
    book = ledger(tmp_path)
    book.append([event(1), event(2, record_id="c" * 32)])
    head = book.head()
    book.bury(["a" * 32])
    assert book.events(head) == [event(2, record_id="c" * 32)]
    assert book.head() == head
    assert book.append([event(1)]) == 0
    assert "é" not in next((tmp_path / "ledger").iterdir()).read_text().splitlines()[0]


def test_one_clone_buries_for_all(tmp_path: Path) -> None:
    """Another clone's file that still has the event does not speak for it."""
    one, other = ledger(tmp_path, "one"), ledger(tmp_path, "other")
    one.append([event(1)])
    (path,) = (tmp_path / "ledger").iterdir()
    line = path.read_text()
    one.bury(["a" * 32])
    for name in ("0", "z"):
        (tmp_path / f"ledger/{name}.jsonl").write_text(line)
        assert other.events() == []


def test_a_retracted_record_takes_no_events(tmp_path: Path) -> None:
    """Whatever the server still says about it."""
    gone = frozenset({"a" * 32})
    book = Ledger(tmp_path / "ledger", writer=tmp_path / "writer", retracted=lambda: gone)
    assert book.append([event(1), event(2, record_id="c" * 32)]) == 1
