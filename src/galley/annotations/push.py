"""Carry out the plan of a push on the server."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from galley.annotations.correction import TextKey
from galley.annotations.importing import Importer
from galley.annotations.listing import ListedTask, fetch_tasks, list_tasks
from galley.annotations.plan import Act, Step, plan
from galley.annotations.result import Reader
from galley.annotations.selection import EVERYTHING, Selection
from galley.annotations.task import Task
from galley.schema.issue import Issue

_COUNTS = {
    Act.CREATE: "created",
    Act.REDRAW: "updated",
    Act.REFRESH: "updated",
    Act.KEEP: "unchanged",
    Act.ARCHIVE: "archived",
    Act.DROP: "archived",
    Act.WITHHOLD: "withheld",
}

# Tasks in the first request: the server need not wait until a whole batch is made ready.
_FIRST = 100


@dataclass
class PushReport:
    """What a push did.

    Attributes:
        project_id: The project's number on the server.
        counts: Tasks by what became of them.
        issues: Why tasks were withheld.
        found: How many tasks the project had before.
        standing: Texts that have an open task, by record and hash.
    """

    project_id: int
    counts: Counter[str] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)
    found: int = 0
    standing: set[TextKey] = field(default_factory=set)

    def add_sent(self, tasks: int, there: bool) -> None:  # noqa: FBT001 - called with a result
        """Count tasks that were sent."""
        self.counts["created" if there else "failed"] += tasks

    def add(self, step: Step) -> None:
        """Count a step, and what it found."""
        self.counts[_COUNTS[step.act]] += 1
        self.issues += step.issues
        if step.task and step.act != Act.WITHHOLD:
            self.standing.add(step.task.key)
        elif step.act == Act.ARCHIVE and step.listed and step.listed.key:
            self.standing.discard(step.listed.key)

    @property
    def records(self) -> int:
        """How many records have an open task."""
        return len({record_id for record_id, _ in self.standing}) - self.counts["failed"]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was done but to send what was missing, and nothing was left undone."""
        return set(+self.counts) <= {"created", "unchanged"}

    def to_json(self) -> dict[str, int]:
        """Return the counts, every one of them named."""
        names = ("created", "updated", "unchanged", "archived", "withheld", "failed")
        return {"project_id": self.project_id, **{name: self.counts[name] for name in names}}


@dataclass(frozen=True)
class Push:
    """A push to one project.

    Attributes:
        importer: Sends new tasks.
        reader: Checks predictions.
        batch: Tasks in one request.
        advance: Called for each task that was looked at.
        selection: What the push is limited to.
    """

    importer: Importer
    reader: Reader
    batch: int
    advance: Callable[[], None]
    selection: Selection = EVERYTHING

    def run(self, tasks: Iterable[Task]) -> PushReport:
        """Bring the project up to date with `tasks`."""
        unclear = self.importer.recover()
        listed = self._list()
        report = PushReport(self.importer.project.id, found=len(listed))
        report.standing |= {task.key for task in listed if task.key and not task.archived}
        steps = plan(tasks, listed, reader=self.reader, selection=self.selection)
        new = self._new(steps, report)
        with self.importer.behind(report.add_sent) as send:
            size = min(_FIRST, self.batch)
            while batch := list(islice(new, size)):
                send(batch)
                size = self.batch
        if unclear:
            self._drop_doubles()
        return report

    def _list(self) -> list[ListedTask]:
        project = self.importer.project
        return [] if project.fresh else list_tasks(self.importer.server, project)

    def _new(self, steps: Iterable[Step], report: PushReport) -> Iterator[Task]:
        """Yield the tasks that are to be sent; do on the way whatever else is to be done."""
        stale: list[Step] = []
        for step in steps:
            self.advance()
            if step.act == Act.CREATE and step.task:
                report.standing.add(step.task.key)
                yield step.task
                continue
            report.add(step)
            self._do(step)
            stale += [step] if step.act == Act.REFRESH else []
            if len(stale) >= self.batch:
                self._refresh(stale)
                stale.clear()
        self._refresh(stale)

    def _do(self, step: Step) -> None:
        if step.act == Act.REDRAW and step.task and step.listed:
            self._patch(step.listed, step.task.data, _redrawn(step.task, step.listed))
        elif step.act == Act.ARCHIVE and step.listed:
            self._archive(step.listed)
        elif step.act == Act.DROP and step.listed:
            self._drop(step.listed)

    def _refresh(self, steps: list[Step]) -> None:
        """Replace predictions; `meta` is written last, so that a run cut short is repeated."""
        pairs = [(step.listed, step.task) for step in steps if step.listed and step.task]
        if not pairs:
            return
        with self.importer.replacing():
            self._replace(pairs)

    def _replace(self, pairs: list[tuple[ListedTask, Task]]) -> None:
        server, project = self.importer.server, self.importer.project
        selected = {"all": False, "included": [listed.id for listed, _ in pairs]}
        server.post(
            "/api/dm/actions",
            {"selectedItems": selected},
            query={"id": "delete_tasks_predictions", "project": project.id},
        )
        predictions = [
            {"task": listed.id, **task.prediction} for listed, task in pairs if task.prediction
        ]
        if predictions:
            server.post(f"/api/projects/{project.id}/import/predictions", predictions)
        for listed, task in pairs:
            self._patch(listed, task.data, task.meta)

    def _archive(self, listed: ListedTask) -> None:
        for task in self._fetch(listed):
            self._patch(listed, task["data"] | {"archived": True}, listed.meta | {"archived": True})

    def _drop(self, listed: ListedTask) -> None:
        """Delete a second task of the same text, unless somebody has begun with it."""
        for task in self._fetch(listed):
            if task["annotations"] or task["drafts"]:
                self._archive(listed)
            else:
                self.importer.server.delete(f"/api/tasks/{listed.id}")

    def _drop_doubles(self) -> None:
        """Look once more for tasks that an earlier run's last request brought after all."""
        listed = list_tasks(self.importer.server, self.importer.project)
        for step in plan((), listed, reader=self.reader):
            if step.act == Act.DROP and step.listed:
                self._drop(step.listed)

    def _patch(self, listed: ListedTask, data: dict[str, Any], meta: dict[str, Any]) -> None:
        self.importer.server.patch(f"/api/tasks/{listed.id}", {"data": data, "meta": meta})

    def _fetch(self, listed: ListedTask) -> Iterator[dict[str, Any]]:
        return fetch_tasks(self.importer.server, self.importer.project, [listed.id])


def preview(steps: Iterable[Step], project_id: int) -> PushReport:
    """Return what a push would do, doing nothing."""
    report = PushReport(project_id)
    for step in steps:
        report.add(step)
    return report


def _redrawn(task: Task, listed: ListedTask) -> dict[str, Any]:
    """Return the new `meta` of a task that keeps its prediction."""
    kept = {name: listed.meta.get(name) for name in ("shown", "model")}
    return task.meta | kept
