"""Reviews: tasks for somebody who decides, each in the project of its queue.

They are no tasks of the annotators' project: there Label Studio shows who said what, asks as
many people as the overlap says, and takes one more opinion. A review shows the sides without
names, asks one person, and what that person leaves stands from then on.
"""

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from galley.annotations.settle import Open, Side
from galley.annotations.task import Queue, Task

if TYPE_CHECKING:
    from galley.annotations.suspects.ranking import Suspect  # it takes scipy along

REVIEWS = (Queue.ADJUDICATE, Queue.SPLIT, Queue.SUSPECTS)

# Of a suspect, those that are shown.
_REASONS = 8
# Characters that are shown on either side of a span.
_NEAR = 20


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


def open_reviews(tasks: Iterable[Task], queue: Queue) -> Iterator[Review]:
    """Yield a review for each task with something open; its prediction is what is settled.

    Args:
        tasks: The annotators' tasks.
        queue: `adjudicate` for those whose people differ, `split` for those where only a
            migration leaves something open.
    """
    for task in tasks:
        found = [] if task.found is None else task.found.open
        differ = any(not item.options for item in found)
        if found and differ == (queue == Queue.ADJUDICATE):
            note = show_sides(found, task.record["text"])
            yield Review(task.record, task.shown, task.taxonomy, task.found, queue, note)


def suspect_reviews(tasks: Iterable[Task], suspects: "Sequence[Suspect]") -> Iterator[Review]:
    """Yield a review for each suspect, in their order; its prediction is what people left."""
    ranked = {item.record["id"]: item for item in suspects}
    found = {task.record["id"]: task for task in tasks if task.record["id"] in ranked}
    for name, item in ranked.items():
        task = found.get(name)
        if task is not None:
            note = _reasons(item)
            yield Review(task.record, task.shown, task.taxonomy, task.found, Queue.SUSPECTS, note)


def _reasons(suspect: "Suspect") -> str:
    rows = "".join(f"<li>{html.escape(item.why)}</li>" for item in suspect.suspicions[:_REASONS])
    return f"<br><b>To be looked at again. It may be right.</b><ul>{rows}</ul>"


def show_sides(items: Iterable[Open], text: str) -> str:
    """Return open items of a text with what was said of each, by how many, as markup."""
    rows = "".join(f"<li>{_item(item, text)}</li>" for item in items)
    return f"<br><b>To be decided. What is settled is marked below.</b><ul>{rows}</ul>"


def _item(item: Open, text: str) -> str:
    if item.options:
        options = " or ".join(html.escape(name) for name in item.options)
        return f"{_said(item.sides[0], text)} has become {options}"
    return "; ".join(f"{_people(side.people)}: {_said(side, text)}" for side in item.sides)


def _said(side: Side, text: str) -> str:
    if side.tag:
        return f"the tag <b>{html.escape(side.tag)}</b>"
    if side.entities:
        return ", ".join(
            f"<b>{html.escape(label)}</b> “{html.escape(surface)}”{_around(text, start, surface)}"
            for start, _, label, surface in side.entities
        )
    return "nothing"


def _around(text: str, start: int, surface: str) -> str:
    """Return where a span is: the same words may stand in many places."""
    end = start + len(surface)
    if text[start:end] != surface:  # it was said of an earlier text
        return ""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return f" (…{html.escape(before)}<b>·</b>{html.escape(after)}…)"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
