"""Reviews: tasks for somebody who decides, each in the project of its queue.

They are no tasks of the annotators' project: there Label Studio shows who said what, asks as
many people as the overlap says, and takes one more opinion. A review shows the sides without
names, asks one person, and what that person leaves stands from then on.
"""

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from galley.annotations.settle import Open, Side
from galley.annotations.task import Queue, Task

REVIEWS = (Queue.ADJUDICATE,)


@dataclass(frozen=True)
class Review(Task):
    """One text that somebody has to decide on.

    Attributes:
        why: The queue.
        note: What is asked, as markup that is escaped.
    """

    why: Queue = Queue.ADJUDICATE
    note: str = ""

    @property
    def queue(self) -> Queue:
        """Why somebody should look at it."""
        return self.why

    @property
    def _lost(self) -> str:
        return super()._lost + self.note


def project_name(name: str, queue: Queue) -> str:
    """Return what the project of a queue is called, for the workspace `name`."""
    return f"{queue}: {name}"


def adjudications(tasks: Iterable[Task]) -> Iterator[Review]:
    """Yield a review for each task whose people left something open that no policy settles.

    Its prediction is what is settled.
    """
    for task in tasks:
        if task.found is not None and task.found.open:
            note = show_sides(task.found.open)
            yield Review(task.record, task.shown, task.taxonomy, task.found, Queue.ADJUDICATE, note)


def show_sides(items: Iterable[Open]) -> str:
    """Return open items with what was said of each, by how many, as markup."""
    rows = "".join(f"<li>{_item(item)}</li>" for item in items)
    return f"<br><b>To be decided. What is settled is marked below.</b><ul>{rows}</ul>"


def _item(item: Open) -> str:
    sides = "; ".join(f"{_people(side.people)}: {_said(side)}" for side in item.sides)
    if not item.options:
        return sides
    options = " or ".join(html.escape(name) for name in item.options)
    return f"{sides}. <b>{html.escape(item.name)} is now {options}</b>"


def _said(side: Side) -> str:
    if side.tag:
        return f"the tag <b>{html.escape(side.tag)}</b>"
    if side.entities:
        return ", ".join(
            f"<b>{html.escape(label)}</b> “{html.escape(text)}” at {start}"
            for start, _, label, text in side.entities
        )
    return "nothing"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
