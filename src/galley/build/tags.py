"""The tags below an article of a listing: one a line, or several in one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from galley.build import lexicon
from galley.build.groups import META, Group
from galley.build.kinds import Kind
from galley.build.lines import Line
from galley.record import Span

WIDEST = 80  # weight of a tag
_ROW = 400  # weight of a line of tags
_MOST = 0.6  # share of the articles whose tags stand in one line, where they do
# What may stand between the tags of one line; the first of them that a page uses is its own.
_MARKS = tuple(
    re.compile(mark)
    for mark in (r"\s*[•·▪|｜]\s*", r"\s+[/»>–—-]\s+", r"\s+#", r"\s*[;；]\s*", r"\s*[,，、،]\s*")
)
_BULLET = re.compile(r"^[•·*#\-–—▪►>]+\s*")
_NONE = frozenset(
    {Kind.READ_MORE, Kind.DATE, Kind.TIME, Kind.BYLINE, Kind.NOTICE, Kind.COMMENT_FORM}
)
_YEAR = re.compile(r"\d{4}|\d\W+\d|^\D*\d+ \w+ \w+$")  # a month and a number may be a name
_PAGES = re.compile(r"[\d\s…<>«»‹›←→|/.-]+|.{0,8}\d+ ?(?:of|von|de|sur|di|из|/) ?\d+.{0,4}")


@dataclass(frozen=True)
class Tagging:
    """How a listing writes its tags.

    Attributes:
        lines: Of the page.
        kinds: What each of them is.
        spaced: Whether blank lines stand between all lines, and so say nothing.
        mark: What stands between the tags of one line, where an article's are in one.
    """

    lines: list[Line]
    kinds: list[Kind]
    spaced: bool
    mark: re.Pattern[str] | None = None

    @classmethod
    def of(cls, lines: list[Line], kinds: list[Kind], groups: list[Group]) -> "Tagging":
        """Find out how the tags of `groups` are written."""
        apart = sum(lines[group.body.start].blank_before for group in groups)
        spaced = 2 * apart > len(groups)
        plain = cls(lines, kinds, spaced)
        tails = [tail for group in groups if (tail := plain.tail(group))]
        single = [lines[tail[0]] for tail in tails if len(tail) == 1]
        if not single or len(single) < _MOST * len(tails):
            return plain
        texts = [_unlabelled(line.text)[0] for line in single]
        used = [sum(bool(mark.search(text)) for text in texts) for mark in _MARKS]
        mark = _MARKS[used.index(max(used))] if any(used) else None
        return cls(lines, kinds, spaced, mark)

    def tail(self, group: Group) -> list[int]:
        """Return the indexes of the lines that hold the tags of `group`."""
        found: list[int] = []
        for index in group.tail:
            line, kind = self.lines[index], self.kinds[index]
            if self._leaves(index, group):
                break
            dated = kind in META and not _YEAR.search(line.text)
            wide = any(mark.search(line.text) for mark in _MARKS)
            if (dated or kind not in _NONE) and line.weight <= (_ROW if wide else WIDEST):
                found.append(index)
        return found

    def _leaves(self, index: int, group: Group) -> bool:
        """Return whether the tags ended before the line at `index`: the page goes on."""
        line, kind = self.lines[index], self.kinds[index]
        pages = bool(_PAGES.fullmatch(line.text)) or kind in {Kind.NAVIGATION, Kind.COMMENT_FORM}
        last = group.tail.stop == len(self.lines)
        return (line.blank_before and not self.spaced) or (last and pages)

    def spans(self, index: int) -> Iterator[Span]:
        """Yield where the tags in the line at `index` stand, without what joins them."""
        line = self.lines[index]
        _, start = _unlabelled(line.text)
        cuts = list(self.mark.finditer(line.text, start)) if self.mark else []
        starts = [start, *(cut.end() for cut in cuts)]
        ends = [*(cut.start() for cut in cuts), len(line.text)]
        for first, last in zip(starts, ends, strict=True):
            if line.text[first:last].strip():
                yield Span(line.span.start + first, line.span.start + last)


def _unlabelled(text: str) -> tuple[str, int]:
    """Return a line of tags without the word or the sign before them, and where they begin."""
    label = lexicon.pattern("tag_label").match(text) or _BULLET.match(text)
    start = label.end() if label else 0
    return text[start:], start
