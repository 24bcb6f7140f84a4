"""Which records come first."""

from typing import Any

import pytest

from galley.annotations.plan import Act, plan
from galley.annotations.ranking import By, rank
from galley.annotations.result import Reader
from galley.annotations.selection import Selection
from galley.annotations.task import Task
from galley.errors import ConfigError
from galley.schema.vocabulary import Taxonomy
from tests.factory import LABELS, make_record

NOTHING = Taxonomy("1", ())


def task(number: int, score: float | None = None, **changes: Any) -> Task:
    """Return a task of a record that nobody has looked at."""
    return Task(make_record(number, **changes), None, NOTHING, score=score)


def order(tasks: list[Task], by: By, seed: str = "", seen: frozenset[str] = frozenset()) -> Any:
    """Return the places of `tasks` in their new order."""
    ids = [task.record["id"] for task in tasks]
    return [ids.index(t.record["id"]) for t in rank(tasks, by, seed=seed, seen=seen)]


def test_random_is_seeded() -> None:
    """One seed gives one order, whatever the order of what comes in; another gives another."""
    tasks = [task(number) for number in range(9)]
    drawn = rank(tasks, By.RANDOM, seed="a", seen=frozenset())
    assert drawn == rank(tasks[::-1], By.RANDOM, seed="a", seen=frozenset())
    assert order(tasks, By.RANDOM, "a") != order(tasks, By.RANDOM, "b")
    assert sorted(order(tasks, By.RANDOM, "a")) == list(range(9))


def test_least_sure_first() -> None:
    """Those that nobody has an opinion on come last; without any opinion it is refused."""
    assert order([task(1, 0.9), task(2), task(3, 0.2)], By.UNCERTAINTY) == [2, 0, 1]
    with pytest.raises(ConfigError) as caught:
        order([task(1), task(2)], By.UNCERTAINTY)
    assert caught.value.code == "no_scores"


def test_oldest_first() -> None:
    """Records without a date come last."""
    dated = [task(1, published="2024-05"), task(2, published=None), task(3, published="2023-01-02")]
    assert order(dated, By.OLDEST) == [2, 0, 1]


def test_unlike_what_is_seen() -> None:
    """Each is the one least like all before it: one of each kind comes before a second of any."""
    texts = [
        "train rail station",
        "train rail platform",
        "soup salt bread",
        "soup salt butter",
        "moon",
    ]
    tasks = [task(number, text=text, title="") for number, text in enumerate(texts)]
    first = order(tasks, By.DIVERSITY)[:3]
    assert {text // 2 for text in first} == {0, 1, 2}
    seen = frozenset({tasks[0].record["id"]})
    after = order(tasks, By.DIVERSITY, seen=seen)
    assert {text // 2 for text in after[:2]} == {1, 2}
    assert after[-1] == 0


def test_a_push_takes_the_first() -> None:
    """With a limit, the first of the order are sent."""
    tasks = [task(number, published=f"20{30 - number}-01-01") for number in range(5)]
    steps = plan(
        tasks, [], reader=Reader(NOTHING, LABELS), selection=Selection(limit=2, by=By.OLDEST)
    )
    sent = [step.task.record["published"] for step in steps if step.act == Act.CREATE and step.task]
    assert sent == ["2026-01-01", "2027-01-01"]
