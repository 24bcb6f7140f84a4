"""Work that no agreement can be read from: copies, and suggestions that were waved through."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from galley.annotations.agreement.rating import Item, Rating

# So many marks that are all equal are no chance, and no honest work either.
_MARKS = 5
# From this share of texts on that all left as suggested, agreement is that of the machine.
_WAVED = 0.9


@dataclass(frozen=True)
class Refusal:
    """Why no agreement can be stated.

    Attributes:
        code: `single`, `copied` or `unchanged`.
        why: In a sentence.
    """

    code: str
    why: str

    def to_json(self) -> dict[str, str]:
        """Return the object that `--json` has."""
        return {"code": self.code, "why": self.why}


def refuse(items: Sequence[Item], copied: Iterable[tuple[str, str]] = ()) -> Refusal | None:
    """Return why nothing can be said of `items`, or None.

    Args:
        items: Without copies.
        copied: The pairs of people whose work was found to be one.
    """
    shared = [item for item in items if item.is_shared]
    if not shared and copied:
        return Refusal(
            "copied",
            "wherever two people annotated the same text, their annotations are identical in "
            "everything: one of them is a copy, and a copy agrees with itself",
        )
    if not shared:
        return Refusal(
            "single",
            f"none of {len(items)} annotated texts was annotated by two people: raise "
            "`overlap` in [tool.galley.annotations], push, and let a second person annotate",
        )
    waved = sum(all(rating.unchanged for rating in item.ratings) for item in shared)
    if waved >= _WAVED * len(shared) and any(_size(item.ratings[0]) for item in shared):
        return Refusal(
            "unchanged",
            f"in {waved} of {len(shared)} texts everybody left the suggestion as it was: that "
            "would be the suggester's agreement with itself. Send a share of the tasks without "
            "suggestions: `blind` in [tool.galley.annotations]",
        )
    return None


def find_copies(items: Iterable[Item]) -> list[tuple[str, str]]:
    """Return the pairs of people whose annotations are equal wherever both have one.

    Those that two people both left as suggested do not count as equal work: see `refuse`.
    """
    marks: dict[tuple[str, str], int] = {}
    differ: set[tuple[str, str]] = set()
    for item in items:
        for one, two in combinations(item.ratings, 2):
            pair = (one.annotator, two.annotator)
            if one.content != two.content:
                differ.add(pair)
            elif not (one.unchanged and two.unchanged):
                marks[pair] = marks.get(pair, 0) + _size(one)
    return sorted(pair for pair, n in marks.items() if n >= _MARKS and pair not in differ)


def without_copies(items: Iterable[Item], copied: Iterable[tuple[str, str]]) -> list[Item]:
    """Return `items` with one rating for each group of people whose work is one."""
    first: dict[str, str] = {}
    for one, two in copied:
        first[two] = first.get(one, one)
    return [replace(item, ratings=tuple(_distinct(item.ratings, first))) for item in items]


def _distinct(ratings: Iterable[Rating], first: dict[str, str]) -> Iterable[Rating]:
    seen: set[str] = set()
    for rating in ratings:
        origin = first.get(rating.annotator, rating.annotator)
        if origin not in seen:
            seen.add(origin)
            yield rating


def _size(rating: Rating) -> int:
    return len(rating.tags) + len(rating.spans)
