"""Listings whose articles run over several lines: paragraphs, subheads, captions, items.

A page is one only if it is regular: several signs of a template recur in nearly all articles.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median

from galley.build.dump.costs import Page, Step
from galley.build.dump.groups import Group, heft
from galley.build.dump.kinds import META, TEXT, Kind, Kinds, is_item
from galley.build.dump.steps import find_rhythm, find_steps
from galley.build.dump.tags import Tagging
from galley.build.lines import Line
from galley.build.once import once
from galley.record import Part

_FEW = 3  # articles that tell a template
_NEARLY = 0.8  # share of the articles that have what it sets
_SHARED = 0.25  # share of the tags that other articles have too
_MOSTLY = 0.5  # share of them that tells more
_BROKEN = 0.1  # share of the articles whose texts have several lines
_TWO = 2  # of them, for one may be a headline's full stop
_SIGNS = 3  # of a template that make a listing
_MOST = 15  # tags of an article
_LARGEST = 0.6  # share of the page's text that one article has at most
_TEXT = 150  # mean weight of the texts
_TITLE = 14  # median weight of the headlines
_COVERED = 0.8  # share of the page's text that is the articles'
_SUBHEAD = 120  # weight of a subhead
_PICTURE = 130  # weight of a caption whose credit stands in the next line
_CREDIT = 90  # weight of such a credit
_ENDS = (".", "…", "。", ",", ";", ":", "!", "：", "；")
_OPENS = re.compile(r"[\[(|©]|\w+ ?[:：]")
_GONE = frozenset(
    {
        *(Kind.COMMENT_FORM, Kind.NAVIGATION, Kind.READ_MORE, Kind.NOTICE, Kind.LABEL),
        *(Kind.RELATED, Kind.DATE, Kind.TIME, Kind.COMMENTS, Kind.BYLINE, Kind.ABOUT),
    }
)


@dataclass
class Series:
    """The articles of a listing whose texts run over several lines.

    Attributes:
        lines: Of the page.
        kinds: What each of them is.
        groups: The articles.
        score: How well the layout fits, 0 to 1.
    """

    lines: list[Line]
    kinds: Kinds
    groups: list[Group]
    score: float = 0.0

    @once
    def tagging(self) -> Tagging:
        """How their tags are written."""
        return Tagging.of(self.lines, self.kinds, self.groups)

    @property
    def broken(self) -> bool:
        """Whether some of the texts do run over several lines."""
        several = sum(len(group.body) > 1 for group in self.groups)
        return several >= max(_TWO, _BROKEN * len(self.groups))


def find_series(lines: list[Line], kinds: Kinds, *, says: Callable[[str], bool]) -> Series | None:
    """Return the articles of a page with these lines, or None if it has too few for a series.

    Args:
        lines: Of the page, of which some `may_recur`.
        kinds: What each of them is.
        says: Tells whether a line of its head says that the page is that of a tag.
    """
    page = Page(lines, kinds)
    steps = find_steps(page)
    groups = list(_groups(steps))
    if len(groups) < _FEW:
        return None
    own = Kinds(lines)
    own.update(kinds)
    for index, step in enumerate(steps):
        if step in {Step.ASIDE, Step.CLOSE} and kinds[index] not in META:
            own[index] = Kind.READ_MORE
    found = Series(lines, own, groups)
    if _are_texts(lines, groups):
        score = _tagged(found)
        fits = score >= _NEARLY and _signs(page, steps, found, says) >= _SIGNS
        found.score = score if fits else 0.0
    return found


def may_recur(lines: list[Line]) -> bool:
    """Return whether the long lines of a page are in several places, none of which has most.

    Between two articles stand two short lines at least, a tag and a headline.
    """
    places, short = [0.0], 0
    for line in lines:
        if line.weight > _PICTURE:
            places += [0.0] * (short >= _TWO)
            places[-1] += heft(line)
            short = 0
        else:
            short += 1
    return sum(map(bool, places)) >= _FEW and max(places) <= _LARGEST * sum(places)


def _groups(steps: list[Step]) -> Iterator[Group]:
    """Yield the articles of a page whose lines are these steps, in order."""
    starts = [index for index, step in enumerate(steps) if step is Step.TITLE]
    end = steps.index(Step.FOOT) if Step.FOOT in steps else len(steps)
    for title, stop in pairwise([*starts, end]):
        inner = [i for i in range(title, stop) if steps[i] in {Step.TEXT, Step.INNER}]
        if not inner:
            continue
        over = stop
        while over < end and steps[over - 1] is Step.BEFORE:
            over -= 1
        first = title
        while first and steps[first - 1] is Step.BEFORE:
            first -= 1
        body = range(inner[0], inner[-1] + 1)
        head, before = range(title + 1, body.start), range(first, title)
        yield Group(title, head, body, range(body.stop, over), before)


def _are_texts(lines: list[Line], groups: list[Group]) -> bool:
    """Return whether texts and headlines of the articles are as those of a listing."""
    texts = [sum(heft(lines[index]) for index in group.body) for group in groups]
    every = sum(heft(line) for line in lines if line.weight > _PICTURE)
    return (
        max(texts) <= _LARGEST * sum(texts)
        and sum(texts) >= max(_TEXT * len(groups), _COVERED * every)
        and median(heft(lines[group.title]) for group in groups) >= _TITLE
    )


def _tagged(series: Series) -> float:
    """Return the share of the articles that have tags."""
    whole = sum(0 < len(series.tagging.tail(group)) <= _MOST for group in series.groups)
    return whole / len(series.groups)


def _signs(page: Page, steps: list[Step], series: Series, says: Callable[[str], bool]) -> int:
    """Return how many signs of a template recur; a page of one article has few of them.

    That a word stands before all tags, or a mark, is worth two.
    """
    rhythm, said = find_rhythm(page, steps), _said(series)
    articles = len(series.groups)
    if len(said) < _FEW:
        return 0
    often = [name for name, count in said.items() if count >= max(_FEW, articles / 2)]
    head = page.lines[: series.groups[0].title]
    heads = [line.text.casefold() for line in head]
    others = [count for _, count in said.most_common()[1:]]
    shared = sum(count for count in others if count > 1) / max(1, sum(others))
    closing = [{page.mask(index) for index in group.tail} for group in series.groups]
    closed = Counter(chain.from_iterable(closing)).most_common(1)[0][1]
    signs = [
        any(name in head for name in often for head in heads),
        shared >= _SHARED,
        shared >= _MOSTLY,
        any(map(says, (line.text for line in head))),
        rhythm.apart - rhythm.inner >= _NEARLY,
        rhythm.meta >= _NEARLY,
        rhythm.before >= _NEARLY,
        closed >= _NEARLY * articles,
    ]
    return sum(signs) + 2 * (rhythm.labelled >= _NEARLY)


def _said(series: Series) -> Counter[str]:
    """Return below how many articles each tag stands."""
    said: Counter[str] = Counter()
    tagging = series.tagging
    for group in series.groups:
        lines = [(tagging.lines[index], index) for index in tagging.tail(group)]
        said.update(
            {
                line.text[span.start - line.span.start : span.end - line.span.start].casefold()
                for line, index in lines
                for span in tagging.spans(index)
            }
        )
    return said


def part_of(index: int, group: Group, tagging: Tagging) -> Part:
    """Return the part of a line of a text: `text` for all that may hold running text."""
    line, kind = tagging.lines[index], tagging.kinds[index]
    if kind in _GONE:
        return Part.BOILERPLATE
    if kind is Kind.CAPTION and "|" not in line.text:
        return Part.CAPTION
    follows = index + 1 in group.body
    after = tagging.lines[index + 1] if follows else line
    credit = follows and tagging.kinds[index + 1] is Kind.CAPTION and after.weight <= _CREDIT
    if credit and line.weight <= _PICTURE and _OPENS.match(after.text) and not after.stops:
        return Part.CAPTION
    if kind in TEXT or is_item(line) or line.weight > _SUBHEAD or "|" in line.text:
        return Part.TEXT
    return Part.SUBHEAD if follows and not line.text.endswith(_ENDS) else Part.TEXT
