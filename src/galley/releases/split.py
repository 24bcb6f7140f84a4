"""Draw splits that never move.

1. A record's split is settled when a release first holds the record, whatever becomes of it:
   it is read from the index from then on. A record that left and comes back is where it was.
2. All records of a cluster share a split. A new cluster with a record that people corrected
   draws one: `sha256(seed + cluster)` against the cumulated shares. Where `split_by` says so,
   the publisher draws for all its records, or the date of publication decides.
3. A record that nobody corrected is published in `train` of the config `all` and nowhere else.
   So a new cluster without a corrected record is settled to be train. To draw it and put it
   into test later, once it is corrected, would move a text that models were trained on into
   the test set. Who wants test data corrects it before its first release. Where publishers or
   dates decide, such a record is train's only if they say train: see `leaks_split`.
4. What cannot be placed under these rules is withheld, and free: it is in no index.
   - `leaks_split`: nobody corrected the record, and its cluster is not train's.
   - `bridges_splits`: the record connects clusters that were released in different splits.
     The released ones stay where they were, with the clusters that they had.
5. With `move` all that is alike goes into one split after all: into train if any of it was
   there, because models have seen it. This is the only way in which a record moves.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from galley.record import REVIEWED
from galley.releases.index import TRAIN, Entry
from galley.schema.issue import Issue


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that asks for its place in a release."""

    id: str
    cluster: str
    status: str
    text_sha256: str
    publisher: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record goes."""

    cluster: str
    split: str


@dataclass(frozen=True)
class Draw:
    """How a new cluster gets its split.

    Attributes:
        shares: The share of each split, 0 to 1, adding up to 1; their order matters.
        seed: Salts the hash.
        by: What decides: `hash`, `publisher` or `date`.
        dates: For `date`, the day from which on a record belongs to each split but train.
    """

    shares: Mapping[str, float]
    seed: str
    by: str = "hash"
    dates: Mapping[str, str] = field(default_factory=dict)

    def choose(self, cluster: str, members: "list[Candidate]") -> str:
        """Return the split of a new cluster that people have worked on."""
        if self.by == "date":
            return self._at(min((m.published for m in members if m.published), default=""))
        oldest = min(members, key=lambda member: (member.id != cluster, member.id))
        return self.split((self.by == "publisher" and oldest.publisher) or cluster)

    def _at(self, day: str) -> str:
        """Return the split of what was first published at `day`; undated it is train."""
        reached = [(start, name) for name, start in self.dates.items() if start <= day]
        return max(reached)[1] if reached else TRAIN

    def split(self, key: str) -> str:
        """Return the split that `key` draws, an id of a cluster or the name of a publisher."""
        digest = hashlib.sha256(f"{self.seed}{key}".encode()).digest()
        point, reached = int.from_bytes(digest[:8]) / 2**64, 0.0
        for name, share in self.shares.items():
            reached += share
            if point < reached:
                return name
        return max(self.shares, key=lambda name: self.shares[name])  # 0.1 + 0.2 + … may miss 1


@dataclass(frozen=True)
class Assignment:
    """Where the records go.

    Attributes:
        places: Of each record that has one.
        withheld: Why the others have none, by record.
        leaks: Clusters of records that were released in different splits and are near-duplicates
            by themselves, without a new record between them: another threshold found that out.
    """

    places: dict[str, Place]
    withheld: list[Issue]
    leaks: list[str]


def assign(
    candidates: Iterable[Candidate],
    released: Mapping[str, Entry],
    draw: Draw,
    *,
    move: bool = False,
) -> Assignment:
    """Place each candidate.

    Args:
        candidates: In any order; each id once.
        released: What the releases so far hold, the newest word on each record.
        draw: How a new cluster gets its split.
        move: Whether records may move that are alike and were released in different splits.
    """
    found = Assignment({}, [], [])
    splits = _released_splits(released)
    for cluster, members in sorted(_clusters(candidates).items()):
        known = set(splits.get(cluster, ()))
        known |= {released[member.id].split for member in members if member.id in released}
        if len(known) > 1 and not move:
            outcomes = _bridged(members, released, known)
            if all(member.id in released for member in members):
                found.leaks.append(cluster)
        else:
            split = _shared(known, draw) if known else _new_split(cluster, members, draw)
            outcomes = (_placed(member, Place(cluster, split)) for member in members)
        for outcome in outcomes:
            if isinstance(outcome, Issue):
                found.withheld.append(outcome)
            else:
                found.places[outcome[0]] = outcome[1]
    found.withheld.sort()
    return found


Outcome = tuple[str, Place] | Issue


def _clusters(candidates: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    clusters: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        clusters.setdefault(candidate.cluster, []).append(candidate)
    return clusters


def _released_splits(released: Mapping[str, Entry]) -> dict[str, set[str]]:
    splits: dict[str, set[str]] = {}
    for entry in released.values():
        splits.setdefault(entry.cluster, set()).add(entry.split)
    return splits


def _new_split(cluster: str, members: list[Candidate], draw: Draw) -> str:
    reviewed = any(member.status in REVIEWED for member in members)
    return draw.choose(cluster, members) if reviewed or draw.by != "hash" else TRAIN


def _shared(known: set[str], draw: Draw) -> str:
    """Return the one split for what was released in `known`."""
    order = [TRAIN, *draw.shares, *sorted(known)]
    return min(known, key=order.index)


def _bridged(
    members: list[Candidate], released: Mapping[str, Entry], known: set[str]
) -> Iterator[Outcome]:
    got = ", ".join(sorted(known))
    for member in members:
        entry = released.get(member.id)
        if entry is None:
            yield Issue(member.id, "bridges_splits", "a cluster in one split", got)
        else:
            yield _placed(member, Place(entry.cluster, entry.split))


def _placed(member: Candidate, place: Place) -> Outcome:
    if member.status in REVIEWED or place.split == TRAIN:
        return member.id, place
    return Issue(member.id, "leaks_split", "corrected, or in train", f"in {place.split}")
