"""What a push decides to do, and what it refuses to send."""

from dataclasses import replace
from typing import Any

import pytest

from galley.annotations.listing import ListedTask
from galley.annotations.plan import Act, plan
from galley.annotations.result import Reader
from galley.annotations.suggestion import Suggestion
from galley.annotations.task import Task
from galley.schema.vocabulary import Tag, Taxonomy
from tests.factory import LABELS, make_record

TAXONOMY = Taxonomy("1", (Tag("transport", "Transport"),))
READER = Reader(TAXONOMY, LABELS)


def task(number: int = 0, tags: tuple[str, ...] = ("transport",), **changes: Any) -> Task:
    """Return a task as it should be."""
    record = make_record(number, **changes)
    shown = Suggestion(record["id"], record["text_sha256"], "m", list(tags))
    return Task(record, shown, TAXONOMY)


def listed(wanted: Task, *, number: int = 1, touched: bool = False, **meta: Any) -> ListedTask:
    """Return `wanted` as the server would list it."""
    return ListedTask(number, wanted.meta | meta, "2026-01-01T00:00:00Z", touched)


def acts(tasks: list[Task], there: list[ListedTask]) -> list[tuple[str, int | None]]:
    """Return each act with the number of the task on the server that it is about."""
    steps = plan(tasks, there, reader=READER)
    return [(step.act, step.listed.id if step.listed else None) for step in steps]


def test_new_and_known() -> None:
    """What is missing is created, what is there as it should be is kept."""
    assert acts([task(0), task(1)], [listed(task(1))]) == [(Act.CREATE, None), (Act.KEEP, 1)]


def test_suggestion_changed() -> None:
    """A new suggestion replaces the old one only where nobody has worked."""
    old = task(0, tags=())
    assert acts([task(0)], [listed(old)]) == [(Act.REFRESH, 1)]
    assert acts([task(0)], [listed(old, touched=True)]) == [(Act.KEEP, 1)]


def test_prediction_lost() -> None:
    """A prediction that the server lost is sent again, unless somebody has worked without it."""
    there = replace(listed(task(0)), predicted=False)
    assert acts([task(0)], [there]) == [(Act.REFRESH, 1)]
    assert acts([task(0)], [replace(there, touched=True)]) == [(Act.KEEP, 1)]


def test_title_changed() -> None:
    """A new title is shown whether or not somebody has worked."""
    there = [listed(task(0), touched=True)]
    assert acts([task(0, title="Another")], there) == [(Act.REDRAW, 1)]


def test_text_changed_or_record_gone() -> None:
    """A task without its record or with an earlier text is archived once, never deleted."""
    old = task(0)
    new = task(0, id=old.record["id"], text="Another text")
    assert acts([new], [listed(old, touched=True)]) == [(Act.CREATE, None), (Act.ARCHIVE, 1)]
    assert acts([], [listed(old)]) == [(Act.ARCHIVE, 1)]
    assert acts([], [listed(old, archived=True)]) == []


def test_record_came_back() -> None:
    """An archived task is opened again."""
    assert acts([task(0)], [listed(task(0), touched=True, archived=True)]) == [(Act.REDRAW, 1)]


def test_doubles() -> None:
    """Of two tasks with one text the one with work stays; the other goes, or is put aside."""
    first, second = listed(task(0)), listed(task(0), number=2, touched=True)
    assert acts([task(0)], [first, second]) == [(Act.KEEP, 2), (Act.DROP, 1)]
    third = listed(task(0), number=3, touched=True)
    assert acts([task(0)], [second, third]) == [(Act.KEEP, 2), (Act.ARCHIVE, 3)]


def test_foreign_tasks() -> None:
    """A task that somebody made by hand is left alone."""
    foreign = ListedTask(9, {}, "", touched=False)
    assert acts([], [foreign]) == []


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (task(title="NUL \0"), "text_character"),
        (task(title="half \ud83d"), "text_character"),
        (task(tags=("unheard-of",)), "tag_unknown"),
        (task(text_sha256="0" * 64), "text_hash"),
    ],
)
def test_withheld(wanted: Task, code: str) -> None:
    """What would break the server or mislead an annotator is not sent, and says why."""
    (step,) = plan([wanted], [], reader=READER)
    assert (step.act, [issue.code for issue in step.issues]) == (Act.WITHHOLD, [code])
