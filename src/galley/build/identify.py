"""Give every record its id and cluster; the same article on several pages becomes one.

Memory holds a number for each record, and more only of those that share a key with another, or
that the registry knows in another way than as they are; of these, few thousand are objects at a
time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from galley.build.births import Births
from galley.build.corpus import Article, Corpus, compare
from galley.build.engine import Engine
from galley.build.found import NO_CLUSTERS, Found, Looked
from galley.build.identity import Identity
from galley.build.kin import divide
from galley.build.revision import Revisions
from galley.build.spill import KEYS, Spill
from galley.build.standing import OPEN, look_up, reopen
from galley.build.verdict import Fate, Verdict
from galley.files import expect

# Comparing a record with all others takes as long as reading so many bytes.
COMPARED = 200
_AT_ONCE = 1 << 13  # records that are objects at a time: 2 KB each


def identify(
    spills: Sequence[Spill], identity: Identity, *, engine: Engine, near_duplicate: float
) -> Iterator[Verdict]:
    """Return what becomes of the records of each spill; no two of these are in memory.

    What is read first, in the order of the files' names, has the older id.

    Args:
        spills: What was taken out of all files.
        identity: Is asked and added to.
        engine: Runs the comparison of texts.
        near_duplicate: Likeness from which two records share a cluster; 0 for no clusters.
    """
    for spill in spills:
        expect(spill.folder / KEYS)
    corpus = Corpus(spills)
    found, clusters = _settle(corpus, identity), NO_CLUSTERS
    if near_duplicate:
        pa.default_memory_pool().release_unused()  # it is for the processes that compare
        jobs = corpus.comparisons(found.kept(), near_duplicate)
        done = engine(compare, jobs, work=len(corpus) * COMPARED)
        clusters = found.cluster(pairs for _, pairs in done)
    return (found.verdict(number, clusters) for number in range(len(spills)))


def _settle(corpus: Corpus, identity: Identity) -> Found:
    """Decide which records are one, and which version is kept; add to the registry."""
    known = look_up(corpus, identity.registry)
    revisions = _revisions(corpus, known, identity)
    looked, births = Looked(), Births()
    open_ones = np.flatnonzero(known == OPEN)
    # Who claims a record takes it from all others: then all are looked at together.
    parts = [open_ones] if revisions is not None and len(revisions) else None
    for part in parts or divide(corpus, open_ones, identity.registry, most=_AT_ONCE):
        closer = _Closer(corpus, known, identity.anew(), revisions, looked)
        closer.look(part, births)
    if not identity.fleeting:
        identity.born = births.lines(corpus, known)
    names = np.empty(0, dtype="V16") if identity.registry is None else identity.registry.ids
    identity.registry = None  # most of what is held of known records, and nobody asks it again
    return Found(corpus, names, known, looked)


def _revisions(corpus: Corpus, known: Any, identity: Identity) -> Revisions | None:
    """Return the records that nothing in this build claims, and reopen what may be theirs."""
    registry = identity.registry
    if registry is None:
        return None
    claimed = np.zeros(len(registry.ids), dtype=bool)
    claimed[known[known >= 0]] = True
    numbers = np.flatnonzero((known == OPEN) & (len(registry.ids) > 0))
    for start in range(0, len(numbers), _AT_ONCE):
        articles, asked = _Articles(corpus).of(numbers[start : start + _AT_ONCE]), identity.anew()
        asked.look_ahead(article.keys for article in articles.values())
        for number, article in articles.items():
            names = asked.find(article.keys, partial(corpus.sketch, number))
            own = (asked.number(name) for name in names if not asked.is_retracted(name))
            claimed[[one for one in own if one is not None]] = True
    revisions = Revisions(registry, claimed)
    reopen(corpus, known, revisions)
    return revisions


@dataclass(frozen=True)
class _Articles:
    """What is known of the records that take a closer look, read once.

    Attributes:
        corpus: All records.
        known: What was read, by number.
    """

    corpus: Corpus
    known: dict[int, Article] = field(default_factory=dict)

    def of(self, numbers: Any) -> dict[int, Article]:
        """Return what is known of the records `numbers`, in the order of places."""
        new = np.array([n for n in numbers.tolist() if n not in self.known], dtype=np.int64)
        if len(new):
            self.known.update(self.corpus.articles(new))
        order = numbers[np.argsort(self.corpus.places(numbers))].tolist()
        return {number: self.known[number] for number in order}


@dataclass(frozen=True)
class _Closer:
    """A closer look at some records, and at all that they may be one with.

    Attributes:
        corpus: All records.
        known: For each the number of its id, or NEW, or OPEN.
        identity: Is asked and added to.
        revisions: Known records that nothing in this build claims; None if nothing is known.
        looked: Is told what is found out.
    """

    corpus: Corpus
    known: Any
    identity: Identity
    revisions: Revisions | None
    looked: Looked

    def look(self, numbers: Any, births: Births) -> None:
        """Decide about the records `numbers`; `births` is told what of them is new."""
        articles = _Articles(self.corpus)
        versions: dict[str, list[int]] = {}
        named = self._resolve(articles.of(numbers), births)
        for number, name in named.items():
            versions.setdefault(self.identity.root(name), []).append(number)
        self._draw_in(versions)
        several = [number for own in versions.values() if len(own) > 1 for number in own]
        known = articles.of(np.array(sorted(several), dtype=np.int64))
        for name, own in versions.items():
            order = np.argsort(self.corpus.places(np.array(own)), kind="stable").tolist()
            self._settle(name, [own[nth] for nth in order], known)

    def _resolve(self, articles: dict[int, Article], births: Births) -> dict[int, str]:
        """Return the ids of records, in the order of places; new ones are minted."""
        named: dict[int, str] = {}
        identity = self.identity
        identity.look_ahead(article.keys for article in articles.values())
        for number, (keys, _) in articles.items():
            sketch = partial(self.corpus.sketch, number)
            found = identity.find(keys, sketch)
            if not found and self.revisions and (revised := self.revisions.claim(sketch)):
                found = [revised]
            named[number] = identity.resolve(keys, sketch, found=found)
            if not identity.fleeting:
                births.add(number, identity.new)
            identity.new = []
        return named

    def _draw_in(self, versions: dict[str, list[int]]) -> None:
        """Add what was looked up at once to those that were looked up by themselves."""
        registry = self.identity.registry
        if registry is None or not len(registry.ids):
            return
        names = {name: name for name in versions} | self.identity.aliased()
        numbers = {self.identity.number(name): root for name, root in names.items()}
        wanted = np.array([number for number in numbers if number is not None], dtype=np.int32)
        for number in np.flatnonzero(np.isin(self.known, wanted)).tolist():
            versions.setdefault(numbers[int(self.known[number])], []).append(number)

    def _settle(self, name: str, own: list[int], articles: dict[int, Article]) -> None:
        """Say what becomes of all that is one record, in the order of places."""
        age = self.identity.number(name)
        if age is None:
            age = self._age(own)
        fates = [Fate.KEPT]
        if self.identity.is_retracted(name):
            fates = [Fate.RETRACTED] * len(own)
        elif len(own) > 1:
            fates = self._keep_one(own, articles)
        self.looked.add(own, name, age, fates)

    def _age(self, own: list[int]) -> int:
        """Return the age of a new id: that of the first that has it."""
        known, registry = self.known[own], self.identity.registry
        base = 0 if registry is None else len(registry.ids)
        ages = np.where(known >= 0, known, self.corpus.places(np.array(own)) + base)
        return int(ages.min())

    def _keep_one(self, several: list[int], articles: dict[int, Article]) -> list[Fate]:
        """Keep the version that was published last, of several the one that was read last."""
        order = range(len(several))
        last = several[max(order, key=lambda nth: (articles[several[nth]].published or "", nth))]
        self.looked.add_versions(last, several)
        text = articles[last].keys.text
        return [
            Fate.KEPT
            if number == last
            else (Fate.SAME if articles[number].keys.text == text else Fate.OUTDATED)
            for number in several
        ]
