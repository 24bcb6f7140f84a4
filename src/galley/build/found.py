"""What was found out of all records: of most of them one number, which the registry knows.

Ids of records that nobody knew wait on disk, where they were minted; who asks for them reads
them, of one spill at a time.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from galley.build.corpus import Corpus
from galley.build.verdict import Fate, Verdict
from galley.similarity import join


class Clusters(NamedTuple):
    """The clusters of several records.

    Attributes:
        members: The numbers of their records, ascending.
        ids: The id of the cluster of each: 16 bytes.
    """

    members: Any
    ids: Any


NO_CLUSTERS = Clusters(np.empty(0, dtype=np.int64), np.empty(0, dtype="V16"))


@dataclass(frozen=True)
class Looked:
    """What a closer look found out.

    Attributes:
        numbers: Of the records.
        names: Their ids, 16 bytes each.
        ages: The place of each id among all, the oldest first.
        fates: What becomes of each.
        lasts: The numbers of kept records that have several versions.
        versions: The numbers of all of these, as they were read.
        ends: For each that is kept where the numbers of its versions end.
    """

    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    names: bytearray = field(default_factory=bytearray)
    ages: "array[int]" = field(default_factory=lambda: array("q"))
    fates: bytearray = field(default_factory=bytearray)
    lasts: "array[int]" = field(default_factory=lambda: array("q"))
    versions: "array[int]" = field(default_factory=lambda: array("q"))
    ends: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, numbers: Sequence[int], name: str, age: int, fates: Sequence[Fate]) -> None:
        """Take the records that have one id."""
        self.numbers.extend(numbers)
        self.names.extend(bytes.fromhex(name) * len(numbers))
        self.ages.extend([age] * len(numbers))
        self.fates.extend(fates)

    def add_versions(self, last: int, several: Sequence[int]) -> None:
        """Take the versions of a record, of which the `last` is kept."""
        self.lasts.append(last)
        self.versions.extend(several)
        self.ends.append(len(self.versions))


@dataclass(frozen=True)
class Found:
    """What is decided of all records, by number.

    Attributes:
        corpus: The records.
        names: The ids that were known before, 16 bytes each, the oldest first.
        known: For each record the number of its id among these; less than 0 if it has none.
        looked: What is different for those that took a closer look.
    """

    corpus: Corpus
    names: Any
    known: Any
    looked: Looked

    @cached_property
    def _order(self) -> tuple[Any, Any]:
        """The records that took a closer look, ascending, and where they stand."""
        numbers = np.frombuffer(self.looked.numbers, dtype=np.int64)
        order = np.argsort(numbers)
        return numbers[order], order

    def _among(self, start: int, stop: int) -> tuple[Any, Any]:
        """Return who took a closer look, from one number to another, and where they stand."""
        numbers, order = self._order
        own = slice(*np.searchsorted(numbers, (start, stop)).tolist())
        return numbers[own] - start, order[own]

    def kept(self) -> Any:
        """Return for each record whether it is kept."""
        kept = np.ones(len(self.corpus), dtype=bool)
        numbers, order = self._order
        kept[numbers] = (np.frombuffer(self.looked.fates, dtype=np.uint8) == Fate.KEPT)[order]
        return kept

    def ages(self, numbers: Any) -> Any:
        """Return the place of the ids of some records among all, the oldest first."""
        known = self.known[numbers]
        ages = np.where(known >= 0, known, self.corpus.places(numbers) + len(self.names))
        looked, order = self._order
        places = np.minimum(np.searchsorted(looked, numbers), max(len(looked) - 1, 0))
        own = looked[places] == numbers if len(looked) else np.zeros(len(numbers), dtype=bool)
        ages[own] = np.frombuffer(self.looked.ages, dtype=np.int64)[order[places[own]]]
        return ages

    def ids(self, spill: int) -> Any:
        """Return the ids of the records of a spill."""
        start, stop = self.corpus.starts[spill : spill + 2].tolist()
        ids, known = self.corpus.minted(spill), self.known[start:stop]
        ids[known >= 0] = self.names[known[known >= 0]]
        rows, order = self._among(start, stop)
        ids[rows] = np.frombuffer(self.looked.names, dtype="V16")[order]
        return ids

    def verdict(self, spill: int, clusters: Clusters) -> Verdict:
        """Return what was decided of the records of a spill."""
        start, stop = self.corpus.starts[spill : spill + 2].tolist()
        ids, fates = self.ids(spill), np.full(stop - start, Fate.KEPT, dtype=np.uint8)
        rows, order = self._among(start, stop)
        fates[rows] = np.frombuffer(self.looked.fates, dtype=np.uint8)[order]
        joined = ids.copy()
        own = slice(*np.searchsorted(clusters.members, (start, stop)).tolist())
        joined[clusters.members[own] - start] = clusters.ids[own]
        lasts = np.frombuffer(self.looked.lasts, dtype=np.int64)
        versions = {}
        for place in np.flatnonzero((lasts >= start) & (lasts < stop)).tolist():
            before = self.looked.ends[place - 1] if place else 0
            several = self.looked.versions[before : self.looked.ends[place]]
            versions[self.looked.lasts[place] - start] = list(map(self.corpus.locate, several))
        return Verdict(ids, joined, fates, versions)

    def cluster(self, pairs: Any) -> Clusters:
        """Return the clusters that `pairs` of records join: each has the oldest id of its own."""
        first = join(len(self.corpus), pairs)
        heads = np.unique(first[first != np.arange(len(first))])
        members = np.flatnonzero(np.isin(first, heads))
        if not len(members):
            return NO_CLUSTERS
        groups = first[members]
        order = np.lexsort((self.ages(members), groups))
        edges = np.flatnonzero(np.diff(groups[order], prepend=-1))
        sizes = np.diff(edges, append=len(order))
        ids = np.empty(len(members), dtype="V16")
        ids[order] = np.repeat(self._names(members[order[edges]]), sizes)
        return Clusters(members, ids)

    def _names(self, numbers: Any) -> Any:
        """Return the ids of some records."""
        spills = np.searchsorted(self.corpus.starts, numbers, side="right") - 1
        names = np.empty(len(numbers), dtype="V16")
        for spill in np.unique(spills).tolist():
            own = spills == spill
            names[own] = self.ids(spill)[numbers[own] - self.corpus.starts[spill]]
        return names
