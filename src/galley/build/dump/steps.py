"""The steps that the lines of a listing take: headline, date, text, tags, the next headline.

Which step each line is cannot be told by the line alone where texts run over several lines: a
subhead looks like a headline, a caption like a tag. So the whole page is read at once, along the
cheapest path from step to step, and what recurs on that path (dates above all headlines, a word
before all tags, blank lines between articles only) is held against the page in a second reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from galley.build.dump.costs import LONG, NEVER, Page, Step

_FEW = 3  # articles that tell a template
_NARROW = 0.35  # share of the usual weight that few headlines have
_READINGS = 3
_MOST = 0.6  # share of the articles that have what a template sets
_RARE = 0.2  # share where it does not
# What it costs to go from a step to another: what is not here cannot be.
_WAYS: dict[Step, dict[Step, float]] = {
    Step.HEAD: {Step.HEAD: 0, Step.BEFORE: 1, Step.TITLE: 1},
    Step.BEFORE: {Step.BEFORE: 0.5, Step.TITLE: 0},
    Step.TITLE: {Step.META: 0, Step.TEXT: 0.3, Step.INNER: 2.5},
    Step.META: {Step.META: 0.3, Step.TEXT: 0, Step.INNER: 1.5},
    Step.TEXT: {Step.TEXT: 0, Step.INNER: 0.7, Step.ASIDE: 0.8, Step.TAG: 0.5}
    | {Step.TITLE: 6, Step.BEFORE: 5, Step.FOOT: 6},
    Step.INNER: {Step.INNER: 0.7, Step.TEXT: 0, Step.ASIDE: 2, Step.TAG: 2, Step.FOOT: 8},
    Step.ASIDE: {Step.ASIDE: 0.1, Step.TAG: 0.3, Step.TEXT: 4, Step.INNER: 5}
    | {Step.TITLE: 4, Step.BEFORE: 4, Step.FOOT: 4},
    Step.TAG: {Step.TAG: 0, Step.CLOSE: 0.5, Step.TITLE: 0.5, Step.BEFORE: 0.5, Step.FOOT: 1},
    Step.CLOSE: {Step.CLOSE: 0.1, Step.TITLE: 0.2, Step.BEFORE: 0.2, Step.FOOT: 0.7, Step.TAG: 3},
    Step.FOOT: {Step.FOOT: 0},
}
_INTO = [
    [(a, cost) for a, ways in _WAYS.items() for b, cost in ways.items() if b == to] for to in Step
]
_SIDES = ((True, False), (False, True), (False, False))
_STARTS = {Step.TITLE, Step.BEFORE}
_HEADS = {Step.TITLE, Step.META}
_INSIDE = {Step.META, Step.TEXT, Step.INNER}
_VARIED = {Step.TITLE, Step.TEXT, Step.TAG}  # what they cost depends on the step before
_STEPS = [(step, (step in _STARTS, step in _INSIDE), step in _VARIED) for step in Step]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What recurs from article to article, as shares of the articles.

    Attributes:
        before: Which have a date over the headline.
        meta: Which have one below it.
        labelled: Whose tags stand behind a word for them.
        apart: Which stand behind a blank line.
        inner: The share of the lines within them that do.
        tagged: The share of the lines between their tags that do.
        title: The median weight of the headlines.
    """

    before: float = 0.4
    meta: float = 0.4
    labelled: float = 0.4
    apart: float = 0.5
    inner: float = 0.5
    tagged: float = 0.5
    title: float = 0.0


def find_steps(page: Page) -> list[Step]:
    """Return what each line is, the page read again with what recurred in it."""
    known, steps = Rhythm(), _walk(page, Rhythm())
    for _ in range(_READINGS - 1):
        rhythm = find_rhythm(page, steps)
        if rhythm == known:
            break
        known, steps = rhythm, _walk(page, rhythm)
    return steps


def find_rhythm(page: Page, steps: list[Step]) -> Rhythm:
    """Return what recurs in a page whose lines are these `steps`."""
    titles = [index for index, step in enumerate(steps) if step is Step.TITLE]
    if len(titles) < _FEW:
        return Rhythm()
    before = [steps[at - 1 : at] == [Step.BEFORE] for at in titles]
    meta = [steps[at + 1 : at + 2] == [Step.META] for at in titles]
    stops = [*titles, len(steps)][1:]
    blocks = [range(*pair) for pair in zip(titles, stops, strict=True)]
    labelled = [any(page.labels[at] for at in block) for block in blocks]
    starts = [at - 1 if over else at for at, over in zip(titles, before, strict=True)]
    apart = [page.lines[at].blank_before for at in starts[1:]]
    inside = [page.lines[at].blank_before for at, step in enumerate(steps) if step in _INSIDE]
    tags = [
        page.lines[at].blank_before
        for at in range(1, len(steps))
        if steps[at - 1] is steps[at] is Step.TAG
    ]
    return Rhythm(
        before=_share(before),
        meta=_share(meta),
        labelled=_share(labelled),
        apart=_share(apart),
        inner=_share(inside),
        tagged=_share(tags),
        title=median(page.lines[at].weight for at in titles),
    )


def _walk(page: Page, rhythm: Rhythm) -> list[Step]:
    """Return the cheapest steps through the page."""
    best = [NEVER] * len(Step)
    best[Step.HEAD], best[Step.BEFORE] = 0, 1
    best[Step.TITLE] = 1 + 4.0 * (rhythm.before >= _MOST)
    best = [cost + more for cost, more in zip(best, page.costs[0], strict=True)]
    back: list[list[Step]] = []
    into = list(_ways(rhythm))
    for index, own in enumerate(page.costs[1:], 1):
        now, came, blank = [], [], _blank(page, index, rhythm)
        for (step, side, varies), ways in zip(_STEPS, into, strict=True):
            costs = [best[a] + way for a, way in ways]
            cost = min(costs)
            last = ways[costs.index(cost)][0]
            cost += own[step] + blank[side]
            now.append(cost + _more(page, index, (last, step), rhythm) if varies else cost)
            came.append(last)
        best = now
        back.append(came)
    ends = (Step.TAG, Step.CLOSE, Step.FOOT, Step.TEXT)
    step = min(ends, key=lambda end: best[end] + 4.0 * (end is Step.TEXT))
    steps = [step]
    for came in reversed(back):
        step = came[step]
        steps.append(step)
    return steps[::-1]


def _more(page: Page, index: int, way: tuple[Step, Step], rhythm: Rhythm) -> float:
    """Return what a line's step costs more for what is unusual on the page after the step before.

    That is a headline far shorter than others, a text that begins with a short line, tags without
    the word that stands before others, and tags below a row of them or below a blank line.
    """
    line, (last, step) = page.lines[index], way
    if step is Step.TITLE:
        return 3.5 if line.weight < _NARROW * rhythm.title else 0.0
    if step is Step.TEXT:
        return 1.5 if last in _HEADS and line.weight < LONG else 0.0
    if step is not Step.TAG or (last is not step and rhythm.labelled < _MOST):
        return 0.0
    more = 0.0 if page.labels[index] or not (last is not step or page.rows[index - 1]) else 3.0
    apart = last is step and line.blank_before and rhythm.tagged < _RARE / 2
    return more + (3.0 if apart else 0.0)


def _blank(page: Page, index: int, rhythm: Rhythm) -> dict[tuple[bool, bool], float]:
    """Return what the blank line before a line, or that there is none, costs its steps."""
    blank, costs = page.lines[index].blank_before, dict.fromkeys(_SIDES, 0.0)
    if not page.spaced and rhythm.apart - rhythm.inner >= _MOST:
        costs[True, False] = 0.0 if blank else 4.0
        costs[False, True] = 3.0 if blank and rhythm.inner < _RARE / 2 else 0.0
    return costs


def _share(found: list[bool]) -> float:
    return sum(found) / len(found) if found else 0.0


def _ways(rhythm: Rhythm) -> Iterator[list[tuple[Step, float]]]:
    """Yield for each step those before it and what the way costs on a page with that rhythm."""
    for to, ways in zip(Step, _INTO, strict=True):
        more: dict[tuple[Step, Step], float] = {}
        if rhythm.before >= _MOST:
            more |= {(a, Step.TITLE): 4.0 for a in Step if a is not Step.BEFORE}
        elif rhythm.before <= _RARE:
            more |= {(a, Step.BEFORE): 3.0 for a in Step}
        if rhythm.meta >= _MOST:
            more |= {(Step.TITLE, b): 4.0 for b in (Step.TEXT, Step.INNER)}
        elif rhythm.meta <= _RARE:
            more |= {(Step.TITLE, Step.META): 3.0}
        yield [(a, cost + more.get((a, to), 0.0)) for a, cost in ways]
