"""How long a text is as a reader sees it: a wide (East Asian) character counts for two."""

import re
import unicodedata
from functools import cache, cached_property
from typing import Any

from galley.build.codes import Codes

_JAMO = 0x1100  # before it no character is wide
_FAR = re.compile(f"[^\0-{chr(_JAMO - 1)}]")
_BMP = 0x10000
_SHORT = 200  # code points of a text that is looked at one by one


class Widths:
    """The wide characters of a page.

    Args:
        codes: Its characters.
    """

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._has_wide = codes.may_be_wide

    def of(self, start: int, end: int) -> int:
        """Return how long a stretch of the page is."""
        if not self._has_wide:
            return end - start
        return int(end - start + self._before[end] - self._before[start])

    @cached_property
    def _before(self) -> Any:
        """How many wide characters stand before each place."""
        import numpy as np  # noqa: PLC0415 - not where nothing has changed

        codes = self._codes.each
        wide = _table()[np.minimum(codes, _BMP - 1)]
        for place in np.flatnonzero(codes >= _BMP).tolist():
            wide[place] = _is_wide(self._codes.text[place])
        return np.concatenate(([0], np.cumsum(wide)))


def weigh(text: str) -> int:
    """Return how long `text` is, each wide character counted twice."""
    if text.isascii() or _FAR.search(text) is None:
        return len(text)
    if len(text) > _SHORT:
        return Widths(Codes(text)).of(0, len(text))
    return len(text) + sum(map(_is_wide, _FAR.findall(text)))


@cache
def _is_wide(char: str) -> bool:
    known = ord(char) >= _BMP or unicodedata.category(char) != "Cn"
    return known and unicodedata.east_asian_width(char) in "WF"


@cache
def _table() -> Any:
    """Return for each character of the first plane whether it is wide."""
    import numpy as np  # noqa: PLC0415 - as above

    return np.array([code >= _JAMO and _is_wide(chr(code)) for code in range(_BMP)])
