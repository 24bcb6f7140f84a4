"""Where the main text of a page begins and ends.

Paragraphs speak for a stretch of lines, what is no text speaks against it, and the more of it
comes in a row the more it does. The main text is the stretch that most speaks for, with what
goes on before and after it across a picture, a list or a box.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from galley.build.edges import Ends
from galley.build.heading import Heading
from galley.build.kinds import (
    LONG,
    TEXT,
    WORDY,
    Kind,
    is_cased_name,
    is_item,
    is_unspaced,
    prose_of,
)
from galley.build.lines import Line

_ENOUGH = 300.0  # value of a stretch that makes an article
_TEASER = 260  # weight up to which a paragraph that stands alone may announce an article
_MOST = 400  # weight above which a paragraph counts no more
_LONE = 0.3  # share that counts of the weight of such a paragraph
_HEADED = 0.6  # the same where it may be a section of an article
_PARAGRAPH = 100  # weight from which it may
_SUBHEAD = 48  # weight up to which the line above it may be a subhead
_ARTICLE = 1200  # weight from which a line is an article
_UNDER = 0.15  # of the best stretch's value that the one under the headline needs
_ANYWHERE = 0.6  # the same where the page does not repeat the headline
_NEAR = 20  # lines between a headline or a deck and the text
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
_BETWEEN = frozenset({Kind.LABEL, Kind.CAPTION, Kind.NOTICE, Kind.READ_MORE, Kind.TIME, Kind.PLUG})
_PLAIN = frozenset({Kind.SHORT, Kind.LABEL})
_ENDS = frozenset({Kind.COMMENT_FORM, Kind.COMMENTS, Kind.ABOUT, Kind.FRAME})
_CLOSES = frozenset({*_ENDS, Kind.NAVIGATION, Kind.RELATED, Kind.DATE})
_HEAD = frozenset({Kind.DATE, Kind.TIME, Kind.BYLINE, Kind.LABEL, Kind.CAPTION})
_STATED = frozenset({Kind.DATE, Kind.TIME, Kind.BYLINE})
_GAPS = 6  # lines between a first paragraph and the next
_LABELS = 3  # labels in a gap that are a bar of buttons
_RIGHTS = re.compile(r"(?:copyright|\(c\)|©|ⓒ)[\s©:]*(?:by )?(?:19|20)\d\d", re.IGNORECASE)
_HALVES = 12  # half sentences that make an article
_FAR = 25  # lines of a gap across which an article may go on
_GOES_ON = 3  # paragraphs with which it does


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


def find_core(lines: list[Line], kinds: list[Kind], heading: Heading) -> range | None:
    """Return the lines of the main text, or None where there is no prose.

    Args:
        lines: Of the page.
        kinds: What each of them is.
        heading: The page's title; the text is looked for below it.
    """
    page = Field(lines, kinds, _values(lines, kinds))
    heading = _lowered(page, heading)
    _open(page, heading)
    found = list(_stretches(page, heading.start))
    if not found:
        return None
    if heading.confirmed and (listed := _listed(page, heading.start)):
        return listed
    return _extended(page, found, _main(page, found, heading), heading)


def _open(page: Field, heading: Heading) -> None:
    """Let the paragraph right below the headline count in full, if no byline follows it."""
    near = range(heading.start, min(heading.start + _NEAR, len(page.lines) - 1))
    first = next((index for index in near if page.kinds[index] in TEXT), None)
    if first is None or not heading.confirmed or page.lines[first].weight < _PARAGRAPH:
        return
    after = page.kinds[first + 1 : first + 1 + _GAPS]
    gap = next((at for at, kind in enumerate(after) if kind in TEXT), len(after))
    if not set(after[:gap]) & _STATED:
        page.values[first] = float(min(page.lines[first].weight, _MOST))


def _lowered(page: Field, heading: Heading) -> Heading:
    """Return the heading, its start below its last repetition above most of the text."""
    below = [s for s in _stretches(page, heading.start) if s.lines.start >= heading.start]
    if not heading.confirmed or not below:
        return heading
    best = max(below, key=lambda stretch: stretch.value)
    start = heading.start
    for index in range(heading.start, best.lines.start):
        between = sum(s.value for s in below if s.lines.stop <= index)
        if page.lines[index].plain == heading.title.plain and between < _UNDER * best.value:
            start = index + 1
    return replace(heading, start=start)


def _main(page: Field, found: list[Stretch], heading: Heading) -> Stretch:
    """Return the stretch that holds the article: the first that is rich enough.

    Under a headline that the page repeats little is enough, and even one short paragraph is
    more than what may come later; only a deck is passed over.
    """
    best = max(found, key=lambda stretch: stretch.value)
    share = _UNDER if heading.confirmed else _ANYWHERE
    below = [stretch for stretch in found if stretch.lines.start >= heading.start]
    for stretch, following in pairwise([*below, None]):
        if stretch is None or (following and _is_deck(page, stretch, following)):
            continue
        value = stretch.value
        first = stretch.lines.start
        if heading.confirmed and first - heading.start <= _NEAR and page.kinds[first] is Kind.PROSE:
            value = max(value, page.lines[first].weight)
        elif not heading.confirmed and _is_short(page, stretch):
            value *= 0.5
        if value >= min(share * best.value, _ENOUGH if heading.confirmed else best.value):
            return stretch
    return best


def _is_short(page: Field, stretch: Stretch) -> bool:
    """Return whether a stretch is one paragraph, and not a whole article in one line."""
    return len(stretch.lines) == 1 and page.lines[stretch.lines.start].weight < _ARTICLE


def _is_deck(page: Field, stretch: Stretch, following: Stretch) -> bool:
    """Return whether a stretch only announces the one that follows it."""
    gap = range(stretch.lines.stop, following.lines.start)
    kinds = {page.kinds[index] for index in gap}
    lone = len(stretch.lines) == 1 and len(gap) <= _NEAR and not kinds & _ENDS
    if not lone or _is_list(page, gap) or _is_boxed([page.kinds[index] for index in gap]):
        return False
    weight = page.lines[stretch.lines.start].weight
    if kinds & _CLOSES - {Kind.DATE} or not kinds & _HEAD:
        return following.value >= weight
    return sum(page.lines[i].weight for i in following.lines if page.kinds[i] in TEXT) >= weight


def _listed(page: Field, start: int) -> range | None:
    """Return the lines from `start` to where an article ends, if half sentences prevail there.

    Instructions, programmes, results: such a page has next to no paragraphs.
    """
    stop = start
    while stop < len(page.lines) and page.kinds[stop] not in _CLOSES | {Kind.NOTICE}:
        stop += 1
    inner = range(start, stop)
    wordy = sum(0 < prose_of(page.lines[i], page.kinds[i]) < WORDY for i in inner)
    return inner if wordy >= _HALVES and wordy > sum(page.kinds[i] in TEXT for i in inner) else None


def _extended(page: Field, found: list[Stretch], main: Stretch, heading: Heading) -> range:
    """Return the lines of `main` with the stretches around it that belong to it."""
    start, stop = main.lines.start, main.lines.stop
    for stretch in found:
        if stretch.lines.start >= stop and not _goes_on(
            page, range(stop, stretch.lines.start), stretch
        ):
            continue
        stop = max(stop, stretch.lines.stop)
    for stretch in reversed(found):
        if heading.start <= stretch.lines.start < start:
            if not _leads_in(page, range(stretch.lines.stop, start)):
                break
            start = stretch.lines.start
    return Ends(page.lines, page.kinds, heading).trimmed(range(start, stop))


def _goes_on(page: Field, gap: range, stretch: Stretch) -> bool:
    """Return whether an article goes on in `stretch`, across the lines of `gap`."""
    kinds = [page.kinds[index] for index in gap]
    if set(kinds) & _ENDS or len(gap) > _FAR or any(map(_is_foot, (page.lines[i] for i in gap))):
        return False
    inner = [page.kinds[index] for index in stretch.lines]
    texts = sum(kind in TEXT for kind in inner)
    running = texts >= _GOES_ON and texts > 0.6 * len(inner) and Kind.DATE not in inner
    if _closes(kinds):
        return running and stretch.value >= _ENOUGH and Kind.DATE not in kinds
    return running or _is_list(page, gap) or _is_boxed(kinds)


def _is_boxed(kinds: list[Kind]) -> bool:
    """Return whether a gap is a box of links between paragraphs, with a subhead below it maybe."""
    pointers, shorts = kinds.count(Kind.READ_MORE), kinds.count(Kind.SHORT)
    return pointers > 1 and shorts < 2 and set(kinds) <= _BETWEEN | {Kind.SHORT}


def _is_foot(line: Line) -> bool:
    """Return whether a line says since when a site's rights are reserved: a page ends with it."""
    return _RIGHTS.match(line.text) is not None


def _leads_in(page: Field, gap: range) -> bool:
    """Return whether a stretch above the main text, before `gap`, is its beginning."""
    kinds = [page.kinds[index] for index in gap]
    return not _closes(kinds) and Kind.BYLINE not in kinds and _is_list(page, gap)


def _is_list(page: Field, gap: range) -> bool:
    items = sum(page.kinds[i] in _PLAIN and is_item(page.lines[i]) for i in gap)
    return len(gap) <= _FAR and items >= len(gap) / 2


def _closes(kinds: list[Kind]) -> bool:
    """Return whether the kinds of a gap's lines say that an article ended, or began."""
    return bool(set(kinds) & _CLOSES) or kinds.count(Kind.LABEL) >= _LABELS


def _stretches(page: Field, start: int) -> Iterator[Stretch]:
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
        foot = page.kinds[index] is Kind.NOTICE and _is_foot(page.lines[index])
        if total <= 0 or _closes(gap) or foot or (index == border and index > begin):
            break
        if total > peak:
            peak, stop = total, index + 1
    return Stretch(range(begin, stop), peak)


def _values(lines: list[Line], kinds: list[Kind]) -> list[float]:
    """Return what each line adds to a stretch of main text."""
    values: list[float] = []
    again = Counter(line.plain for line in lines if line.weight >= LONG)
    items = [is_item(line) for line in lines]
    gap = 0
    for index, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        if kind is not Kind.PLUG:
            gap = 0 if kind in TEXT or prose_of(line, kind) else gap + 1
        if kind in TEXT:
            share = _share(lines, kinds, index) if line.weight < _TEASER else 1.0
            value = min(line.weight, _MOST) * share * (0.5 if again[line.plain] > 1 else 1.0)
        elif kind is Kind.SHORT and items[index] and sum(items[max(index - 2, 0) : index + 3]) > 1:
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
    before = next((kind for kind in reversed(kinds[:index]) if kind not in _BETWEEN), None)
    return before in TEXT


def _share(lines: list[Line], kinds: list[Kind], index: int) -> float:
    """Return how much of a line's weight counts: less of one with no text next to it."""
    if not _alone(kinds, index):
        return 1.0
    return _HEADED if _is_section(lines, kinds, index) else _LONE


def _is_section(lines: list[Line], kinds: list[Kind], index: int) -> bool:
    """Return whether a lone paragraph stands, below text, under a line that may be a subhead."""
    head = lines[index - 1]
    return (
        lines[index].weight >= _PARAGRAPH
        and index > 1
        and kinds[index - 1] is Kind.SHORT
        and head.weight <= _SUBHEAD
        and not is_cased_name(head.text)
        and kinds[index - 2] in TEXT | _BETWEEN
    )


def _alone(kinds: list[Kind], index: int) -> bool:
    """Return whether no text is next to a line, what pages put between paragraphs aside."""
    after = next((kind for kind in kinds[index + 1 :] if kind not in _BETWEEN), None)
    return after not in TEXT and not _follows(kinds, index)
