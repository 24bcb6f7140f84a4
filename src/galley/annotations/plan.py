"""Decide what a push has to do: compare what should be there with what is."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from galley.annotations.listing import ListedTask
from galley.annotations.ranking import rank
from galley.annotations.result import Reader
from galley.annotations.selection import EVERYTHING, Selection
from galley.annotations.task import Task
from galley.schema.issue import Issue


class Act(StrEnum):
    """What is to be done with a task."""

    CREATE = "create"
    REDRAW = "redraw"  # its data changed, for instance the title
    REFRESH = "refresh"  # its suggestion changed, and nobody has touched it
    KEEP = "keep"
    ARCHIVE = "archive"  # its text or its record is gone
    DROP = "drop"  # another task holds the same text, and nobody has touched this one
    WITHHOLD = "withhold"  # it must not be sent


# The acts that give annotators something to do.
_SENDING = frozenset({Act.CREATE, Act.REDRAW, Act.REFRESH})


@dataclass(frozen=True)
class Step:
    """One act on one task.

    Attributes:
        act: What is to be done.
        task: The task as it should be; None where it should not be.
        listed: The task as it is on the server; None where it is not.
        issues: Why it is withheld.
    """

    act: Act
    task: Task | None = None
    listed: ListedTask | None = None
    issues: tuple[Issue, ...] = ()


def plan(
    tasks: Iterable[Task],
    listed: Iterable[ListedTask],
    *,
    reader: Reader,
    selection: Selection = EVERYTHING,
) -> Iterator[Step]:
    """Yield a step for each of `tasks` that is meant, in order, then for what else is there.

    The order is that of `tasks`, or what the selection says: then all of them are in memory.

    Tasks that push did not make are left alone, and so is, where only some records are meant,
    whatever belongs to others.
    """
    held: dict[tuple[str, str], ListedTask] = {}
    ours = [(task.key, task) for task in sorted(listed, key=_worth) if task.key is not None]
    surplus = [task for key, task in ours if held.setdefault(key, task) is not task]
    meant, done = selection.condition(), set()
    left = math.inf if selection.limit is None else selection.limit
    if selection.by is not None:
        seen = frozenset(key[0] for key in held)
        tasks = rank(list(filter(meant, tasks)), selection.by, seed=selection.seed, seen=seen)
    for wanted in tasks:
        there = held.pop(wanted.key, None)
        step = _step(wanted, there, reader) if meant(wanted) else None
        if step is None or (step.act in _SENDING and not left):
            continue
        left -= step.act in _SENDING
        done.add(wanted.key[0])
        yield step
    for step in _rest(list(held.values()), surplus):
        if selection.is_all or (step.listed and step.listed.key and step.listed.key[0] in done):
            yield step


def _rest(left: list[ListedTask], surplus: list[ListedTask]) -> Iterator[Step]:
    """Yield what is to be done with tasks that are not wanted."""
    yield from (Step(Act.ARCHIVE, listed=task) for task in left if not task.archived)
    yield from (_second(task) for task in surplus if not (task.touched and task.archived))


def _worth(task: ListedTask) -> tuple[bool, int]:
    """Order tasks of one text: one with human work first, then the oldest."""
    return (not task.touched, task.id)


def _second(task: ListedTask) -> Step:
    return Step(Act.ARCHIVE if task.touched else Act.DROP, listed=task)


def _step(task: Task, listed: ListedTask | None, reader: Reader) -> Step:
    if listed is not None and not task.unfit() and _is_current(task, listed):
        return Step(Act.KEEP, task, listed)  # it was checked when it was sent
    issues = task.issues(reader)
    if issues:
        return Step(Act.WITHHOLD, task, listed, tuple(issues))
    if listed is None:
        return Step(Act.CREATE, task)
    changed = listed.meta.get("shown") != task.meta["shown"]
    stale = not listed.touched and (changed or _lacks(task, listed))
    return Step(Act.REFRESH if stale else Act.REDRAW, task, listed)


def _is_current(task: Task, listed: ListedTask) -> bool:
    """Tell whether the server has the task as it should be; work that began is not disturbed."""
    names = ("data",) if listed.touched else ("data", "shown")
    same = all(listed.meta.get(name) == task.meta[name] for name in names)
    return same and not listed.archived and not _lacks(task, listed)


def _lacks(task: Task, listed: ListedTask) -> bool:
    """Tell whether the server lost a prediction, as it does in an import that it had to repeat.

    On SQLite an import that meets another writer is tried again, without what the first attempt
    took out of the request: Label Studio 1.23 stores the tasks then, and no predictions.
    """
    return task.shown is not None and not listed.touched and not listed.predicted
