"""Cut a text into tokens whose offsets are exact, in any script.

A token is a run of letters with their marks, a run of digits, or one character of anything
else that is no white space. In scripts that are written without spaces each letter is a token
of its own: no boundary shows there where a word ends.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from galley.record import Span

# Thai, Lao, Myanmar, Khmer, kana, bopomofo, Han, Yi and what is beside them.
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3031-\u30ff\u3100-\u312f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uf900-\ufaff\uff66-\uff9f"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)


_LINE = re.compile(r"[^\n]+")


class Token(NamedTuple):
    """A token of a text: Unicode code points, end-exclusive."""

    start: int
    end: int
    text: str


def tokenize(text: str, span: Span | None = None) -> list[Token]:
    """Return the tokens of `text`, or of a span of it, in order.

    Example:
        >>> [token.text for token in tokenize("Aurélie’s 2nd 东京")]
        ['Aurélie', '’', 's', '2', 'nd', '东', '京']
    """
    found = _pattern().finditer(text, *(span or (0, len(text))))
    return [Token(*match.span(), match[0]) for match in found]


def tokenize_lines(text: str) -> Iterator[list[Token]]:
    """Yield the tokens of each line of `text` that has any, with offsets in the whole text."""
    for span in lines_of(text):
        yield tokenize(text, span)


def words_of_lines(text: str) -> Iterator[list[str]]:
    """Yield the same without offsets, in less time."""
    for span in lines_of(text):
        yield _pattern().findall(text, *span)


def lines_of(text: str) -> Iterator[Span]:
    """Yield the lines of `text` that have tokens."""
    for match in _LINE.finditer(text):
        if not match[0].isspace():
            yield Span(*match.span())


@cache
def _pattern() -> re.Pattern[str]:
    marks = _marks()
    letter = rf"[^\W\d_{SPACELESS}]"
    return re.compile(rf"{letter}(?:{letter}|[{marks}])*|[{SPACELESS}][{marks}]*|\d+|\S[{marks}]*")


@cache
def _marks() -> str:
    """Return all combining marks as ranges of a character class."""
    codes = [c for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c))[0] == "M"]
    starts = [code for code, before in zip(codes, [-2, *codes], strict=False) if code != before + 1]
    ends = [code for code, after in zip(codes, [*codes[1:], -2], strict=True) if code != after - 1]
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))
