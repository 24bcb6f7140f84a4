"""Reconcile the ledger with what a project holds, without trusting any notification.

Only tasks that changed since the last pull are read. What the last pull saw is kept on this
machine to save time: where it is missing or no longer fits the ledger, everything is read
again, and nothing is doubled.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from galley.annotations.correction import Correction, TextKey
from galley.annotations.finder import Finder
from galley.annotations.known import Known
from galley.annotations.people import Directory
from galley.annotations.project import Project
from galley.annotations.pseudonym import Pseudonyms
from galley.annotations.reading import Setting, Unfit, read_task
from galley.annotations.result import Reader
from galley.annotations.server import Server
from galley.annotations.shape import stamp
from galley.files import append_jsonl, read_jsonl, write_json
from galley.hashing import canonical_json, sha256_text
from galley.ledger import Event, Kind, Ledger


@dataclass(frozen=True)
class PullReport:
    """What a pull found.

    Attributes:
        annotations: Annotations that stand in the project.
        events: What is new in the ledger.
        records_changed: Records whose correction is another than before.
        quarantined: Annotations newly put into quarantine.
        unread: The numbers of tasks that the server failed at: what was known of them stays.
    """

    annotations: int
    events: int
    records_changed: int
    quarantined: int
    unread: list[int] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the object of `galley pull --json`."""
        return dict(vars(self))

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
        correct: Returns what the ledger says now about each text of some records, as a release
            would have it.
        kind: What its annotations are: opinions, or decisions.
        advance: Is told how many tasks are read, and 0: how many there will be shows at the end.
    """

    server: Server
    project: Project
    ledger: Ledger
    quarantine: Path
    seen: Path
    correct: Callable[[Collection[str]], dict[TextKey, Correction]]
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
        known = Known(self.ledger, self.project.uuid)
        words = reader.vocabulary  # what did not fit them may fit others
        seen = self._seen(known, words)
        find = Finder(self.server, self.project, seen, known.tasks, quick=quick)
        setting = Setting(
            reader,
            known.server or sha256_text(self.server.url)[:12],
            self.project.uuid,
            Directory(self.server, self.project, people).pseudonym,
            guideline,
            self.kind,
        )
        new, unfit = [], []
        for item in self._read(find, setting, known):
            if isinstance(item, Unfit):
                unfit.append(item)
            elif is_news(item, last := known.get(item.origin["annotation"])):
                item = _after(item, last)  # noqa: PLW2901 - the same, at another time
                _ = item.event  # its name is found while the next tasks travel
                new.append(item)
        new += _deletions(known, find)
        about = {event.record_id for event in new}
        before = self.correct(about)
        added = self.ledger.append(new)
        gone = self.ledger.retracted
        unfit = [item for item in unfit if item.record_id not in gone]
        aside = put_aside(unfit, self.quarantine)
        if added == len(new):
            for event in new:
                known.note(event)
        else:  # some are of records that were retracted
            known = Known(self.ledger, self.project.uuid)
        self._remember(find.there, known, words)
        changed = _count_changed(before, self.correct(about))
        return PullReport(known.standing, added, changed, aside, sorted(find.unread))

    def _read(self, find: Finder, setting: Setting, known: Known) -> Iterator[Event | Unfit]:
        """Yield what each annotation of the tasks says."""
        for number, task in enumerate(find.tasks(), 1):
            yield from read_task(task, setting, last=known)
            self.advance(number, 0)

    def _seen(self, known: Known, words: str) -> dict[int, str]:
        try:
            state = json.loads(self.seen.read_text(encoding="utf-8"))
            same = (state["state"], state["words"]) == (known.state, words)
            tasks = state["tasks"] if same else {}
            return {int(number): str(at) for number, at in tasks.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _remember(self, there: dict[int, str], known: Known, words: str) -> None:
        if self._seen(known, words) != there:
            tasks = {str(number): at for number, at in there.items()}
            write_json(self.seen, {"state": known.state, "words": words, "tasks": tasks})


def _count_changed(old: dict[TextKey, Correction], new: dict[TextKey, Correction]) -> int:
    """Return how many records have another correction than before."""
    return len({key[0] for key in old.keys() | new.keys() if old.get(key) != new.get(key)})


def put_aside(unfit: Iterable[Unfit], quarantine: Path) -> int:
    """Append to the quarantine what is not in it yet, and return how many that were."""
    entries = (item.to_json() for item in unfit)
    new = {canonical_json(entry): entry for entry in entries}
    for _, entry in read_jsonl(quarantine) if new else ():
        new.pop(canonical_json(entry), None)
    append_jsonl(quarantine, new.values())
    return len(new)


def is_news(event: Event, known: Event | None) -> bool:
    """Tell whether `event` says anything that `known`, the last of its annotation, does not."""
    if known is None:
        return True
    names = ["kind", "record_id", "text_sha256", "after"]
    if known.known_as is None:  # else whoever it was has another pseudonym now, and said no more
        names.append("annotator")
    return any(getattr(event, name) != getattr(known, name) for name in names)


def _after(event: Event, last: Event | None) -> Event:
    """Return `event` at a time after `last`: it came later, whatever the server's clock said."""
    if last is None or event.at > last.at:
        return event
    return replace(event, at=_next_moment(last))


def _next_moment(event: Event) -> str:
    return stamp((datetime.fromisoformat(event.at) + timedelta(microseconds=1)).isoformat())


def _deletions(known: Known, find: Finder) -> list[Event]:
    """Return an event for each known annotation that is gone, alone or with its task."""
    events = []
    for number, task in known.there:
        read = find.read.get(task)
        if task in find.unread:
            continue
        if number not in read if read is not None else task not in find.there:
            events.append(_deletion(known[number], find.there.get(task, "")))
    return events


def _deletion(event: Event, at: str) -> Event:
    """Return the event after `event`: the server says when a task changed, not when it went."""
    return replace(
        event,
        kind=Kind.DELETED.value,
        at=max(stamp(at or event.at), _next_moment(event)),
        lead_time=None,
        suggestion=None,
        before=event.after,
        after=None,
        context=None,
        repairs=None,
        known_as=None,
    )
