"""Attributes of a page, counted before it is parsed: the effort grows with their square."""

import re

_SMALL = 1 << 16  # characters of a page that cannot hold enough of them
_MOST = 1e9  # the sum of squares: three seconds
_TAG = re.compile(r"<([A-Za-z][^\s/>]*)")
# As browsers, and the parser, part a start tag. No character is looked at twice.
_ATTRIBUTE = re.compile(
    r"""[\s/]*+=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?|[\s/]*+=""", re.VERBOSE
)
_RAW = re.compile(r"</(?:script|style)", re.IGNORECASE)  # ends what holds no markup


def is_crowded(text: str) -> bool:
    """Tell whether the elements of a page have more attributes than can be read in seconds.

    Example:
        >>> is_crowded("<p class='a'>" * 9_000), is_crowded("<p" + " a" * 90_000)
        (False, True)
    """
    if len(text) < _SMALL:
        return False
    effort, found = 0, _TAG.search(text)
    while found:
        position, count = found.end(), 0
        while attribute := _ATTRIBUTE.match(text, position):
            position, count = attribute.end(), count + 1
            effort += 2 * count - 1
            if effort > _MOST:
                return True
        if found[1].lower() in {"script", "style"}:
            end = _RAW.search(text, position)
            position = end.start() if end else len(text)
        found = _TAG.search(text, position)
    return False
