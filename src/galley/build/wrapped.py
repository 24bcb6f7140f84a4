"""Pages whose paragraphs were broken into lines of one width, as browsers for terminals do.

A line was broken where the next word would not have fitted: then the two are one paragraph.
"""

from itertools import pairwise

from galley.build.lines import Line, split_lines
from galley.record import Span

_WIDEST = 130  # weight of the longest line of such a page
_NARROWEST = 40  # the same for the shortest
_LEAST = 4  # breaks of which one knows it
_SHARE = 0.4  # of the lines without a blank one between them


def split_page(text: str) -> list[Line]:
    """Return the lines of a page that are not blank; those of a broken paragraph as one."""
    lines = split_lines(text)
    width = max((line.weight for line in lines if _may_break(line)), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return lines
    pairs = [(line, after) for line, after in pairwise(lines) if not after.blank_before]
    broken = {id(after) for line, after in pairs if _is_full(line, after, width)}
    if len(broken) < max(_LEAST, _SHARE * len(pairs)):
        return lines
    joined: list[list[Line]] = []
    for line in lines:
        if id(line) in broken:
            joined[-1].append(line)
        else:
            joined.append([line])
    return [_join(text, parts) for parts in joined]


def _may_break(line: Line) -> bool:
    """Return whether a line could be broken: it has blanks, or wide characters."""
    return " " in line.text or line.weight > len(line.text)


def _is_full(line: Line, after: Line, width: int) -> bool:
    """Return whether the first word of `after` does not fit into `line`."""
    word = after.text.split(None, 1)[0]
    wide = line.weight > len(line.text) and after.weight > len(after.text)
    return line.weight + 1 + (1 if wide else len(word)) > width


def _join(text: str, parts: list[Line]) -> Line:
    first, last = parts[0], parts[-1]
    if first is last:
        return first
    span = Span(first.span.start, last.span.end)
    weight = sum(part.weight + 1 for part in parts) - 1
    return Line(text[slice(*span)], span, first.blank_before, weight)
