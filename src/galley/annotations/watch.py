"""Follow the changes of a workspace's projects by asking, in one small request, for any.

The annotators' project is asked about every other time, the projects of those who decide take
turns in between. Without any of these it is asked about every time.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

from galley.annotations.answer import expect
from galley.annotations.project import Project
from galley.annotations.pull import PullReport
from galley.annotations.server import UNCLEAR, Server
from galley.errors import ServerError

# Seconds between two requests while nothing happens.
PERIOD = 2.0
# One turn in so many is for a look which projects there are; an odd one, when they take turns.
_LOOK = 16
# Failures that pass: no answer, too many requests, another command of this workspace at work.
_PASSING = UNCLEAR | {"server_busy", "server_throttled"}


def watch(
    server: Server,
    project: Project,
    *,
    reviews: Callable[[], Sequence[Project]],
    pull: Callable[..., PullReport],
    note: Callable[[str], None],
) -> Iterator[PullReport]:
    """Yield a report at once, and another whenever a pull brought something; it never ends.

    Args:
        server: The server.
        project: The annotators' project.
        reviews: Asks the server which projects of decisions there are.
        pull: Brings the ledger up to date; with `quick`, without a look for deleted tasks.
        note: Is told what goes wrong and will be tried again.
    """
    seen: dict[int, Any] = {}
    others: Sequence[Project] = ()
    first, complaint = True, ""
    for turn in count():
        began = time.monotonic()
        try:
            if first or turn % _LOOK == _LOOK - 1:
                others = reviews()
            due = [project, *others] if first else _due(turn, project, others)
            now = dict(_pulses(server, project, due))
            changed = {key: pulse for key, pulse in now.items() if seen.get(key) != pulse}
            if changed:
                same_tasks = all(key in seen and seen[key][0] == changed[key][0] for key in changed)
                report = pull(quick=same_tasks)
                seen |= changed  # what changes meanwhile is seen next time
                if first or report.events or report.quarantined or report.unread:
                    yield report
                first = False
            complaint = ""
        except ServerError as error:
            if error.code not in _PASSING:
                raise
            if error.message != complaint:
                complaint = error.message
                note(complaint)
        server.moments.clear()  # only a push asks for them, and this never ends
        time.sleep(max(0.0, PERIOD - (time.monotonic() - began)))


def _due(turn: int, project: Project, others: Sequence[Project]) -> list[Project]:
    """Return the project to ask about; none if this turn's request was spent."""
    if turn % _LOOK == _LOOK - 1:
        return []
    return [others[turn // 2 % len(others)]] if turn % 2 and others else [project]


def _pulses(
    server: Server, project: Project, due: Sequence[Project]
) -> Iterator[tuple[int, list[Any]]]:
    """Yield what the server says of each project that is due, by number."""
    for one in due:
        try:
            yield one.id, _pulse(server, one)
        except ServerError as error:
            # somebody may delete a project of decisions: the next look forgets it
            if one == project or error.code != "server_refused":
                raise


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
