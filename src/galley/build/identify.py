"""Give every record its id and cluster; the same article on several pages becomes one.

Memory holds some tens of bytes for each record, and more only of those that share a key with
another, or that the registry knows in another way than as they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import merge
from typing import Any

import numpy as np

from galley.build.corpus import Article, Corpus, Place, compare
from galley.build.engine import Engine
from galley.build.identity import Identity
from galley.build.revision import Revisions
from galley.build.spill import Spill
from galley.build.standing import NEW, OPEN, births, look_up, reopen
from galley.build.verdict import Fate, Verdict
from galley.hashing import canonical_json
from galley.similarity import join

# Comparing a record with all others takes as long as reading so many bytes.
_COMPARED = 200


def identify(
    spills: Sequence[Spill], identity: Identity, *, engine: Engine, near_duplicate: float
) -> list[Verdict]:
    """Return what becomes of the records of each spill.

    What is read first, in the order of the files' names, has the older id.

    Args:
        spills: What was taken out of all files.
        identity: Is asked and added to.
        engine: Runs the comparison of texts.
        near_duplicate: Likeness from which two records share a cluster; 0 for no clusters.
    """
    found = _Found.begin(Corpus(spills))
    found.settle(identity)
    clusters = found.cluster(engine, near_duplicate) if near_duplicate else found.ids
    starts = found.corpus.starts
    return [
        Verdict(found.ids[start:stop], clusters[start:stop], found.fates[start:stop], versions)
        for start, stop, versions in zip(starts, starts[1:], found.located(), strict=False)
    ]


@dataclass(frozen=True)
class Articles:
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
        order = numbers[np.argsort(self.corpus.places[numbers])].tolist()
        return {number: self.known[number] for number in order}


@dataclass(frozen=True)
class _Found:
    """What is decided of all records, by number.

    Attributes:
        corpus: The records.
        ids: Theirs; those that are minted now, until something better is known.
        ages: The place of each id among all, the oldest first.
        fates: What becomes of them.
        versions: For a kept record that has several, the numbers of all, as they were read.
    """

    corpus: Corpus
    ids: Any
    ages: Any
    fates: Any
    versions: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def begin(cls, corpus: Corpus) -> "_Found":
        """Return what holds if every record is new and there are no two versions of one."""
        fates = np.zeros(len(corpus), dtype=np.uint8)
        return cls(corpus, corpus.minted(), corpus.places.copy(), fates)

    def settle(self, identity: Identity) -> None:
        """Decide which records are one, and which version is kept; add to the registry."""
        registry = identity.registry
        known = look_up(self.corpus, registry)
        if registry is not None:
            self.ages[:] += len(registry.ids)
            self.ages[known >= 0] = known[known >= 0]
            self.ids[known >= 0] = registry.ids[known[known >= 0]]
        articles = Articles(self.corpus)
        named, lines = _resolve(articles, known, identity)
        versions: dict[str, list[int]] = {}
        for number, name in named.items():
            versions.setdefault(identity.root(name), []).append(number)
        self._join(versions, known, identity, articles)
        if not identity.fleeting:
            fresh = births(self.corpus, np.flatnonzero(known == NEW))
            identity.born = _lines(merge(lines, fresh, key=lambda pair: pair[0]))

    def _join(
        self,
        versions: dict[str, list[int]],
        known: Any,
        identity: Identity,
        looked_at: Articles,
    ) -> None:
        """Take what was looked up by itself together with what was looked up at once."""
        registry = identity.registry
        if registry is not None:
            names = {name: name for name in versions} | identity.aliased()
            numbers = {registry.number(name): root for name, root in names.items()}
            wanted = np.array([number for number in numbers if number is not None], dtype=np.int32)
            for number in np.flatnonzero(np.isin(known, wanted)).tolist():
                versions.setdefault(numbers[int(known[number])], []).append(number)
        several = [number for own in versions.values() if len(own) > 1 for number in own]
        articles = looked_at.of(np.array(sorted(several), dtype=np.int64))
        for name, own in versions.items():
            own.sort(key=self.corpus.places.__getitem__)
            self.ids[own] = np.frombuffer(bytes.fromhex(name), dtype="V16")
            age = None if registry is None else registry.number(name)
            self.ages[own] = self.ages[own].min() if age is None else age
            if identity.is_retracted(name):
                self.fates[own] = Fate.RETRACTED
            elif len(own) > 1:
                self._keep_one(own, articles)

    def _keep_one(self, several: list[int], articles: dict[int, Article]) -> None:
        """Keep the version that was published last, of several the one that was read last."""
        order = range(len(several))
        last = several[max(order, key=lambda nth: (articles[several[nth]].published or "", nth))]
        self.versions[last] = several
        for number in set(several) - {last}:
            same = articles[number].keys.text == articles[last].keys.text
            self.fates[number] = Fate.SAME if same else Fate.OUTDATED

    def cluster(self, engine: Engine, threshold: float) -> Any:
        """Return for each record the oldest id among its near-duplicates."""
        clusters = self.ids.copy()
        jobs = self.corpus.comparisons(self.fates == Fate.KEPT, threshold)
        pairs = (found for _, found in engine(compare, jobs, work=len(self.corpus) * _COMPARED))
        first = join(len(self.corpus), pairs)
        heads = np.unique(first[first != np.arange(len(first))])
        members = np.flatnonzero(np.isin(first, heads))
        members = members[np.argsort(first[members], kind="stable")]
        edges = np.flatnonzero(np.diff(first[members])) + 1
        for group in np.split(members, edges) if len(members) else ():
            clusters[group] = self.ids[group[np.argmin(self.ages[group])]]
        return clusters

    def located(self) -> list[dict[int, list[Place]]]:
        """Return the versions, by spill and row."""
        found: list[dict[int, list[Place]]] = [{} for _ in self.corpus.spills]
        for number, several in self.versions.items():
            spill, row = self.corpus.locate(number)
            found[spill][row] = list(map(self.corpus.locate, several))
        return found


def _resolve(
    articles: Articles, known: Any, identity: Identity
) -> tuple[dict[int, str], list[tuple[int, list[str]]]]:
    """Return the ids of the records that are OPEN, in the order of places; new ones are minted.

    Returns:
        The ids, and the new lines of each such record, with its place.
    """
    revisions = None
    if identity.registry is not None:
        claimed = np.zeros(len(identity.registry.ids), dtype=bool)
        claimed[known[known >= 0]] = True
        for keys, sketch in _asked(articles, known).values():
            names = identity.find(keys, sketch)
            own = (name for name in names if not identity.is_retracted(name))
            claimed[identity.registry.numbers(own)] = True
        revisions = Revisions(identity.registry, claimed)
        reopen(articles.corpus, known, revisions)
    named: dict[int, str] = {}
    lines: list[tuple[int, list[str]]] = []
    for number, (keys, sketch) in _asked(articles, known).items():
        found = identity.find(keys, sketch)
        if not found and revisions is not None and (revised := revisions.claim(sketch)):
            found = [revised]
        named[number] = identity.resolve(keys, sketch, found=found)
        if identity.new:
            place = int(articles.corpus.places[number])
            lines.append((place, list(map(canonical_json, identity.new))))
            identity.new = []
    return named, lines


def _asked(articles: Articles, known: Any) -> dict[int, Any]:
    """Return the keys of the records that are OPEN, and what gives their sketches."""
    found = articles.of(np.flatnonzero(known == OPEN))
    sketch = articles.corpus.sketch
    return {number: (own.keys, partial(sketch, number)) for number, own in found.items()}


def _lines(born: "Iterator[tuple[int, list[str]]]") -> Iterator[str]:
    return (line for _, lines in born for line in lines)
