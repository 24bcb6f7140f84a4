"""The articles of a listing: which lines are titles, bodies and tags.

The anchor is the body, a line far longer than a title or a tag. The line before it is its title,
the lines after it, up to the next title, are its tags; a date or a byline may stand between.
"""

from dataclasses import dataclass

from galley.build.kinds import Kind
from galley.build.lines import Line

_BODY = 250  # weight from which a line is an article
_SHORT_BODY = 110  # the same for a line of several whole sentences
_BRIEF = 60  # the same for a sentence between two short lines
META = frozenset({Kind.DATE, Kind.TIME, Kind.BYLINE})
_OUT = frozenset({Kind.NAVIGATION, Kind.COMMENT_FORM, Kind.COMMENTS, Kind.NOTICE})


@dataclass(frozen=True, slots=True)
class Group:
    """One article of a listing, as indexes of lines.

    Attributes:
        title: Its headline.
        head: The lines between headline and body: a date, a byline.
        body: The lines of its text.
        tail: The lines below it, up to the next headline: tags, and what is none.
    """

    title: int
    head: range
    body: range
    tail: range


def find_groups(lines: list[Line], kinds: list[Kind]) -> list[Group]:
    """Return the articles of a page that is read as a listing, in order."""
    bodies = _bodies(lines, kinds)
    titles = [
        _title(body.start, kinds, 0 if not at else bodies[at - 1].stop)
        for at, body in enumerate(bodies)
    ]
    pairs = [(title, body) for title, body in zip(titles, bodies, strict=True) if title is not None]
    stops = [*[title for title, _ in pairs], len(lines)][1:]
    return [
        Group(title, range(title + 1, body.start), body, range(body.stop, stop))
        for (title, body), stop in zip(pairs, stops, strict=True)
    ]


def _bodies(lines: list[Line], kinds: list[Kind]) -> list[range]:
    """Return the texts: runs of lines that are long enough, the headline before them aside."""
    long = [_is_body(line) for line in lines]
    found: list[range] = []
    for index in range(1, len(lines)):
        if long[index] or _is_brief(index, lines, kinds, long):
            if found and found[-1].stop == index and _is_paragraph(lines[index - 1]):
                found[-1] = range(found[-1].start, index + 1)
            elif found and found[-1].stop == index:
                found[-1] = range(index, index + 1)
            else:
                found.append(range(index, index + 1))
    return found


def _is_body(line: Line) -> bool:
    whole = line.stops and line.sentences > 1
    return line.weight >= _BODY or (whole and line.weight >= _SHORT_BODY)


def _is_paragraph(line: Line) -> bool:
    """Return whether a line before a body is a part of it rather than its headline."""
    return line.weight >= _BODY


def _is_brief(index: int, lines: list[Line], kinds: list[Kind], long: list[bool]) -> bool:
    """Return whether a sentence is a text of its own, since no text is next to it."""
    line = lines[index]
    after = index + 1
    while after < len(lines) - 1 and kinds[after] in META:
        after += 1
    following = long[after : after + 1] == [True]
    alone = not long[index - 1] and not following and not lines[index - 1].stops
    return line.stops and line.weight >= _BRIEF and alone and kinds[index] is not Kind.NOTICE


def _title(body: int, kinds: list[Kind], floor: int) -> int | None:
    """Return the last line above a body, from `floor` on, that is no date and no byline."""
    index = body - 1
    while index >= floor and kinds[index] in META:
        index -= 1
    return index if index >= floor else None
