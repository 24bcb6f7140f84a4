"""Pages whose paragraphs were broken into lines of one width, as browsers for terminals do.

A line was broken where the next word would not have fitted: then the two are one paragraph.
"""

import re
from itertools import pairwise

from galley.build.codes import Codes
from galley.build.dump.broken import join, join_broken
from galley.build.lines import Line, split_lines

_WIDEST = 130  # weight of the longest line of such a page
_NARROWEST = 40  # the same for the shortest
_LEAST = 4  # breaks of which one knows it
_SHARE = 0.6  # of the long lines without a blank one behind them
_LONG = 0.7  # of the width, from which a line is long
_APART = 0.8  # share of the lines behind blank ones where every other line goes on
_FULL = 50  # weight from which a line of such a page may have been broken
_ITEM = re.compile(r"[*•+·◦▪■○●-] |\d{1,3}\. |\[\d+\]$")  # begins a line of its own
_WIDE = 4  # weight of the signs that may not begin a line of wide characters


def split_page(text: str, codes: Codes | None = None) -> list[Line]:
    """Return the lines of a page that are not blank; those of a broken paragraph as one."""
    return join_broken(text, _unwrapped(text, split_lines(text, codes)))


def _unwrapped(text: str, lines: list[Line]) -> list[Line]:
    """Return `lines` with those put together that were broken at the page's width."""
    if any(line.weight > _WIDEST and _may_break(line) for line in lines):
        return lines
    width = max((line.weight for line in lines if _may_break(line)), default=0)
    if width < _NARROWEST:
        return lines
    ends = {id(line): _indent(text, line) + line.weight for line in lines}
    width = max(ends[id(line)] for line in lines if _may_break(line))
    pairs = [(line, after) for line, after in pairwise(lines) if not after.blank_before]
    full = [pair for pair in pairs if ends[id(pair[0])] + _first(*pair) > width]
    broken = {id(after) for line, after in full if not _ITEM.match(after.text)}
    long = sum(ends[id(line)] > _LONG * width for line, _ in pairs)
    if len(broken) < max(_LEAST, _SHARE * long) and not _are_apart(lines, pairs, full):
        return lines
    joined: list[list[Line]] = []
    for line in lines:
        if id(line) in broken:
            joined[-1].append(line)
        else:
            joined.append([line])
    return [join(text, parts) for parts in joined]


def _are_apart(
    lines: list[Line], pairs: list[tuple[Line, Line]], full: list[tuple[Line, Line]]
) -> bool:
    """Return whether blank lines are between all paragraphs, so that few breaks tell the width.

    Then whatever has no blank line before it goes on from a line that was full, or from one
    that did.
    """
    goes_on = {id(after) for _, after in full}
    rest = [pair for pair in pairs if id(pair[1]) not in goes_on]
    if not full or rest or len(pairs) > (1 - _APART) * len(lines):
        return False
    return all(line.weight >= _FULL and not line.stops for line, _ in full)


def _may_break(line: Line) -> bool:
    """Return whether a line could be broken: it has blanks and no address, or wide characters."""
    return (" " in line.text and "://" not in line.text) or line.weight > len(line.text)


def _indent(text: str, line: Line) -> int:
    """Return how many blanks stand before a line."""
    return line.span.start - text.rfind("\n", 0, line.span.start) - 1


def _first(line: Line, after: Line) -> int:
    """Return how much wider `line` would be with the first word of `after`."""
    wide = line.weight > len(line.text) and after.weight > len(after.text)
    return _WIDE if wide else 1 + len(after.text.split(None, 1)[0])
