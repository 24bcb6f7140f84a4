"""What is in a project: a light listing of its tasks, and the tasks themselves.

Whole tasks come from the server's export, by numbers: it is the one answer that holds, beside
an annotation, the prediction that was shown when it was made. What the task has as predictions
today is asked for only where that is missing.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from galley.annotations.answer import expect, expect_rows
from galley.annotations.correction import TextKey
from galley.annotations.project import Project
from galley.annotations.server import Server
from galley.errors import ServerError

# Light tasks in one answer: 20,000 take 10 s.
_LIGHT_PAGE = 20_000
# Whole tasks in one answer: their numbers stand in its address, of which proxies take 8 KB.
_WHOLE_PAGE = 400
# Tasks whose predictions are asked for one by one, before all of the project are; and those that
# may be left out because the server fails at them.
_FEW = 10
# Seconds within which a server says that it fails at a task.
_SOON = 5.0
# Two changes can have one time, and a later one may be stored first.
_MARGIN = timedelta(seconds=5)
_LIGHT = "id,meta,updated_at,total_annotations,cancelled_annotations,total_predictions"


@dataclass(frozen=True, slots=True)
class ListedTask:
    """A task as the listing has it, without its text.

    Attributes:
        id: Its number on the server.
        meta: What push wrote there; empty for a task that push did not make.
        updated_at: The server's time of its last change, its annotations' included.
        touched: Whether it has an annotation or was skipped.
        predicted: Whether it has a prediction.
    """

    id: int
    meta: dict[str, Any]
    updated_at: str
    touched: bool
    predicted: bool = True

    @property
    def key(self) -> TextKey | None:
        """Which text of which record it holds; None for a task that push did not make."""
        if "record_id" not in self.meta or "text_sha256" not in self.meta:
            return None
        return self.meta["record_id"], self.meta["text_sha256"]

    @property
    def archived(self) -> bool:
        """Whether it was put aside."""
        return bool(self.meta.get("archived"))


def list_tasks(server: Server, project: Project, *, after: str | None = None) -> list[ListedTask]:
    """Return the tasks of `project`, by number.

    Args:
        server: The server.
        project: Its project.
        after: Only those that changed since this time of the server, and a little before it;
            None for all.
    """
    query = {"project": project.id, "include": _LIGHT, "page_size": _LIGHT_PAGE}
    body = None if after is None else _changed_after(after)
    tasks: dict[int, ListedTask] = {}
    total = 1
    while len(tasks) < total:
        page = len(tasks) // _LIGHT_PAGE + 1
        answer = expect(
            server.get("/api/tasks", {**query, "page": page}, body=body), "total", "tasks"
        )
        total = answer["total"]
        tasks.update((item["id"], _listed(item)) for item in answer["tasks"])
        if not answer["tasks"]:
            break
    return [tasks[number] for number in sorted(tasks)]


def _changed_after(at: str) -> dict[str, Any]:
    moment = datetime.fromisoformat(at) - _MARGIN
    condition = {
        "filter": "filter:tasks:updated_at",
        "operator": "greater",
        "type": "Datetime",
        "value": server_time(moment),
    }
    return {"filters": {"conjunction": "and", "items": [condition]}}


def server_time(moment: datetime) -> str:
    """Return a moment as filters take it: to another form the server answers 500."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def fetch_tasks(
    server: Server,
    project: Project,
    ids: Sequence[int],
    *,
    touched: bool = False,
    unread: set[int] | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the tasks with these numbers, with text, annotations and predictions.

    Args:
        server: The server.
        project: Its project.
        ids: Their numbers; those that the project has not are passed over.
        touched: Whether to leave out tasks without annotations.
        unread: Where to put the numbers of tasks that the server fails at, as it does at a
            surrogate without the other in a result; None if it must not fail.

    Raises:
        ServerError: It fails, or at more than some tasks.
    """
    source = _Export(server, project, touched, unread)
    pages = (ids[start : start + _WHOLE_PAGE] for start in range(0, len(ids), _WHOLE_PAGE))
    for page in _ahead(source.fetch, pages):
        yield from page


def span_of(server: Server, project: Project) -> range | None:
    """Return the numbers that all tasks have, if few others lie between them.

    To try them all is quicker than to list those that are annotated. On a server with many
    projects the numbers of one are scattered.
    """
    query = {"project": project.id, "include": "id", "page_size": 1}
    found = (server.get("/api/tasks", query, body={"ordering": [o]}) for o in ("id", "-id"))
    answers = [expect(answer, "total", "tasks") for answer in found]
    ends = [answer["tasks"][0]["id"] for answer in answers if answer["tasks"]]
    if not ends:
        return range(0)
    span = range(min(ends), max(ends) + 1)
    return span if len(span) <= 2 * answers[0]["total"] + _WHOLE_PAGE else None


@dataclass
class _Export:
    """Fetches whole tasks of one project."""

    server: Server
    project: Project
    touched: bool
    unread: set[int] | None
    predictions: dict[int, list[dict[str, Any]]] | None = None

    def fetch(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        """Return tasks; at one that cannot be sent the server fails for all that are asked for."""
        began = time.monotonic()
        try:
            return self._fetch(ids)
        except ServerError as error:
            soon = time.monotonic() - began < _SOON  # else it is busy, or what stands before it
            if self.unread is None or error.code != "server_failed" or not soon:
                raise
            if len(ids) == 1:
                if len(self.unread) == _FEW:
                    raise
                self.unread.add(ids[0])
                return []
        middle = len(ids) // 2
        return [*self.fetch(ids[:middle]), *self.fetch(ids[middle:])]

    def _fetch(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        """Return tasks with their predictions, as far as any annotation needs them."""
        everything = str(not self.touched).lower()
        numbers = "".join(f"&ids[]={number}" for number in ids)  # as a query they would be escaped
        path = f"/api/projects/{self.project.id}/export?exportType=JSON"
        answer = self.server.get(f"{path}&download_all_tasks={everything}{numbers}")
        tasks = expect_rows(answer, "id", "updated_at", "meta", "annotations")
        lacking = [task["id"] for task in tasks if any(map(_lacks, task["annotations"]))]
        found = self._predictions(lacking)
        for task in tasks:
            task["predictions"] = found.get(task["id"], []) + _shown(task["annotations"])
        return tasks

    def _predictions(self, lacking: list[int]) -> dict[int, list[dict[str, Any]]]:
        if self.predictions is not None:
            return self.predictions
        if len(lacking) > _FEW:
            self.predictions = self._ask(project=self.project.id)
            return self.predictions
        return {number: self._ask(task=number).get(number, []) for number in lacking}

    def _ask(self, **query: int) -> dict[int, list[dict[str, Any]]]:
        found: dict[int, list[dict[str, Any]]] = {}
        for item in expect_rows(self.server.get("/api/predictions/", query), "task"):
            found.setdefault(item["task"], []).append(item)
        return found


def _lacks(annotation: dict[str, Any]) -> bool:
    """Tell whether an annotation began with a prediction that does not come with it."""
    parent = annotation.get("parent_prediction")
    return parent is not None and (annotation.get("prediction") or {}).get("id") != parent


def _shown(annotations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item["prediction"] for item in annotations if (item.get("prediction") or {}).get("id")]


def _ahead(
    fetch: Callable[[Sequence[int]], list[Any]], items: Iterable[Sequence[int]]
) -> Iterator[list[Any]]:
    """Yield what `fetch` makes of each of `items`, one of them in advance."""
    waiting: deque[Future[list[Any]]] = deque()
    with ThreadPoolExecutor(max_workers=1) as pool:
        for item in items:
            waiting.append(pool.submit(fetch, item))
            if len(waiting) > 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _listed(item: dict[str, Any]) -> ListedTask:
    touched = bool(item["total_annotations"] or item["cancelled_annotations"])
    meta = item["meta"] if isinstance(item["meta"], dict) else {}
    predicted = bool(item["total_predictions"])
    return ListedTask(item["id"], meta, item["updated_at"], touched, predicted)
