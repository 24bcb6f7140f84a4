"""What the last push left: while nothing has changed since, here or there, a push is done.

The receipt says what a push was made of, and what it left on the server. Whether anybody
changed the project since is asked in two small requests, without a list of its tasks.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from galley.annotations.answer import expect
from galley.annotations.listing import server_time
from galley.annotations.project import Project
from galley.annotations.server import Server
from galley.annotations.suggested import Receipt as Suggested
from galley.config import Config
from galley.files import write_json
from galley.hashing import sha256_json
from galley.layout import Layout

# Moments in one request: each is a condition of its own.
_AT_ONCE = 40
# The server writes down when a task was made and when it was changed some microseconds apart:
# a moment that falls between the two shows a change where there is none, and another does not.
_SHIFTS = [timedelta(seconds=seconds) for seconds in (0, 0.37, 0.61)]
# A change can be stored this much later than the time that it bears.
_MARGIN = timedelta(seconds=5)


@dataclass(frozen=True)
class Receipt:
    """What a push left.

    Attributes:
        project: The uuid of the project.
        made_of: The hash of everything that the push was made of.
        totals: How many tasks, annotations and predictions the project had then.
        moments: Times of the server's during the push, and of the last change. Whatever was
            changed since then was changed after one of them, and was there before it.
        unchanged: How many tasks were as they should be.
    """

    project: str
    made_of: str
    totals: list[int]
    moments: list[str]
    unchanged: int

    @classmethod
    def read(cls, path: Path) -> "Receipt | None":
        """Return the receipt at `path`, if there is a whole one."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def save(self, path: Path) -> None:
        """Write the receipt for the next push."""
        write_json(path, asdict(self))

    def holds(self, server: Server, project: Project, *, made_of: str) -> bool:
        """Tell whether a push of the same would find everything as this one left it."""
        same = (self.project, self.made_of) == (project.uuid, made_of)
        return (
            same
            and count_totals(server, project) == self.totals
            and is_untouched(server, project, self.moments)
        )


def draw_receipt(
    server: Server, project: Project, *, made_of: str, tasks: int, unchanged: int
) -> Receipt | None:
    """Return the receipt of the push that `server` was just used for, if one can be given.

    Args:
        server: The server, with the times of all its answers.
        project: Its project.
        made_of: The hash of everything that the push was made of.
        tasks: How many tasks must be there: with any other number somebody else was at work.
        unchanged: How many of them a push of the same would leave alone.
    """
    totals, newest = _pulse(server, project)
    if totals[0] != tasks or not server.moments:
        return None
    for shift in _SHIFTS:
        moments = [*_shifted(server, shift), *newest]
        if _is_clean(server, project, moments):
            return Receipt(project.uuid, made_of, totals, moments[-_AT_ONCE:], unchanged)
    return None


def _shifted(server: Server, shift: timedelta) -> list[str]:
    """Return times that lie a little before those of the server's answers, and a first one."""
    first = [at - _MARGIN for at in server.moments[:1]]
    return [server_time(at - shift) for at in (*first, *server.moments)]


def _is_clean(server: Server, project: Project, moments: list[str]) -> bool:
    starts = range(0, len(moments), _AT_ONCE)
    return all(is_untouched(server, project, moments[at : at + _AT_ONCE]) for at in starts)


def is_untouched(server: Server, project: Project, moments: Sequence[str]) -> bool:
    """Tell whether no task that was there at one of `moments` was changed after it.

    Most tasks of a push are newer than its beginning, so one moment would not do.
    """
    items = [
        {**_condition("created_at", "less_or_equal", at), "child_filter": _condition_after(at)}
        for at in moments
    ]
    found = _look(server, project, {"filters": {"conjunction": "or", "items": items}})
    return bool(found["total"] == 0)


def count_totals(server: Server, project: Project) -> list[int]:
    """Return how many tasks, annotations and predictions `project` has."""
    return _pulse(server, project)[0]


def _pulse(server: Server, project: Project) -> tuple[list[int], list[str]]:
    """Return the totals, and when a task was last changed, exactly."""
    answer = _look(server, project, {"ordering": ["-tasks:updated_at"]})
    totals = [answer[name] for name in ("total", "total_annotations", "total_predictions")]
    newest = [datetime.fromisoformat(task["updated_at"]) for task in answer["tasks"]]
    return totals, [server_time(at) for at in newest]


def digest_inputs(layout: Layout, config: Config) -> str:
    """Return the hash of everything that a push of all records is made of."""
    made_of = Suggested.draw(layout, config.suggest)
    return sha256_json([asdict(config), made_of.made_of, made_of.ledger])


def _look(server: Server, project: Project, body: dict[str, Any]) -> dict[str, Any]:
    query = {"project": project.id, "include": "id,updated_at", "page_size": 1}
    totals = ("total", "total_annotations", "total_predictions")
    return expect(server.get("/api/tasks", query, body=body), "tasks", *totals)


def _condition_after(at: str) -> dict[str, Any]:
    return _condition("updated_at", "greater", at)


def _condition(name: str, operator: str, at: str) -> dict[str, Any]:
    return {
        "filter": f"filter:tasks:{name}",
        "operator": operator,
        "type": "Datetime",
        "value": at,
    }
