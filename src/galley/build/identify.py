"""Give every record its id and cluster; the same article on several pages becomes one.

Memory holds some tens of bytes for each record, and more only of those that share a key with
another or that the registry may know.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from typing import Any

import numpy as np

from galley.build.corpus import Article, Corpus, Place, compare
from galley.build.engine import Engine
from galley.build.identity import Identity
from galley.build.revision import Revisions
from galley.build.spill import Spill
from galley.similarity import join

# Comparing a record with all others takes as long as reading so many bytes.
_COMPARED = 200


class Fate(IntEnum):
    """What becomes of a record as one page has it."""

    KEPT = 0
    SAME = 1  # another version of the article is kept, with the same text
    OUTDATED = 2  # another version is kept, with another text
    RETRACTED = 3


@dataclass(frozen=True)
class Verdict:
    """What was decided of the records of one spill, by row.

    Attributes:
        ids: Each record's id: 16 bytes.
        clusters: The id of its cluster.
        fates: What becomes of it: a `Fate`.
        versions: For a kept record that has several, where all versions are, as they were read.
    """

    ids: Any
    clusters: Any
    fates: Any
    versions: dict[int, list[Place]]

    @property
    def kept(self) -> int:
        """How many records are kept."""
        return int((self.fates == Fate.KEPT).sum())


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
    corpus = Corpus(spills)
    found = _Found(corpus, corpus.minted(), np.zeros(len(corpus), dtype=np.uint8))
    # Without a registry, an article that shares no key with another is a new record.
    numbers = corpus.shared() if identity.fleeting else np.arange(len(corpus))
    found.settle(corpus.articles(numbers), identity)
    clusters = found.cluster(identity, engine, near_duplicate) if near_duplicate else found.ids
    return [
        Verdict(found.ids[start:stop], clusters[start:stop], found.fates[start:stop], versions)
        for start, stop, versions in zip(
            corpus.starts, corpus.starts[1:], found.located(), strict=False
        )
    ]


@dataclass(frozen=True)
class _Found:
    """What is decided of all records, by number.

    Attributes:
        corpus: The records.
        ids: Theirs; those that are minted now, until something better is known.
        fates: What becomes of them.
        versions: For a kept record that has several, the numbers of all, as they were read.
    """

    corpus: Corpus
    ids: Any
    fates: Any
    versions: dict[int, list[int]] = field(default_factory=dict)

    def settle(self, articles: dict[int, Article], identity: Identity) -> None:
        """Decide which of `articles`, as they were read, are one, and which version is kept."""
        versions: dict[str, list[int]] = {}
        for number, name in _resolve(articles, identity, self.corpus).items():
            versions.setdefault(identity.root(name), []).append(number)
        for name, several in versions.items():
            self.ids[several] = np.frombuffer(bytes.fromhex(name), dtype="V16")
            if identity.is_retracted(name):
                self.fates[several] = Fate.RETRACTED
            elif len(several) > 1:
                self._keep_one(several, articles)

    def _keep_one(self, several: list[int], articles: dict[int, Article]) -> None:
        """Keep the version that was published last, of several the one that was read last."""
        order = range(len(several))
        last = several[max(order, key=lambda nth: (articles[several[nth]].published or "", nth))]
        self.versions[last] = several
        for number in set(several) - {last}:
            same = articles[number].keys.text == articles[last].keys.text
            self.fates[number] = Fate.SAME if same else Fate.OUTDATED

    def cluster(self, identity: Identity, engine: Engine, threshold: float) -> Any:
        """Return for each record the oldest id among its near-duplicates."""
        clusters = self.ids.copy()
        jobs = self.corpus.comparisons(self.fates == Fate.KEPT, threshold)
        pairs = (found for _, found in engine(compare, jobs, work=len(self.corpus) * _COMPARED))
        first = np.array(join(len(self.corpus), pairs), dtype=np.int64)
        heads = np.unique(first[first != np.arange(len(first))])
        members = np.flatnonzero(np.isin(first, heads))
        members = members[np.argsort(first[members], kind="stable")]
        edges = np.flatnonzero(np.diff(first[members])) + 1
        for group in np.split(members, edges) if len(members) else ():
            oldest = min(group.tolist(), key=partial(self._age, identity))
            clusters[group] = self.ids[oldest]
        return clusters

    def _age(self, identity: Identity, number: int) -> int:
        """Return when the id of a record was minted, as a place among all."""
        if identity.fleeting:
            return int(min(self.corpus.places[self.versions.get(number, [number])]))
        return identity.age(self.ids[number].tobytes().hex())

    def located(self) -> list[dict[int, list[Place]]]:
        """Return the versions, by spill and row."""
        found: list[dict[int, list[Place]]] = [{} for _ in self.corpus.spills]
        for number, several in self.versions.items():
            spill, row = self.corpus.locate(number)
            found[spill][row] = list(map(self.corpus.locate, several))
        return found


def _resolve(articles: dict[int, Article], identity: Identity, corpus: Corpus) -> dict[int, str]:
    """Return the id of each of `articles`, in their order; new ones are minted."""
    asked = [
        (number, keys, partial(corpus.sketch, number)) for number, (keys, _) in articles.items()
    ]
    known = [identity.find(keys, sketch) for _, keys, sketch in asked]
    claimed = {name for names in known for name in names if not identity.is_retracted(name)}
    revisions = Revisions(identity, claimed)
    names: dict[int, str] = {}
    for number, keys, sketch in asked:
        found = identity.find(keys, sketch)
        if not found and (revised := revisions.claim(sketch)):
            found = [revised]
        names[number] = identity.resolve(keys, sketch, found=found)
    return names
