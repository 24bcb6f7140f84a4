"""Divide corrected records for cross-validation: near-duplicates stay together."""

from collections.abc import Iterator, Sequence

from galley.hashing import sha256_text
from galley.record import Record

FOLDS = 5


def folds_of(records: Sequence[Record], number: int = FOLDS) -> list[int]:
    """Return the fold of each record: all of one cluster are in one.

    Clusters are dealt out in the order of their hashes, so that the folds are of one size, as
    far as clusters allow, and the same whatever the order of the records.
    """
    sizes: dict[str, int] = {}
    for record in records:
        sizes[record["cluster"]] = sizes.get(record["cluster"], 0) + 1
    filled = [0] * number
    place = {}
    for cluster in sorted(sizes, key=lambda cluster: (-sizes[cluster], sha256_text(cluster))):
        place[cluster] = filled.index(min(filled))
        filled[place[cluster]] += sizes[cluster]
    return [place[record["cluster"]] for record in records]


def divide(
    records: Sequence[Record], number: int = FOLDS
) -> Iterator[tuple[list[Record], list[Record]]]:
    """Yield for each fold that has records the records of all others, and its own."""
    folds = folds_of(records, number)
    for fold in sorted(set(folds)):
        pairs = list(zip(records, folds, strict=True))
        yield [r for r, f in pairs if f != fold], [r for r, f in pairs if f == fold]
