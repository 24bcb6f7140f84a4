"""What the report counts in the records of a release, in one pass over them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

from galley.record import Record

Counts = Counter[str]
# Ends of the classes of length, in code points; the last class is open.
LENGTHS = (250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000)


@dataclass
class Survey:
    """Counts over the records of a release.

    Attributes:
        days: Records by day, month or year of publication as stated, then by status.
        lengths: Records by class of the length of their text, see `LENGTHS`.
        pairs: Records by two of their tags, in alphabetical order.
        surfaces: Of each label the entities by their words.
        splits: Records by split, then by status.
        files: Sources by the first folder of their file.
    """

    days: dict[str, Counts] = field(default_factory=dict)
    lengths: Counter[int] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    surfaces: dict[str, Counts] = field(default_factory=dict)

    @classmethod
    def take(cls, records: Iterable[Record]) -> "Survey":
        """Return the counts of `records`."""
        survey = cls()
        for record in records:
            survey.add(record)
        return survey

    def add(self, record: Record) -> None:
        """Count `record`."""
        if record["published"]:
            status = record["annotation"]["status"]
            self.days.setdefault(record["published"][:10], Counter())[status] += 1
        size = len(record["text"])
        self.lengths[sum(size >= end for end in LENGTHS)] += 1
        self.pairs.update(combinations(sorted(set(record["tags"])), 2))
        for entity in record["entities"]:
            self.surfaces.setdefault(entity["label"], Counter())[entity["text"]] += 1

    def periods(self, most: int = 60) -> dict[str, Counts]:
        """Return the records by time, in order and without gaps.

        By month if those are at most `most`, else by year. A date that is less exact than its
        period is left out.
        """
        for length in (7, 4):
            found: dict[str, Counts] = {}
            for day, counts in self.days.items():
                if len(day) >= length:
                    found.setdefault(day[:length], Counter()).update(counts)
            names = _all_between(min(found, default=""), max(found, default=""))
            if len(names) <= most:
                break
        return {name: found.get(name, Counter()) for name in names[-most:]}


def _all_between(first: str, last: str) -> list[str]:
    """Return the months, or years, from `first` to `last`."""
    if not first.isascii() or not first.replace("-", "").isdigit():
        return []
    if len(first) == 4:
        return [f"{year:04}" for year in range(int(first), int(last) + 1)]
    months = (int(text[:4]) * 12 + int(text[5:7]) - 1 for text in (first, last))
    start, stop = months
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, stop + 1)]


def ranked(counts: Counter[str], most: int | None = None) -> list[tuple[str, int]]:
    """Return the `most` frequent names with their counts; equal ones by name."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
