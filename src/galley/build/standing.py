"""What the registry knows of all records, looked up at once; few need a closer look.

A record whose keys all lead to one id, or none of them to any, and that shares none with another
record, is settled by that.
"""

from typing import Any

import numpy as np

from galley.build.corpus import Corpus, keys_as_numbers
from galley.build.identity import Keys
from galley.build.registry import NONE, Registry
from galley.build.revision import Revisions

# Instead of the number of its id: nobody knows the record; it takes a closer look.
NEW, OPEN = -1, -2
_AT_ONCE = 1 << 20  # records of which one key each is in memory at a time


def look_up(corpus: Corpus, registry: Registry | None) -> Any:
    """Return for each record the number of its id, or NEW, or OPEN."""
    known = np.full(len(corpus), NEW, dtype=np.int32)
    if registry is not None and len(registry.ids):
        _ask(corpus, known, registry)
    parts = -(-len(corpus) // _AT_ONCE)
    for kind in Keys._fields:
        for part in range(parts):
            known[corpus.shared(kind, (part, parts))] = OPEN
    return known


def _ask(corpus: Corpus, known: Any, registry: Registry) -> None:
    """Write down what the registry says of each record by itself."""
    for start, spill in zip(corpus.starts, corpus.spills, strict=False):
        table = spill.keys()
        found = {kind: keys_as_numbers(table[kind]) for kind in Keys._fields}
        known[start : start + len(spill)] = _look_up(found, registry)
    known[np.isin(known, registry.numbers(registry.retracted))] = OPEN
    if registry.retracted:  # a new text may be a later version of one that was taken out now
        known[known == NEW] = OPEN
    # Two versions may share no key with each other, but each another one with the registry.
    times = np.bincount(known[known >= 0], minlength=len(registry.ids))
    known[np.isin(known, np.flatnonzero(times > 1))] = OPEN


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
