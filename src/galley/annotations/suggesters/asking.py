"""Ask suggesters about many records, in several processes if that is worth it."""

import gc
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from galley.annotations.suggesters.combine import combine
from galley.annotations.suggesters.pool import in_order, open_pool, workers_of
from galley.annotations.suggesters.proposal import Suggester
from galley.annotations.suggesters.threads import one_thread
from galley.annotations.suggestion import Suggestion
from galley.record import Record

_AT_ONCE = 50  # records in one job
# With fewer records, starting processes takes longer than asking.
_WORTH = 400

Suggested = tuple[Record, Suggestion | None]
_ours: list[Suggester] = []


def ask(
    suggesters: Sequence[Suggester], records: Iterable[Record], *, workers: int = 0
) -> Iterator[Suggested]:
    """Yield each of `records`, in their order, with what `suggesters` propose together.

    Args:
        suggesters: In the order of the settings.
        records: As built.
        workers: Processes; 0 for one per core.
    """
    number, rest = workers_of(workers), iter(records)
    first = list(islice(rest, _WORTH)) if number > 1 else []
    if len(first) < _WORTH:
        # by groups of the same size: sums come out the same, to the last digit
        for group in _groups(chain(first, rest)):
            yield from zip(group, combine(group, suggesters), strict=True)
        return
    rest = chain(first, rest)
    kept: deque[list[Record]] = deque()
    with open_pool(number, _prepare, list(suggesters)) as pool:
        for found in in_order(pool, _ask, _jobs(rest, kept), ahead=4 * number):
            yield from zip(kept.popleft(), found, strict=True)


def _jobs(records: Iterator[Record], kept: deque[list[Record]]) -> Iterator[list[Record]]:
    """Yield records in groups, and keep those that are under way."""
    for group in _groups(records):
        kept.append(group)
        yield group


def _groups(records: Iterator[Record]) -> Iterator[list[Record]]:
    while group := list(islice(records, _AT_ONCE)):
        yield group


def _prepare(suggesters: list[Suggester]) -> None:
    _ours[:] = suggesters
    gc.freeze()  # models are large and stay: to look through them time and again is half the work


def _ask(records: list[Record]) -> list[Suggestion | None]:
    with one_thread():  # the other cores have processes of their own
        return combine(records, _ours)
