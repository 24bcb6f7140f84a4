"""Which line of a single page is its title.

A dump begins with the browser's title, which often has the site's name behind it; the page
says the headline again above the article, where it is clean.
"""

import re
from dataclasses import dataclass

from galley.build.lines import Line
from galley.record import Span

_SEPARATOR = re.compile(r"\s+(?:[»›>→|/·•–—-]|::)\s+|\s*[»›→|]\s*")
_BETWEEN = 12  # lines between two repetitions of the title above one article
_BREADCRUMB = 80  # letters that a path may have before its last step


@dataclass(frozen=True)
class Heading:
    """The headline of a page.

    Attributes:
        title: The line that holds it; of a first line with the site's name, what is before it.
        index: Of that line.
        start: Index of the first line after the repetitions above the article.
    """

    title: Line
    index: int
    start: int

    def repeats(self, line: Line) -> bool:
        """Return whether `line` says the title again, alone or as the end of a path."""
        return line.plain == self.title.plain or self.is_breadcrumb(line)

    def is_breadcrumb(self, line: Line) -> bool:
        """Return whether `line` is a path whose last step is the title, maybe cut short."""
        steps = _SEPARATOR.split(line.text)
        if len(steps) < 2 or len(self.title.plain) < 6:
            return False
        if line.plain.endswith(self.title.plain):
            return len(line.plain) - len(self.title.plain) < _BREADCRUMB
        last = Line(steps[-1], line.span, blank_before=False)
        return last.cut_off and len(last.plain) > 8 and self.title.plain.startswith(last.plain)


def find_heading(lines: list[Line], prose: list[bool]) -> Heading:
    """Return the heading of a page with `lines`, of which some are `prose`."""
    title, index = _confirmed(lines) or (_uncut(lines[0]), 0)
    start = index + 1
    heading = Heading(title, index, start)
    for other in range(index + 1, len(lines)):
        if other - start > _BETWEEN or (prose[other] and not heading.repeats(lines[other])):
            break
        if heading.repeats(lines[other]):
            start = other + 1
    return Heading(title, index, start)


def _confirmed(lines: list[Line]) -> tuple[Line, int] | None:
    """Return the line that says the page's first line, or a part of it, again."""
    first = lines[0]
    for part in _parts(first):
        for index, line in enumerate(lines[1:], 1):
            if line.plain == part.plain:
                return (first, 0) if part.plain == first.plain else (line, index)
    return None


def _parts(line: Line) -> list[Line]:
    """Return what may be the title in a first line: all of it, its beginnings, its end.

    The longest beginning comes first. The end is tried only where it is longer than what
    stands before it: sites that put their name first.
    """
    cuts = list(_SEPARATOR.finditer(line.text))
    texts = [line.text, *(line.text[: cut.start()] for cut in reversed(cuts))]
    if cuts and len(line.text) - cuts[0].end() > cuts[0].start():
        texts.append(line.text[cuts[0].end() :])
    parts = [Line(text, line.span, blank_before=True) for text in texts]
    return [part for part in parts if len(part.plain) > 3]


def _uncut(line: Line) -> Line:
    """Return a first line without the site's name behind a bar."""
    before, bar, after = line.text.rpartition(" | ")
    if not bar or len(after) > len(before):
        return line
    text = before.rstrip()
    span = Span(line.span.start, line.span.start + len(text))
    return Line(text, span, line.blank_before)
