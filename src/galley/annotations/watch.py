"""Follow a project's changes by asking, in one small request, whether there are any."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from galley.annotations.answer import expect
from galley.annotations.project import Project
from galley.annotations.pull import PullReport
from galley.annotations.server import UNCLEAR, Server
from galley.errors import ServerError

# Seconds between two requests while nothing happens.
PERIOD = 2.0
# Failures that pass: no answer, too many requests, another command of this workspace at work.
_PASSING = UNCLEAR | {"server_busy", "server_throttled"}


def watch(
    server: Server,
    project: Project,
    *,
    pull: Callable[..., PullReport],
    note: Callable[[str], None],
) -> Iterator[PullReport]:
    """Yield a report at once, and another whenever a pull brought something; it never ends.

    Args:
        server: The server.
        project: Its project.
        pull: Brings the ledger up to date; with `quick`, without a look for deleted tasks.
        note: Is told what goes wrong and will be tried again.
    """
    seen: Any = None
    first, complaint = True, ""
    while True:
        began = time.monotonic()
        try:
            now = _pulse(server, project)
            if now != seen:
                same_tasks = seen is not None and seen[0] == now[0]
                # what changes meanwhile is seen next time
                report, seen = pull(quick=same_tasks), now
                if first or report.events or report.quarantined:
                    yield report
                first = False
            complaint = ""
        except ServerError as error:
            if error.code not in _PASSING:
                raise
            if error.message != complaint:
                complaint = error.message
                note(complaint)
        time.sleep(max(0.0, PERIOD - (time.monotonic() - began)))


def _pulse(server: Server, project: Project) -> list[Any]:
    """Return what is another value after any change: how many tasks, and the newest of them."""
    found = server.get(
        "/api/tasks",
        {"project": project.id, "include": "id,updated_at", "page_size": 1},
        body={"ordering": ["-tasks:updated_at"]},
    )
    answer = expect(found, "tasks", "total", "total_annotations")
    newest = [[task["id"], task["updated_at"]] for task in answer["tasks"]]
    return [answer["total"], answer["total_annotations"], newest]
