"""Which records people should see first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from galley.annotations.task import Task
from galley.errors import ConfigError
from galley.hashing import sha256_text

# Beyond this many the farthest is looked for among a drawn sample.
_CENTRES = 2_000


class By(StrEnum):
    """What decides on the order."""

    UNCERTAINTY = "uncertainty"  # the suggesters are least sure
    DIVERSITY = "diversity"  # least like what people have, or will have, seen
    RANDOM = "random"
    OLDEST = "oldest"  # published first


def rank(tasks: Sequence[Task], by: By, *, seed: str, seen: frozenset[str]) -> list[Task]:
    """Return `tasks` in the order in which people should see them; the same for the same seed.

    Args:
        tasks: In any order.
        by: What decides.
        seed: Draws the order where nothing else decides.
        seen: Ids of records that people have seen, or that wait for them already.

    Raises:
        ConfigError: By uncertainty, and no suggester says how sure it is.
    """
    drawn = sorted(tasks, key=lambda task: sha256_text(f"{seed}:{task.record['id']}"))
    return _ORDERS[by](drawn, seen)


def _as_drawn(tasks: list[Task], seen: frozenset[str]) -> list[Task]:
    del seen
    return tasks


def _oldest(tasks: list[Task], seen: frozenset[str]) -> list[Task]:
    """Return those without a date last."""
    del seen
    return sorted(tasks, key=lambda task: (not task.record["published"], task.record["published"]))


def _uncertain(tasks: list[Task], seen: frozenset[str]) -> list[Task]:
    """Return those that nothing is said about last."""
    del seen
    if tasks and all(task.score is None for task in tasks):
        raise ConfigError(
            "no suggester says how sure it is of a record",
            code="no_scores",
            hint="name `learned` in suggest.suggesters, and run `galley suggest`",
        )
    return sorted(tasks, key=lambda task: 2.0 if task.score is None else task.score)


def _diverse(tasks: list[Task], seen: frozenset[str]) -> list[Task]:
    """Return each time the one that is least like all before it, and all that are seen.

    A greedy solution of the k-center problem, on TF-IDF vectors.
    """
    waiting = [at for at, task in enumerate(tasks) if task.record["id"] not in seen]
    if not waiting:
        return tasks
    rows = _rows(tasks)
    known = [at for at, task in enumerate(tasks) if task.record["id"] in seen]
    order = _farthest(rows, waiting, known[:_CENTRES])
    return [tasks[at] for at in (*order, *known)]


def _rows(tasks: Iterable[Task]) -> Any:
    from galley.annotations.suggesters.terms import Terms  # noqa: PLC0415 - slow to import

    records = [task.record for task in tasks]
    return Terms(records).rows(records)


def _farthest(rows: Any, waiting: Sequence[int], known: Sequence[int]) -> list[int]:
    """Return `waiting` with each time the row first that is least like the nearest before it."""
    import numpy as np  # noqa: PLC0415 - slow to import

    left = rows[list(waiting)]
    if known:
        nearest = (left @ rows[list(known)].T).max(axis=1).toarray().ravel()
    else:  # begin in the middle: the first is the most like all others
        nearest = -np.asarray(left @ left.mean(axis=0).T).ravel()
    order = []
    for number in range(len(waiting)):
        chosen = int(np.argmin(nearest))
        order.append(waiting[chosen])
        like = (left @ left[chosen].T).toarray().ravel()
        nearest = like if not known and number == 0 else np.maximum(nearest, like)
        nearest[chosen] = np.inf
    return order


Order = Callable[[list[Task], frozenset[str]], list[Task]]
_ORDERS: Mapping[By, Order] = {
    By.UNCERTAINTY: _uncertain,
    By.DIVERSITY: _diverse,
    By.RANDOM: _as_drawn,
    By.OLDEST: _oldest,
}
