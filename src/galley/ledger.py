"""The ledger: every piece of human work, append-only.

One JSON line for each event in `annotations/ledger/*.jsonl`. Each clone of a workspace
appends to a file of its own, so git never has to merge two appends, and the events that a
release was made from are a prefix of each file. Two things are ever changed in it: of an event
whose record was retracted a tombstone keeps the name and the place, and one whose annotator was
forgotten bears another pseudonym under its old name. An event is named by the hash of its
content, so the same annotation pulled by two clones is one event.
"""

import re
import secrets
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from galley.errors import LedgerError
from galley.files import append_jsonl, locate_jsonl, write_jsonl, write_text
from galley.hashing import canonical_json, sha256_json, sha256_text
from galley.record import is_said

FORMAT = 1
_TOMBSTONE = "tombstone"
# Within a string of a line the quotation marks would be escaped.
_RECORD = re.compile(rb'"record_id":"([0-9a-f]{32})"')
_NAME = re.compile(rb'"event":"([0-9a-f]{64})"')
# Fields that older events lack: without them an event has the name that it always had.
_LATER = frozenset({"context", "repairs"})
_REKEYED, _OTHER = "rekeyed", "known_as"


class Kind(StrEnum):
    """What happened to an annotation."""

    ANNOTATED = "annotated"  # made or changed; `after` is what the person left
    SKIPPED = "skipped"  # the person passed the task over
    DELETED = "deleted"  # it is gone from the server; `after` is null
    ADJUDICATED = "adjudicated"  # decided between people, or looked at again: it stands


STANDING = frozenset({Kind.ANNOTATED, Kind.ADJUDICATED})
_KINDS = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True)
class Event:
    """One change of one annotation.

    Attributes:
        kind: One of `Kind`.
        record_id: The record that was annotated.
        text_sha256: The text that the offsets count in.
        annotator: Keyed pseudonym of the person.
        at: The server's time of the change, ISO 8601 in UTC.
        lead_time: Seconds that the person took, where the server says so.
        origin: `server`, `project`, `task`, `annotation`: which annotation it is.
        suggestion: What was shown to the person: `{"model", "tags", "entities"}`, or None.
        before: The annotation before the change: `{"tags", "entities"}`, or None.
        after: The annotation after it: `{"tags", "entities"}`, or None.
        guideline: Version of the guidelines.
        taxonomy: Version of the tag vocabulary.
        context: What stood before and after each entity of `after`, to find it again in
            another text; None in events of before Galley kept it.
        repairs: What was read otherwise than it came in, each with its `rule`; None where
            nothing was.
        known_as: The name that the event had under another pseudonym; None for most.
    """

    kind: str
    record_id: str
    text_sha256: str
    annotator: str
    at: str
    lead_time: float | None
    origin: dict[str, Any]
    suggestion: dict[str, Any] | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    guideline: str
    taxonomy: str
    format: int = FORMAT
    context: list[list[str]] | None = None
    repairs: list[dict[str, Any]] | None = None
    known_as: str | None = None

    @cached_property
    def event(self) -> str:
        """The event's name: the hash of its canonical payload, as it was when it was made."""
        return self.known_as or sha256_json(self._payload)

    @property
    def _payload(self) -> dict[str, Any]:
        """What is hashed: fields that came later are left out where they say nothing."""
        payload = ((item.name, getattr(self, item.name)) for item in fields(self))
        return {k: v for k, v in payload if k != _OTHER and (v is not None or k not in _LATER)}

    @property
    def annotation(self) -> str:
        """Which annotation the event is about, the same for all its events.

        The project's name is unique, whatever address its server was reached by.
        """
        return canonical_json([self.origin["project"], self.origin["annotation"]])

    def to_json(self) -> dict[str, Any]:
        """Return the ledger line; `rekeyed` covers one whose name says nothing of its content."""
        line = {"event": self.event, **self._payload}
        return line if self.known_as is None else {**line, _REKEYED: sha256_json(line)}


@dataclass(frozen=True)
class Tombstone:
    """What is left of an event whose record was retracted.

    Attributes:
        event: The event's name: heads of the ledger from before still hold.
        record_id: The record that was annotated.
    """

    event: str
    record_id: str

    def to_json(self) -> dict[str, Any]:
        """Return the ledger line."""
        line = {"event": self.event, "record_id": self.record_id}
        return {**line, "kind": _TOMBSTONE, "format": FORMAT}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line of the ledger stands.

    Attributes:
        path: Its file.
        start: The byte at which it begins.
    """

    path: Path
    start: int


class Ledger:
    """The ledger of one workspace.

    Args:
        folder: `annotations/ledger`.
        writer: A file that keeps the name of this clone's own ledger file; it is made at the
            first append. It must not be committed.
        retracted: Returns the records whose events are not taken in any more.
    """

    def __init__(
        self, folder: Path, *, writer: Path, retracted: Callable[[], Container[str]] = tuple
    ) -> None:
        self._folder = folder
        self._writer = writer
        self._retracted = retracted

    def events(
        self, head: dict[str, Any] | None = None, *, about: Container[str] | None = None
    ) -> list[Event]:
        """Return all events, each once, by time and name.

        Args:
            head: Only those that it covers.
            about: Only those of these records; lines of others are passed over unread, which is
                quick.

        Raises:
            LedgerError: A line's name does not fit its content, or `head` is not there.
        """
        found = self._lines(head, about).values()
        events = (line for line in found if isinstance(line, Event))
        return sorted(events, key=lambda event: (event.at, event.event))

    @property
    def retracted(self) -> Container[str]:
        """The records whose events are not taken in any more."""
        return self._retracted()

    def append(self, events: Iterable[Event]) -> int:
        """Append the events that are not there yet, and return how many they were."""
        gone = self.retracted
        new = {event.event: event for event in events if event.record_id not in gone}
        for path in sorted(self._folder.glob("*.jsonl")) if new else ():
            for _, line in _locate(path, _naming(_NAME, new)):
                new.pop(line.event, None)
        append_jsonl(self._own_file(), [event.to_json() for event in new.values()])
        return len(new)

    def stream(self) -> Iterator[tuple[Place, Event]]:
        """Yield all events with their places, file by file, without keeping any of them.

        One that two clones pulled comes twice; where only one of them rekeyed it, once under
        each pseudonym. What any of them buried does not come.
        """
        paths = sorted(self._folder.glob("*.jsonl"))
        buried = {
            line.event
            for path in paths
            for _, line in _locate(path, _is_buried)
            if isinstance(line, Tombstone)
        }
        for path in paths:
            for start, line in _locate(path):
                if isinstance(line, Event) and line.event not in buried:
                    yield Place(path, start), line

    def at(self, place: Place) -> Event:
        """Return the event at a place that `stream` gave.

        Raises:
            LedgerError: There is none any more.
        """
        found = next(_locate(place.path, start=place.start), None)
        if found is None or not isinstance(found[1], Event):
            raise LedgerError(
                f"{place.path.name} was changed meanwhile", code="ledger_event", hint="try again"
            )
        return found[1]

    def head(self) -> dict[str, Any]:
        """Return what names the ledger's present state: per file, the number of its events.

        `sha256` covers the sorted names of all events.
        """
        # each file is read once: a pull may append meanwhile
        read = {
            path.name: [line.event for line in _read(path)]
            for path in sorted(self._folder.glob("*.jsonl"))
        }
        names = {name for lines in read.values() for name in lines}
        files = {name: len(lines) for name, lines in read.items()}
        return {"sha256": _digest(names), "events": len(names), "files": files}

    def count(self, records: Container[str]) -> int:
        """Return how many events there are about `records`."""
        return sum(event.record_id in records for event in self.events())

    def bury(self, records: Container[str]) -> None:
        """Replace what was said about `records` by tombstones, which keep the events' names."""
        for path in sorted(self._folder.glob("*.jsonl")):
            lines = list(_read(path))
            left = [
                Tombstone(line.event, line.record_id) if line.record_id in records else line
                for line in lines
            ]
            if left != lines:
                write_jsonl(path, (line.to_json() for line in left))

    def rekey(self, old: str, new: str) -> int:
        """Give the person `old` the pseudonym `new`; return how many events say so now.

        The events keep their names, so that heads of the ledger from before still hold.
        """
        number = 0
        for path in sorted(self._folder.glob("*.jsonl")):
            lines = list(_read(path))
            mine = [isinstance(line, Event) and line.annotator == old for line in lines]
            if any(mine):
                left = [
                    replace(line, annotator=new, known_as=line.event)
                    if isinstance(line, Event) and line.annotator == old
                    else line
                    for line in lines
                ]
                write_jsonl(path, (line.to_json() for line in left))
            number += sum(mine)
        return number

    def _lines(
        self, head: dict[str, Any] | None = None, about: Container[str] | None = None
    ) -> "dict[str, Event | Tombstone]":
        """Return each event by its name; what one clone buried or rekeyed is so for all."""
        found: dict[str, Event | Tombstone] = {}
        for path in sorted(self._folder.glob("*.jsonl")):
            lines = list(_read(path, about))
            if head is not None:
                lines = _prefix(path, lines, head)
            for line in lines:
                known = found.get(line.event)
                if known is None or _rank(line) > _rank(known):
                    found[line.event] = line
        if head is not None:
            _check_head(found, head)
        return found

    def _own_file(self) -> Path:
        if not self._writer.exists():
            write_text(self._writer, secrets.token_hex(4) + "\n")
        return self._folder / f"{self._writer.read_text(encoding='utf-8').strip()}.jsonl"


def _rank(line: Event | Tombstone) -> int:
    """Return which of two lines of one name counts: the one that says least."""
    if isinstance(line, Tombstone):
        return 2
    return 0 if line.known_as is None else 1


def _read(path: Path, about: Container[str] | None = None) -> Iterator[Event | Tombstone]:
    for _, line in _locate(path, None if about is None else _naming(_RECORD, about)):
        yield line


def _locate(
    path: Path, wanted: Callable[[bytes], bool] | None = None, *, start: int = 0
) -> Iterator[tuple[int, Event | Tombstone]]:
    """Yield each line that is wanted, with the byte at which it begins."""
    names = {item.name for item in fields(Event)} - {_OTHER}
    for number, begin, line in locate_jsonl(path, wanted=wanted, start=start):
        try:
            if line["kind"] == _TOMBSTONE:
                yield begin, Tombstone(_text(line["event"]), _text(line["record_id"]))
                continue
            said = {name: line[name] for name in names - (_LATER - line.keys())}
            event = Event(**said, known_as=line["event"] if _REKEYED in line else None)
            _ = event.event  # of what no hash can be told, there is no name
            _check_kinds(event)
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise LedgerError(
                f"{path.name}:{number} is no event: {error!r}",
                code="ledger_event",
                hint="the ledger is append-only: restore the line from git",
            ) from error
        if event.event != line.get("event") or event.to_json().get(_REKEYED) != line.get(_REKEYED):
            raise LedgerError(
                f"{path.name}:{number} was changed: its content has the name {event.event}, "
                f"the line says {line.get('event')}",
                code="ledger_hash",
                hint="the ledger is append-only: restore the line from git",
            )
        yield begin, event


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is expected")
    return value


def _check_kinds(event: Event) -> None:
    """Raise unless every value of an event is of its kind: its name tells only that it is whole.

    Raises:
        TypeError: One is not.
    """
    texts = (event.record_id, event.text_sha256, event.annotator, event.at, event.guideline)
    origin, parts = event.origin, (event.suggestion, event.before, event.after)
    whole = (
        event.kind in _KINDS
        and all(isinstance(text, str) for text in (*texts, event.taxonomy))
        and isinstance(event.lead_time, int | float | None)
        and isinstance(origin["annotation"], int | str | None)
        and isinstance(origin["task"], int | str | None)
        and isinstance(origin["project"], int | str)
        and isinstance(origin["server"], str)
        and all(part is None or is_said(part) for part in parts)
        and (event.after is not None or event.kind not in STANDING)
        and isinstance(event.context, list | None)
        and isinstance(event.repairs, list | None)
    )
    if not whole:
        raise TypeError("a value is of another kind")
    datetime.fromisoformat(event.at)


def _naming(part: re.Pattern[bytes], names: Container[str]) -> Callable[[bytes], bool]:
    """Return what tells whether a line has one of `names` as this part, or cannot be told."""

    def wanted(line: bytes) -> bool:
        named = part.search(line)
        return named is None or named[1].decode() in names

    return wanted


def _is_buried(line: bytes) -> bool:
    return _TOMBSTONE.encode() in line


def _prefix(
    path: Path, lines: list[Event | Tombstone], head: dict[str, Any]
) -> list[Event | Tombstone]:
    return lines[: head["files"].get(path.name, 0)]


def _check_head(found: Iterable[str], head: dict[str, Any]) -> None:
    found = list(found)
    digest = _digest(found)
    if digest != head["sha256"]:
        raise LedgerError(
            f"the ledger does not hold the state {head['sha256'][:12]} of {head['events']} events; "
            f"its first lines give {digest[:12]} of {len(found)}",
            code="ledger_head",
            hint="get the ledger files of that release from git",
        )


def _digest(names: Iterable[str]) -> str:
    return sha256_text("\n".join(sorted(names)))
