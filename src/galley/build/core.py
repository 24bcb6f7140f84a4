"""Where the main text of a page begins and ends.

Paragraphs speak for a stretch of lines, what is no text speaks against it, and the more of it
comes in a row the more it does. The main text is the stretch that most speaks for, with what
goes on before and after it across a picture, a list or a box.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from galley.build.heading import Heading
from galley.build.kinds import LONG, TEXT, WORDY, Kind, is_item, prose_of
from galley.build.lines import Line

_ENOUGH = 300.0  # value of a stretch that makes an article
_TEASER = 260  # weight up to which a paragraph that stands alone may announce an article
_MOST = 400  # weight above which a paragraph counts no more
_SHARE = 0.15  # of the best stretch's value that the one under the headline needs
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
}
_ITEM = -5.0  # what an item of a list adds
_GAP = 12.0  # what each further line without text adds to the cost of a gap
_WIDEST = 60.0  # the most that it adds
_ENDS = frozenset({Kind.COMMENT_FORM, Kind.COMMENTS, Kind.ABOUT})
_CLOSES = frozenset({*_ENDS, Kind.NAVIGATION, Kind.RELATED, Kind.DATE})
_LABELS = 3  # labels in a gap that are a bar of buttons
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
    found = list(_stretches(page))
    if not found:
        return None
    if heading.confirmed and (listed := _listed(page, heading.start)):
        return listed
    richest = max(stretch.value for stretch in found)
    below = [stretch for stretch in found if stretch.lines.start >= heading.start]
    enough = min(_ENOUGH, _SHARE * richest) if heading.confirmed else richest
    main = next((stretch for stretch in below if stretch.value >= enough), None)
    if main is None:
        main = max(found, key=lambda stretch: stretch.value)
    return _extended(page, found, main, heading)


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
            break
        stop = max(stop, stretch.lines.stop)
    for stretch in reversed(found):
        if heading.start <= stretch.lines.start < start:
            if not _leads_in(page, range(stretch.lines.stop, start)):
                break
            start = stretch.lines.start
    return range(start, stop)


def _goes_on(page: Field, gap: range, stretch: Stretch) -> bool:
    """Return whether an article goes on in `stretch`, across the lines of `gap`."""
    kinds = [page.kinds[index] for index in gap]
    if set(kinds) & _ENDS or len(gap) > _FAR:
        return False
    inner = [page.kinds[index] for index in stretch.lines]
    texts = sum(kind in TEXT for kind in inner)
    running = texts >= _GOES_ON and texts > 0.6 * len(inner) and Kind.DATE not in inner
    if _closes(kinds):
        return running and stretch.value >= _ENOUGH and Kind.DATE not in kinds
    return running or _is_list(page, gap)


def _leads_in(page: Field, gap: range) -> bool:
    """Return whether a stretch above the main text, before `gap`, is its beginning."""
    kinds = [page.kinds[index] for index in gap]
    return not _closes(kinds) and Kind.BYLINE not in kinds and _is_list(page, gap)


def _is_list(page: Field, gap: range) -> bool:
    items = sum(is_item(page.lines[index]) for index in gap)
    return len(gap) <= _FAR and items >= len(gap) / 2


def _closes(kinds: list[Kind]) -> bool:
    """Return whether the kinds of a gap's lines say that an article ended, or began."""
    return bool(set(kinds) & _CLOSES) or kinds.count(Kind.LABEL) >= _LABELS


def _stretches(page: Field) -> Iterator[Stretch]:
    """Yield the stretches of which every beginning speaks for them, in order.

    None of them goes across a gap that closes an article.
    """
    total, peak, begin, stop = 0.0, 0.0, 0, 0
    gap: list[Kind] = []
    for index, (kind, value) in enumerate(zip(page.kinds, page.values, strict=True)):
        gap = [] if kind in TEXT else [*gap, kind]
        if total > 0 and (total + value <= 0 or (_closes(gap))):
            yield Stretch(range(begin, stop), peak)
            total = peak = 0.0
        if total == 0:
            if value <= 0 or index == 0:
                continue
            begin = index
        total += value
        if total > peak:
            peak, stop = total, index + 1
    if peak > 0:
        yield Stretch(range(begin, stop), peak)


def _values(lines: list[Line], kinds: list[Kind]) -> list[float]:
    """Return what each line adds to a stretch of main text."""
    values: list[float] = []
    again = Counter(line.plain for line in lines if line.weight >= LONG)
    gap = 0
    for index, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        gap = 0 if kind in TEXT or prose_of(line, kind) else gap + 1
        if kind in TEXT:
            alone = line.weight < _TEASER and _alone(kinds, index)
            twice = again[line.plain] > 1
            value = min(line.weight, _MOST) * (0.3 if alone else 1.0) * (0.5 if twice else 1.0)
        elif kind is Kind.SHORT and is_item(line):
            value = prose_of(line, kind) or _ITEM
        else:
            value = _AGAINST[kind] - min((gap - 1) * _GAP, _WIDEST)
        values.append(value)
    return values


def _alone(kinds: list[Kind], index: int) -> bool:
    """Return whether the lines before and after a line are none of a running text."""
    around = [*kinds[max(index - 1, 0) : index], *kinds[index + 1 : index + 2]]
    return not any(kind in TEXT for kind in around)
