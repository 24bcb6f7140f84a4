"""Find the tasks of a project that may hold news, and those that are gone."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from galley.annotations.listing import ListedTask, fetch_tasks, list_tasks, span_of
from galley.annotations.project import Project
from galley.annotations.receipt import count_totals
from galley.annotations.server import Server


@dataclass
class Finder:
    """What one pull looks at.

    Attributes:
        server: The server.
        project: Its project.
        seen: When each task that the last pull saw had last changed; empty where it is not
            known, then all tasks with annotations are read.
        known: The tasks of all annotations that the ledger knows.
        quick: Whether to look no further than for changes: deleted tasks are not noticed.
        there: After `tasks`: the tasks that are there, and when they last changed; without
            those that nobody ever touched where nothing had been seen before.
        read: After `tasks`: the annotations of each task that was read.
        unread: After `tasks`: those that the server failed at; nothing is known of them.
    """

    server: Server
    project: Project
    seen: Mapping[int, str]
    known: AbstractSet[int]
    quick: bool = False
    there: dict[int, str] = field(default_factory=dict)
    read: dict[int, set[int]] = field(default_factory=dict)
    unread: set[int] = field(default_factory=set)

    def tasks(self) -> Iterator[dict[str, Any]]:
        """Yield the tasks that may hold news, each with its annotations."""
        span = None if self.seen else span_of(self.server, self.project)
        if span is not None:
            yield from self._fetch(list(span), touched=True)
            yield from self._fetch(sorted(self.known - self.there.keys() - self.unread))
            return
        listed = self._listing()
        self.there |= {task.id: task.updated_at for task in listed}
        ours = (task for task in listed if task.key and (task.touched or task.id in self.known))
        changed = [task.id for task in ours if self.seen.get(task.id) != task.updated_at]
        yield from self._fetch(changed)
        for number in self.unread:  # the next pull asks again
            del self.there[number]

    def _listing(self) -> list[ListedTask]:
        """Return tasks that may have changed: where none was deleted, only those that have."""
        if not self.seen:
            return list_tasks(self.server, self.project)
        newest = max(self.seen.values())
        changed = list_tasks(self.server, self.project, after=newest)
        together = len(self.seen.keys() | {task.id for task in changed})
        if self.quick or count_totals(self.server, self.project)[0] == together:
            self.there |= self.seen
            return changed
        return list_tasks(self.server, self.project)

    def _fetch(self, ids: list[int], *, touched: bool = False) -> Iterator[dict[str, Any]]:
        tasks = fetch_tasks(self.server, self.project, ids, touched=touched, unread=self.unread)
        for task in tasks:
            self.there[task["id"]] = task["updated_at"]
            self.read[task["id"]] = {item["id"] for item in task["annotations"]}
            if "record_id" in (task["meta"] or {}):  # push made it
                yield task
