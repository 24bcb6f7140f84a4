"""What the registry knows of all records, looked up at once; few need a closer look.

A record whose keys all lead to one id, or none of them to any, and that shares none with another
record, is settled by that.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from galley.build.corpus import Corpus, find_shared, keys_as_numbers
from galley.build.identity import Keys, pack_all
from galley.build.registry import NONE, Registry
from galley.build.revision import Revisions

# Instead of the number of its id: nobody knows the record; it takes a closer look.
NEW, OPEN = -1, -2
_AT_ONCE = 1 << 16  # records whose keys are in memory at a time
_FEW = 1 << 10


def look_up(corpus: Corpus, registry: Registry | None) -> Any:
    """Return for each record the number of its id, or NEW, or OPEN."""
    known = np.full(len(corpus), NEW, dtype=np.int32)
    marks = {kind: np.empty(len(corpus), dtype=np.uint64) for kind in Keys._fields}
    there = {kind: np.empty(len(corpus), dtype=bool) for kind in Keys._fields}
    for start, spill in zip(corpus.starts, corpus.spills, strict=False):
        own, table = slice(start, start + len(spill)), spill.keys()
        found = {kind: keys_as_numbers(table[kind]) for kind in Keys._fields}
        for kind, (keys, has) in found.items():
            marks[kind][own], there[kind][own] = keys[:, 0], has
        if registry is not None:
            known[own] = _look_up(found, registry)
    if registry is not None:
        known[np.isin(known, registry.numbers(registry.retracted))] = OPEN
        if registry.retracted:  # a new text may be a later version of one that was taken out now
            known[known == NEW] = OPEN
        # Two versions may share no key with each other, but each another one with the registry.
        times = np.bincount(known[known >= 0], minlength=len(registry.ids))
        known[np.isin(known, np.flatnonzero(times > 1))] = OPEN
    for kind in Keys._fields:
        known[find_shared(marks[kind], there[kind])] = OPEN
    return known


def _look_up(keys: dict[str, tuple[Any, Any]], registry: Registry) -> Any:
    found = {
        kind: np.where(has, registry.look_up(kind, own), OPEN) for kind, (own, has) in keys.items()
    }
    text, without = found["text"], ~keys["url"][1]
    found["url"][without] = text[without]
    same = (text >= 0) & (found["url"] == text) & (found["title"] == text)
    new = np.all([own == NONE for own in found.values()], axis=0)
    return np.where(same, text, np.where(new, NEW, OPEN))


def reopen(corpus: Corpus, known: Any, revisions: Revisions) -> None:
    """Let those of the NEW records be OPEN that may be later versions of others."""
    if not len(revisions):
        return
    for start, spill in zip(corpus.starts, corpus.spills, strict=False):
        rows = np.flatnonzero(known[start : start + len(spill)] == NEW)
        near = revisions.near(spill.sketches(rows))
        known[start + rows[near]] = OPEN


def births(corpus: Corpus, numbers: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the places of the records `numbers`, in order, each with its lines of the registry."""
    numbers = numbers[np.argsort(corpus.places[numbers], kind="stable")]
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        columns = corpus.keys(some)
        for first in range(0, len(some), _FEW):
            few = slice(first, first + _FEW)
            yield from _births(corpus, some[few], columns.slice(first, _FEW))


def _births(corpus: Corpus, numbers: Any, columns: pa.Table) -> Iterator[tuple[int, list[str]]]:
    """Yield the same of a few records. To make JSON of each line took a twentieth of a build."""
    keys = (columns[name].to_pylist() for name in ("minted", *Keys._fields))
    sketches = pack_all(corpus.rows(numbers))
    places = corpus.places[numbers].tolist()
    for place, minted, url, text, title, sketch in zip(places, *keys, sketches, strict=True):
        own = f'{{"id":"{minted.hex()}","key":"'
        lines = [f'{own}{url.hex()}","kind":"url"}}'] if url else []
        lines.append(f'{own}{text.hex()}","kind":"text","sketch":"{sketch}"}}')
        lines.append(f'{own}{title.hex()}","kind":"title"}}')
        yield place, lines
