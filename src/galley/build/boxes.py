"""Boxes of links that a page sets between the paragraphs of an article.

"Read also", and under it the headlines of one or of a few other articles: such a box does not
end an article, if more of it comes after. A list under the article looks the same; but there
nothing follows, or one lone teaser under each headline.
"""

from galley.build import lexicon
from galley.build.kinds import LONG, TEXT, Kind, bare
from galley.build.lines import Line

_AROUND = frozenset({Kind.LABEL, Kind.CAPTION, Kind.NOTICE})  # what may stand beside a box
_ITEMS = frozenset({Kind.SHORT, Kind.LABEL, Kind.READ_MORE, Kind.RELATED, Kind.CUT_OFF})
_MOST = 10  # lines of a box
_COLONS = (":", "：", "-", "–", "—")
_SHORTER = 0.75  # of a headline's weight a subhead has at most
_HEADLINE = 16  # weight from which a line may be a headline rather than a tag


def without_boxes(lines: list[Line], kinds: list[Kind]) -> list[Kind]:
    """Return `kinds`, those of the lines in a box between paragraphs as `read_more`."""
    kinds = _chronicled(kinds)
    for head in reversed(range(len(lines))):
        stop = _end(lines, kinds, head)
        if stop and _goes_on(lines, kinds, head, stop):
            kinds[head:stop] = [Kind.READ_MORE] * (stop - head)
    return kinds


def _chronicled(kinds: list[Kind]) -> list[Kind]:
    """Return `kinds`, dates that stand between paragraphs again and again as times of day."""
    inner = range(1, len(kinds) - 1)
    dated = [i for i in inner if kinds[i] is Kind.DATE and {kinds[i - 1], kinds[i + 1]} <= TEXT]
    again = set(dated) if len(dated) > 1 else set()
    return [Kind.TIME if index in again else kind for index, kind in enumerate(kinds)]


def _end(lines: list[Line], kinds: list[Kind], head: int) -> int | None:
    """Return the line after the box that begins at `head`, or None if there is none."""
    if not _heads(lines[head], kinds[head]) or not _after_text(kinds, head):
        return None
    stop = head + 1
    while stop < len(lines) and kinds[stop] in _ITEMS and stop - head <= _MOST:
        stop += 1
    words = [line for line in lines[head + 1 : stop] if any(map(str.isalpha, line.text))]
    titles = all(line.weight >= _HEADLINE for line in words)
    return stop if titles and stop < len(lines) and kinds[stop] in TEXT else None


def _heads(line: Line, kind: Kind) -> bool:
    """Return whether a line announces links rather than being one."""
    if kind is not Kind.READ_MORE:
        return kind is Kind.RELATED
    alone = lexicon.pattern("read_more").fullmatch(bare(line.text.rstrip("?!")))
    return alone is not None or line.text.endswith(_COLONS)


def _after_text(kinds: list[Kind], head: int) -> bool:
    before = head - 1
    while before >= 0 and kinds[before] in _AROUND:
        before -= 1
    return before >= 0 and kinds[before] in TEXT


def _goes_on(lines: list[Line], kinds: list[Kind], head: int, start: int) -> bool:
    """Return whether the text at `start` runs on: into more text, or up to the next box.

    Below a line that ends in a colon, or is itself the link, a paragraph is enough; below
    another a long one, with a line after it that is shorter than the headlines in the box.
    """
    after = start + 1
    while after < len(kinds) and kinds[after] in _AROUND:
        after += 1
    follows = kinds[after] if after < len(kinds) else None
    if follows in TEXT or follows is Kind.READ_MORE:
        return True
    if start == head + 1 or lines[head].text.endswith(_COLONS):
        return kinds[start] is Kind.PROSE
    shorter = lines[after].weight < _SHORTER * lines[start - 1].weight if follows else False
    return follows is Kind.SHORT and shorter and lines[start].weight >= LONG
