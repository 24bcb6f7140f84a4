"""What a project holds: a light listing of all its tasks, and some of them whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from galley.annotations.correction import TextKey
from galley.annotations.project import Project
from galley.annotations.server import Server

# Tasks in one answer: 20,000 light ones take 10 s, whole ones are read with their texts.
_LIGHT_PAGE, _WHOLE_PAGE = 20_000, 200
# Two changes can have one time, and a later one may be stored first.
_MARGIN = timedelta(seconds=5)
_LIGHT = "id,meta,updated_at,total_annotations,cancelled_annotations"
# The names count at every depth of the answer, so those of annotations stand here too.
_WHOLE = (
    "id,meta,data,updated_at,annotations,predictions,drafts,"
    "result,completed_by,updated_by,was_cancelled,lead_time,parent_prediction"
)


@dataclass(frozen=True, slots=True)
class ListedTask:
    """A task as the listing has it, without its text.

    Attributes:
        id: Its number on the server.
        meta: What push wrote there; empty for a task that push did not make.
        updated_at: The server's time of its last change, its annotations' included.
        touched: Whether it has an annotation or was skipped.
    """

    id: int
    meta: dict[str, Any]
    updated_at: str
    touched: bool

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
        answer = server.get("/api/tasks", {**query, "page": page}, body=body)
        total = answer["total"]
        tasks.update((item["id"], _listed(item)) for item in answer["tasks"])
        if not answer["tasks"]:
            break
    return [tasks[number] for number in sorted(tasks)]


def _changed_after(at: str) -> dict[str, Any]:
    moment = datetime.fromisoformat(at).astimezone(UTC) - _MARGIN
    condition = {
        "filter": "filter:tasks:updated_at",
        "operator": "greater",
        "type": "Datetime",
        "value": moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),  # to another form it answers 500
    }
    return {"filters": {"conjunction": "and", "items": [condition]}}


def fetch_tasks(server: Server, project: Project, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield the tasks with these numbers, with text, annotations and predictions."""
    for start in range(0, len(ids), _WHOLE_PAGE):
        wanted = list(ids[start : start + _WHOLE_PAGE])
        condition = {
            "filter": "filter:tasks:id",
            "operator": "in_list",
            "type": "Number",
            "value": wanted,
        }
        answer = server.get(
            "/api/tasks",
            {
                "project": project.id,
                "fields": "all",
                "include": _WHOLE,
                "page_size": _WHOLE_PAGE,
            },
            body={"filters": {"conjunction": "and", "items": [condition]}},
        )
        yield from answer["tasks"]


def _listed(item: dict[str, Any]) -> ListedTask:
    touched = bool(item["total_annotations"] or item["cancelled_annotations"])
    meta = item["meta"] if isinstance(item["meta"], dict) else {}
    return ListedTask(item["id"], meta, item["updated_at"], touched)
