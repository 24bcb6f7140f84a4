"""Reconcile the ledger with what a project holds, without trusting any notification.

Only tasks that changed since the last pull are read. What the last pull saw is kept on this
machine to save time: where it is missing or no longer fits the ledger, everything is read
again, and nothing is doubled.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from galley.annotations.correction import Correction, TextKey
from galley.annotations.finder import Finder
from galley.annotations.people import Directory
from galley.annotations.project import Project
from galley.annotations.pseudonym import Pseudonyms
from galley.annotations.reading import Setting, Unfit, read_task
from galley.annotations.result import Reader
from galley.annotations.server import Server
from galley.annotations.shape import stamp
from galley.files import append_jsonl, read_jsonl, write_json
from galley.hashing import canonical_json, sha256_json, sha256_text
from galley.ledger import STANDING, Event, Kind, Ledger


@dataclass(frozen=True)
class PullReport:
    """What a pull found.

    Attributes:
        annotations: Annotations that stand in the project.
        events: What is new in the ledger.
        records_changed: Records whose correction is another than before.
        quarantined: Annotations newly put into quarantine.
    """

    annotations: int
    events: int
    records_changed: int
    quarantined: int

    def to_json(self) -> dict[str, int]:
        """Return the counts."""
        names = ("annotations", "events", "records_changed", "quarantined")
        return {name: getattr(self, name) for name in names}

    def __add__(self, other: "PullReport") -> "PullReport":
        """Return what both found together."""
        one, two = self.to_json(), other.to_json()
        return PullReport(**{name: one[name] + two[name] for name in one})


@dataclass(frozen=True)
class Pull:
    """A pull from one project.

    Attributes:
        server: The server.
        project: Its project.
        ledger: Where events go.
        quarantine: The file for annotations that do not fit.
        seen: The file that keeps what the last pull saw.
        correct: Returns what events say about each text, as a release would have it.
        kind: What its annotations are: opinions, or decisions.
        advance: Is told how many tasks are read, and 0: how many there will be shows at the end.
    """

    server: Server
    project: Project
    ledger: Ledger
    quarantine: Path
    seen: Path
    correct: Callable[[list[Event]], dict[TextKey, Correction]]
    kind: Kind = Kind.ANNOTATED
    advance: Callable[[int, int], object] = lambda *_: None

    def run(
        self,
        reader: Reader,
        *,
        people: Callable[[], Pseudonyms],
        guideline: str,
        quick: bool = False,
    ) -> PullReport:
        """Bring the ledger up to date: events first of all, then everything else.

        Args:
            reader: Reads results under the vocabularies.
            people: Gives the annotators' pseudonyms; asked for once somebody annotated.
            guideline: Version of the guidelines.
            quick: Whether to list only what changed since the last pull; tasks that were
                deleted are not noticed then.
        """
        events = self.ledger.events()
        last = self._last(events)
        find = Finder(self.server, self.project, self._seen(last), last, quick=quick)
        setting = Setting(
            reader,
            self._server_name(last),
            self.project.uuid,
            Directory(self.server, self.project, people).pseudonym,
            guideline,
            self.kind,
        )
        found = list(_named(read_task(t, setting, last=last) for t in self._counted(find.tasks())))
        read = [item for item in found if isinstance(item, Event)]
        new = [item for item in read if is_news(item, last.get(item.origin["annotation"]))]
        new += _deletions(last, find)
        added = self.ledger.append(new)
        unfit = put_aside((item for item in found if isinstance(item, Unfit)), self.quarantine)
        after = _joined(events, new) if added == len(new) else self.ledger.events()
        now = self._last(after)
        self._remember(find.there, now)
        standing = sum(item.kind in STANDING for item in now.values())
        changed = self._changed(events, after) if new else 0
        return PullReport(standing, added, changed, unfit)

    def _counted(self, tasks: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for number, task in enumerate(tasks, 1):
            yield task
            self.advance(number, 0)

    def _changed(self, before: list[Event], after: list[Event]) -> int:
        """Return how many records have another correction than before."""
        old, new = self.correct(before), self.correct(after)
        return len({key[0] for key in old.keys() | new.keys() if old.get(key) != new.get(key)})

    def _last(self, events: Iterable[Event]) -> dict[int, Event]:
        """Return the last event of each annotation of this project, by number."""
        ours = (event for event in events if event.origin["project"] == self.project.uuid)
        return {event.origin["annotation"]: event for event in ours}

    def _server_name(self, last: dict[int, Event]) -> str:
        """Name the server, as before where the same one has come by another address."""
        for event in last.values():
            return str(event.origin["server"])
        return sha256_text(self.server.url)[:12]

    def _seen(self, last: dict[int, Event]) -> dict[int, str]:
        try:
            state = json.loads(self.seen.read_text(encoding="utf-8"))
            tasks = state["tasks"] if state["state"] == self._state(last) else {}
            return {int(number): str(at) for number, at in tasks.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _remember(self, there: dict[int, str], last: dict[int, Event]) -> None:
        if self._seen(last) != there:
            tasks = {str(number): at for number, at in there.items()}
            write_json(self.seen, {"state": self._state(last), "tasks": tasks})

    def _state(self, last: dict[int, Event]) -> str:
        """Name what the ledger knows of this project: another ledger needs another look."""
        return sha256_json([self.project.uuid, sorted(event.event for event in last.values())])


def _named(found: Iterable[Iterable[Event | Unfit]]) -> Iterator[Event | Unfit]:
    """Yield all items; events are given their names meanwhile, as the next tasks travel."""
    for item in chain.from_iterable(found):
        if isinstance(item, Event):
            _ = item.event
        yield item


def _joined(events: list[Event], new: list[Event]) -> list[Event]:
    return sorted([*events, *new], key=lambda event: (event.at, event.event))


def put_aside(unfit: Iterable[Unfit], quarantine: Path) -> int:
    """Append to the quarantine what is not in it yet, and return how many that were."""
    known = {canonical_json(entry) for _, entry in read_jsonl(quarantine)}
    new = [entry for item in unfit if canonical_json(entry := item.to_json()) not in known]
    append_jsonl(quarantine, new)
    return len(new)


def is_news(event: Event, known: Event | None) -> bool:
    """Tell whether `event` says anything that `known`, the last of its annotation, does not."""
    if known is None:
        return True
    names = ["kind", "record_id", "text_sha256", "after"]
    if known.known_as is None:  # else whoever it was has another pseudonym now, and said no more
        names.append("annotator")
    return any(getattr(event, name) != getattr(known, name) for name in names)


def _deletions(last: dict[int, Event], find: Finder) -> list[Event]:
    """Return an event for each known annotation that is gone, alone or with its task."""
    events = []
    for number, event in last.items():
        task = event.origin["task"]
        read = find.read.get(task)
        gone = number not in read if read is not None else task not in find.there
        if gone and event.kind != Kind.DELETED:
            events.append(_deletion(event, find.there.get(task, "")))
    return events


def _deletion(event: Event, at: str) -> Event:
    """Return the event after `event`: the server says when a task changed, not when it went."""
    next_moment = datetime.fromisoformat(event.at) + timedelta(microseconds=1)
    return replace(
        event,
        kind=Kind.DELETED.value,
        at=max(stamp(at or event.at), stamp(next_moment.isoformat())),
        lead_time=None,
        suggestion=None,
        before=event.after,
        after=None,
        context=None,
        repairs=None,
        known_as=None,
    )
