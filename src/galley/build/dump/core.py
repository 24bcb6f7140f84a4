"""Where the main text of a page begins and ends.

It is the stretch that most speaks for, with what goes on before and after it across a picture,
a list or a box.
"""

from dataclasses import replace
from itertools import pairwise

from galley.build.dump.edges import Ends
from galley.build.dump.heading import Heading
from galley.build.dump.kinds import META, TEXT, WORDY, Kind, is_item, prose_of
from galley.build.dump.stretches import (
    BETWEEN,
    CLOSES,
    ENDS,
    MOST,
    PARAGRAPH,
    Field,
    Stretch,
    closes,
    find_stretches,
    is_foot,
)
from galley.build.lines import Line

_ENOUGH = 300.0  # value of a stretch that makes an article
_ARTICLE = 1200  # weight from which a line is an article
_UNDER = 0.15  # of the best stretch's value that the one under the headline needs
_ANYWHERE = 0.6  # the same where the page does not repeat the headline
_RICHER = 4.0  # how much more speaks for an article than for a picture's caption above its date
_NEAR = 20  # lines between a headline or a deck and the text
_PLAIN = frozenset({Kind.SHORT, Kind.LABEL})
_HEAD = frozenset({Kind.DATE, Kind.TIME, Kind.BYLINE, Kind.LABEL, Kind.CAPTION})
_STATED = frozenset({Kind.DATE, Kind.TIME, Kind.BYLINE})
_GAPS = 6  # lines between a first paragraph and the next
_HALVES = 12  # half sentences that make an article
_AGAIN = 0.8  # share of the lines of a gap that stand elsewhere too if a page repeats a box
_LEAVES = (CLOSES | META) - {Kind.RELATED}  # what no insert has
_BESIDE = frozenset({Kind.CAPTION, Kind.PLUG})  # what may stand between paragraphs in a row
_INSERT = 6  # lines of an insert between paragraphs
_FAR = 25  # lines of a gap across which an article may go on
_GOES_ON = 3  # paragraphs with which it does


def find_core(lines: list[Line], kinds: list[Kind], heading: Heading) -> range | None:
    """Return the lines of the main text, or None where there is no prose.

    Args:
        lines: Of the page.
        kinds: What each of them is.
        heading: The page's title; the text is looked for below it.
    """
    page = Field.of(lines, kinds)
    heading = _lowered(page, heading)
    _open(page, heading)
    found = list(find_stretches(page, heading.start))
    if not found:
        return None
    if heading.confirmed and (listed := _listed(page, heading.start)):
        return listed
    return _extended(page, found, _main(page, found, heading), heading)


def _open(page: Field, heading: Heading) -> None:
    """Let the paragraph right below the headline count in full, if no byline follows it."""
    near = range(heading.start, min(heading.start + _NEAR, len(page.lines) - 1))
    first = next((index for index in near if page.kinds[index] in TEXT), None)
    if first is None or not heading.confirmed or page.lines[first].weight < PARAGRAPH:
        return
    after = page.kinds[first + 1 : first + 1 + _GAPS]
    gap = next((at for at, kind in enumerate(after) if kind in TEXT), len(after))
    if not set(after[:gap]) & _STATED:
        page.values[first] = float(min(page.lines[first].weight, MOST))


def _lowered(page: Field, heading: Heading) -> Heading:
    """Return the heading, its start below its last repetition above most of the text."""
    below = [s for s in find_stretches(page, heading.start) if s.lines.start >= heading.start]
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
        if _is_signed(page, stretch, best):
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
    lone = len(stretch.lines) == 1 and len(gap) <= _NEAR and not kinds & ENDS
    if not lone or _is_boxed([page.kinds[index] for index in gap]):
        return False
    if _is_list(page, gap) and not kinds & _STATED:
        return False
    weight = page.lines[stretch.lines.start].weight
    if kinds & CLOSES - {Kind.DATE} or not kinds & _HEAD:
        return following.value >= weight
    return sum(page.lines[i].weight for i in following.lines if page.kinds[i] in TEXT) >= weight


def _is_signed(page: Field, stretch: Stretch, best: Stretch) -> bool:
    """Return whether a lone paragraph stands above the date and the author of a far richer text."""
    gap = range(stretch.lines.stop, best.lines.start)
    if len(stretch.lines) > 1 or not 0 < len(gap) <= _FAR:
        return False
    ends = ENDS & {page.kinds[index] for index in gap}
    signed = page.kinds[gap.start] in _STATED
    return signed and not ends and best.value >= _RICHER * stretch.value


def _listed(page: Field, start: int) -> range | None:
    """Return the lines from `start` to where an article ends, if half sentences prevail there.

    Instructions, programmes, results: such a page has next to no paragraphs.
    """
    stop = start
    while stop < len(page.lines) and page.kinds[stop] not in CLOSES | {Kind.NOTICE}:
        stop += 1
    inner = range(start, stop)
    wordy = sum(0 < prose_of(page.lines[i], page.kinds[i]) < WORDY for i in inner)
    return inner if wordy >= _HALVES and wordy > sum(page.kinds[i] in TEXT for i in inner) else None


def _extended(page: Field, found: list[Stretch], main: Stretch, heading: Heading) -> range:
    """Return the lines of `main` with the stretches around it that belong to it."""
    start, stop = main.lines.start, main.lines.stop
    for stretch in found:
        gap = range(stop, stretch.lines.start)
        if stretch.lines.start >= stop and not (
            _resumes(page, gap, stretch, main)
            or (_is_set_alike(page, stretch, main) and _goes_on(page, gap, stretch))
        ):
            continue
        stop = max(stop, stretch.lines.stop)
    for stretch in reversed(found):
        if heading.start <= stretch.lines.start < start:
            gap = range(stretch.lines.stop, start)
            if not _leads_in(page, gap) and not _begins(page, gap, stretch, main):
                break
            start = stretch.lines.start
    return Ends(page.lines, page.kinds, heading).trimmed(range(start, stop))


def _goes_on(page: Field, gap: range, stretch: Stretch) -> bool:
    """Return whether an article goes on in `stretch`, across the lines of `gap`."""
    kinds = [page.kinds[index] for index in gap]
    if set(kinds) & ENDS or len(gap) > _FAR or any(map(is_foot, (page.lines[i] for i in gap))):
        return False
    inner = [page.kinds[index] for index in stretch.lines]
    texts = sum(kind in TEXT for kind in inner)
    running = texts >= _GOES_ON and texts > 0.6 * len(inner) and Kind.DATE not in inner
    if stretch.value >= _ENOUGH and _is_inserted(page, gap):
        return True
    if closes(kinds):
        return running and stretch.value >= _ENOUGH and Kind.DATE not in kinds
    return running or _is_list(page, gap) or _is_boxed(kinds)


def _resumes(page: Field, gap: range, stretch: Stretch, main: Stretch) -> bool:
    """Return whether a text goes on after an insert: with paragraphs in a row, set as its own.

    Teasers never stand in a row: each has its headline above it.
    """
    first = [index for index in stretch.lines if page.kinds[index] in TEXT]
    between = page.kinds[first[0] + 1 : first[1]] if len(first) > 1 else [Kind.SHORT]
    in_row = set(between) <= _BESIDE
    if not in_row or not _is_insert(page, gap):
        return False
    return _is_set_alike(page, stretch, main)


def _is_set_alike(page: Field, stretch: Stretch, main: Stretch) -> bool:
    """Return whether the paragraphs of a stretch are apart if those of the main text are."""
    apart, own = (
        [page.lines[index].blank_before for index in lines if page.kinds[index] in TEXT]
        for lines in (stretch.lines, main.lines)
    )
    return all(apart) or not all(own)


def _begins(page: Field, gap: range, stretch: Stretch, main: Stretch) -> bool:
    """Return whether a text begins before an insert: below its date, with paragraphs in a row."""
    above = [kind for kind in page.kinds[: stretch.lines.start] if kind is not Kind.LABEL]
    return above[-1:] != [] and above[-1] in META and _resumes(page, gap, stretch, main)


def _is_insert(page: Field, gap: range) -> bool:
    """Return whether a gap is short, and nothing in it ends an article or leads out of it.

    One paragraph may stand in it, between two inserts.
    """
    kinds = [page.kinds[index] for index in gap if page.kinds[index] is not Kind.PLUG]
    paragraphs = kinds.count(Kind.PROSE)
    if len(kinds) - paragraphs > _INSERT or paragraphs > 1 or kinds[-1:] == [Kind.RELATED]:
        return False
    if set(kinds) & _LEAVES or kinds.count(Kind.LABEL) > 1:
        return False
    return not any(is_foot(page.lines[index]) for index in gap)


def _is_inserted(page: Field, gap: range) -> bool:
    """Return whether a page sets what stands in a gap among its paragraphs again and again."""
    found = [page.lines[i].plain for i in gap if page.kinds[i] is not Kind.CAPTION]
    return len(found) > 1 and sum(page.counts[plain] > 1 for plain in found) >= _AGAIN * len(found)


def _is_boxed(kinds: list[Kind]) -> bool:
    """Return whether a gap is a box of links between paragraphs, with a subhead below it maybe."""
    pointers, shorts = kinds.count(Kind.READ_MORE), kinds.count(Kind.SHORT)
    return pointers > 1 and shorts < 2 and set(kinds) <= BETWEEN | {Kind.SHORT}


def _leads_in(page: Field, gap: range) -> bool:
    """Return whether a stretch above the main text, before `gap`, is its beginning."""
    kinds = [page.kinds[index] for index in gap]
    return not closes(kinds) and Kind.BYLINE not in kinds and _is_list(page, gap)


def _is_list(page: Field, gap: range) -> bool:
    items = sum(page.kinds[i] in _PLAIN and is_item(page.lines[i]) for i in gap)
    timed = items == 1 and any(page.kinds[i] is Kind.TIME for i in gap)
    return len(gap) <= _FAR and items >= len(gap) / 2 and not timed
