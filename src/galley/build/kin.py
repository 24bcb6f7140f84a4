"""Which of the records that take a closer look must be looked at together.

Those that share a key, or that lead to one record of the registry, directly or through others.
What is found out of one touches none but its kin, so a few thousand are objects at a time.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from galley.build.corpus import Corpus, keys_as_numbers, neighbours
from galley.build.identity import Keys
from galley.build.registry import Registry
from galley.similarity import join


def divide(corpus: Corpus, numbers: Any, registry: Registry | None, *, most: int) -> Iterator[Any]:
    """Yield the records `numbers` in several parts, each with all kin of its records.

    Args:
        corpus: All records.
        numbers: Some of them, ascending.
        registry: What is known of others; None if nothing is.
        most: Records of a part, but for one that has more kin.
    """
    if not len(numbers):
        return
    kin = _kin(corpus.keys(numbers), registry)
    order = np.argsort(kin, kind="stable")
    starts = np.append(np.flatnonzero(np.diff(kin[order], prepend=-1)), len(numbers))
    start = 0
    while start < len(numbers):
        fits = int(np.searchsorted(starts, start + most, side="right")) - 1
        stop = int(starts[fits if starts[fits] > start else fits + 1])
        yield np.sort(numbers[order[start:stop]])
        start = stop


def _kin(keys: Any, registry: Registry | None) -> Any:
    """Return for each record the same number as for its kin."""
    pairs, known = [], 0 if registry is None else len(registry.ids)
    for kind in Keys._fields:
        values, there = keys_as_numbers(keys[kind])
        marks, own = values[there, 0], np.flatnonzero(there)
        one, other = neighbours(marks)
        pairs.append(np.column_stack((own[one], own[other])))
        if registry is not None and known:
            which, numbers, same = registry.reach(kind, marks)
            pairs.append(np.column_stack((own[which], numbers + len(keys))))
            pairs.append(same + len(keys))
    return join(len(keys) + known, pairs)[: len(keys)]
