"""What was decided of the records of a shard; it waits beside the spill until they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from galley.build.corpus import Place
from galley.build.spill import Spill
from galley.files import is_remote
from galley.hashing import sha256_bytes, sha256_json

_NAME, _IDS = "verdict", "ids"
_SIZE = 16  # bytes of an id


class Fate(IntEnum):
    """What becomes of a record as one page has it."""

    KEPT = 0
    SAME = 1  # another version of the article is kept, with the same text
    OUTDATED = 2  # another version is kept, with another text
    RETRACTED = 3


class Ruling(NamedTuple):
    """What is held of a verdict while records are written.

    Attributes:
        kept: How many records are kept.
        outdated: How many articles are other versions of kept ones, with other texts.
        fingerprint: The hash of all that decides what is written of the shard.
    """

    kept: int
    outdated: int
    fingerprint: str


@dataclass(frozen=True)
class _Waiting:
    """Ids that wait in a file: those of all records would be most of what is held of a shard.

    Attributes:
        path: Of the file.
        first: Where they begin: after so many others.
        number: How many there are.
    """

    path: Path
    first: int
    number: int

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, rows: slice) -> Any:
        """Return those of some rows that follow each other."""
        start, stop, _ = rows.indices(self.number)
        size = _SIZE * max(stop - start, 0)
        if is_remote(self.path):  # one request, rather than one for each batch
            data, at = self._all, _SIZE * (self.first + start)
            return np.frombuffer(data[at : at + size], dtype="V16")
        with self.path.open("rb") as file:
            file.seek(_SIZE * (self.first + start))
            return np.frombuffer(file.read(size), dtype="V16")

    @cached_property
    def _all(self) -> bytes:
        return self.path.read_bytes()


@dataclass(frozen=True)
class Verdict:
    """What was decided of the records of one spill, by row.

    Attributes:
        ids: Each record's id: 16 bytes; of a verdict that waited, they are read by slices.
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

    @classmethod
    def load(cls, folder: Path) -> "Verdict":
        """Return the verdict that waits in `folder`."""
        with (folder / _NAME).open("rb") as file:
            fates, rows, ends, places = (np.load(file) for _ in range(4))
        ids = _Waiting(folder / _IDS, 0, len(fates))
        clusters = _Waiting(folder / _IDS, len(fates), len(fates))
        bounds = zip(rows.tolist(), [0, *ends.tolist()], ends.tolist(), strict=False)
        versions = {row: [(a, b) for a, b in places[i:j].tolist()] for row, i, j in bounds}
        return cls(ids, clusters, fates, versions)

    def save(self, folder: Path) -> None:
        """Let the verdict wait in `folder`."""
        rows, places = list(self.versions), list(self.versions.values())
        ends = np.cumsum([len(own) for own in places], dtype=np.int64)
        flat = np.array([place for own in places for place in own], np.int64).reshape(-1, 2)
        data = BytesIO()
        for array in (self.fates, np.array(rows, np.int64), ends, flat):
            np.save(data, array)
        (folder / _IDS).write_bytes(self.ids.tobytes() + self.clusters.tobytes())
        (folder / _NAME).write_bytes(data.getvalue())

    def rule(self, spills: Sequence[Spill], number: int) -> Ruling:
        """Return what is held of the verdict, of the spill that has this number of all."""
        # Where another shard has a version does not count, but what it is.
        versions = [
            [row, [spills[spill].origin(place) for spill, place in places]]
            for row, places in sorted(self.versions.items())
        ]
        hashes = [sha256_bytes(array.tobytes()) for array in (self.ids, self.clusters, self.fates)]
        sealed = sha256_json([spills[number].totals.fingerprint, hashes, versions])
        return Ruling(self.kept, int((self.fates == Fate.OUTDATED).sum()), sealed)
