"""Stretches of lines that may be main text, and what speaks for each of them.

Paragraphs speak for a stretch, what is no text speaks against it, and the more of it comes in a
row the more it does.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from galley.build.dump.kinds import LONG, TEXT, Kind, is_cased_name, is_item, is_unspaced, prose_of
from galley.build.lines import Line

PARAGRAPH = 100  # weight from which a lone paragraph may be a section of an article
BETWEEN = frozenset({Kind.LABEL, Kind.CAPTION, Kind.NOTICE, Kind.READ_MORE, Kind.TIME, Kind.PLUG})
ENDS = frozenset({Kind.COMMENT_FORM, Kind.COMMENTS, Kind.ABOUT, Kind.FRAME})
CLOSES = frozenset({*ENDS, Kind.NAVIGATION, Kind.RELATED, Kind.DATE})
MOST = 400  # weight above which a paragraph counts no more
_TEASER = 260  # weight up to which a paragraph that stands alone may announce an article
_LONE = 0.3  # share that counts of the weight of such a paragraph
_HEADED = 0.6  # the same where it may be a section of an article
_SUBHEAD = 48  # weight up to which the line above it may be a subhead
_LABELS = 3  # labels in a gap that are a bar of buttons
_RIGHTS = re.compile(r"(?:copyright|\(c\)|©|ⓒ)[\s©:]*(?:by )?(?:19|20)\d\d", re.IGNORECASE)
_AGAINST = {
    Kind.COMMENT_FORM: -900.0,
    Kind.COMMENTS: -250.0,
    Kind.NAVIGATION: -300.0,
    Kind.CUT_OFF: -150.0,
    Kind.RELATED: -80.0,
    Kind.ABOUT: -80.0,
    Kind.DATE: -70.0,
    Kind.TIME: -35.0,
    Kind.BYLINE: -30.0,
    Kind.NOTICE: -40.0,
    Kind.READ_MORE: -40.0,
    Kind.CAPTION: -15.0,
    Kind.LABEL: -25.0,
    Kind.SHORT: -35.0,
    Kind.PLUG: 0.0,
    Kind.FRAME: -80.0,
}
_ITEM = -5.0  # what an item of a list adds
_GAP = 12.0  # what each further line without text adds to the cost of a gap
_WIDEST = 60.0  # the most that it adds


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of lines and what speaks for it."""

    lines: range
    value: float


@dataclass(frozen=True)
class Field:
    """The lines of a page, their kinds, and what each adds to a stretch of main text."""

    lines: list[Line]
    kinds: list[Kind]
    values: list[float]

    @classmethod
    def of(cls, lines: list[Line], kinds: list[Kind]) -> "Field":
        """Return the field of the lines with these kinds."""
        return cls(lines, kinds, _values(lines, kinds))

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each line stands on the page."""
        return Counter(line.plain for line in self.lines)


def find_stretches(page: Field, start: int) -> Iterator[Stretch]:
    """Yield the stretches of which every beginning and end speaks for them, in order.

    None of them goes across `start`, or a gap that closes an article.
    """
    index = 1
    while index < len(page.values):
        if page.values[index] <= 0:
            index += 1
            continue
        found = _stretch(page, index, start)
        yield found
        index = found.lines.stop


def _stretch(page: Field, begin: int, border: int) -> Stretch:
    """Return the stretch that begins at `begin`."""
    total, peak, stop = 0.0, 0.0, begin
    gap: list[Kind] = []
    for index in range(begin, len(page.values)):
        gap = [] if page.kinds[index] in TEXT else [*gap, page.kinds[index]]
        total += page.values[index]
        foot = page.kinds[index] is Kind.NOTICE and is_foot(page.lines[index])
        if total <= 0 or closes(gap) or foot or (index == border and index > begin):
            break
        if total > peak:
            peak, stop = total, index + 1
    return Stretch(range(begin, stop), peak)


def closes(kinds: list[Kind]) -> bool:
    """Return whether the kinds of a gap's lines say that an article ended, or began."""
    return bool(set(kinds) & CLOSES) or kinds.count(Kind.LABEL) >= _LABELS


def is_foot(line: Line) -> bool:
    """Return whether a line says since when a site's rights are reserved: a page ends with it."""
    return _RIGHTS.match(line.text) is not None


class _Items(dict[int, bool]):
    """Which lines of a page are items of a list, each found out when it is asked for."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines

    def __missing__(self, index: int) -> bool:
        """Find out whether the line at `index` is one."""
        found = self[index] = is_item(self._lines[index])
        return found

    def near(self, index: int) -> int:
        """Return how many of the line at `index` and those next to it are, two on either side."""
        return sum(self[at] for at in range(max(index - 2, 0), min(index + 3, len(self._lines))))


def _values(lines: list[Line], kinds: list[Kind]) -> list[float]:
    """Return what each line adds to a stretch of main text."""
    values: list[float] = []
    again = Counter(line.plain for line in lines if line.weight >= LONG)
    items = _Items(lines)
    gap = 0
    for index, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        if kind is not Kind.PLUG:
            gap = 0 if kind in TEXT or prose_of(line, kind) else gap + 1
        if kind in TEXT:
            share = _share(lines, kinds, index) if line.weight < _TEASER else 1.0
            value = min(line.weight, MOST) * share * (0.5 if again[line.plain] > 1 else 1.0)
        elif kind is Kind.SHORT and items[index] and items.near(index) > 1:
            value = prose_of(line, kind) or _ITEM
        elif kind is Kind.SHORT and is_unspaced(line) and _follows(kinds, index):
            value = _LONE * line.weight
        else:
            value = _AGAINST[kind] - min(max(gap - 1, 0) * _GAP, _WIDEST)
        if kind is Kind.READ_MORE and index and kinds[index - 1] is kind:
            value = _ITEM
        values.append(value)
    return values


def _follows(kinds: list[Kind], index: int) -> bool:
    """Return whether a line comes right after text, what pages put in between aside."""
    before = (kinds[other] for other in range(index - 1, -1, -1))
    return next((kind for kind in before if kind not in BETWEEN), None) in TEXT


def _share(lines: list[Line], kinds: list[Kind], index: int) -> float:
    """Return how much of a line's weight counts: less of one with no text next to it."""
    if not _alone(kinds, index):
        return 1.0
    return _HEADED if _is_section(lines, kinds, index) else _LONE


def _is_section(lines: list[Line], kinds: list[Kind], index: int) -> bool:
    """Return whether a lone paragraph stands, below text, under a line that may be a subhead."""
    head = lines[index - 1]
    return (
        lines[index].weight >= PARAGRAPH
        and index > 1
        and kinds[index - 1] is Kind.SHORT
        and head.weight <= _SUBHEAD
        and not is_cased_name(head.text)
        and kinds[index - 2] in TEXT | BETWEEN
    )


def _alone(kinds: list[Kind], index: int) -> bool:
    """Return whether no text is next to a line, what pages put between paragraphs aside."""
    after = (kinds[other] for other in range(index + 1, len(kinds)))
    follows = next((kind for kind in after if kind not in BETWEEN), None) in TEXT
    return not follows and not _follows(kinds, index)
