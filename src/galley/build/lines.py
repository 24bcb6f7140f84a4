"""The lines of a page, and what they look like from afar."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache, cached_property

from galley.record import Span

_LINE = re.compile(r"[^\r\n\u2028\u2029\x85]+")
_PLAIN_LINE = re.compile(r"[^\n]+")
_BREAK = re.compile(r"[\n\r\u2028\u2029\x85]")
_ASTRAL = re.compile(r"[\U00010000-\U0010ffff]")
_SIGNS = re.compile(r"[\W_]+")
SENTENCE = 24  # weight from which a line with a full stop is a sentence
_CLOSING = "”“\"»«’'）)]』」 \xa0"
_STOPS = ".!?…。！？।؟։።؛"
_NOTED = re.compile(
    r"[.!?…。！？][”\"»’')\]]*\s?"
    r"(?:\d{1,2}|\[[\d↩, ]{1,6}\]|[\u2600-\u27bf\U0001f300-\U0001faff\ufe0f]+|[:;]-?[)D])$"
)
_SENTENCE = re.compile(r"[.!?…؟।][”\"»’')\]]*\s+(?=\S)|[。！？]")


@dataclass(frozen=True)
class Line:
    """A line that is not blank, without the white space at its ends.

    Attributes:
        text: The line.
        span: Where it stands in the page.
        blank_before: Whether a blank line (or the page's start) is before it.
        weight: Its length as a reader sees it: a wide (East Asian) character counts for two.
    """

    text: str
    span: Span
    blank_before: bool
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        """Measure the line."""
        object.__setattr__(self, "weight", _weigh(self.text))

    @cached_property
    def stops(self) -> bool:
        """Whether it ends as a sentence does, a note's number or a smiley aside."""
        text = self.text.rstrip(_CLOSING)
        return text[-1:] in tuple(_STOPS) or _NOTED.search(text[-12:]) is not None

    @property
    def is_sentence(self) -> bool:
        """Whether it has the form of one: no name, no label ends with a full stop."""
        return self.weight >= SENTENCE and self.stops

    @cached_property
    def cut_off(self) -> bool:
        """Whether it ends in an ellipsis, as a shortened text does."""
        return self.text.rstrip("] \xa0)").endswith(("…", "..."))

    @cached_property
    def sentences(self) -> int:
        """About how many sentences it holds."""
        return len(_SENTENCE.findall(self.text.rstrip(_CLOSING + _STOPS))) + 1

    @cached_property
    def plain(self) -> str:
        """Its letters and digits in one case, for comparison."""
        if self.text.isascii():
            return _SIGNS.sub("", self.text.lower())
        return _SIGNS.sub("", unicodedata.normalize("NFKC", self.text).casefold())


def _weigh(text: str) -> int:
    if text.isascii():
        return len(text)
    astral = sum(unicodedata.east_asian_width(char) in "WF" for char in _ASTRAL.findall(text))
    return len(text) + len(_wide().findall(text)) + astral


@cache
def _wide() -> re.Pattern[str]:
    """Return the pattern of a wide character; without astral ones it is a table, and fast."""
    known = (
        char for char in map(chr, range(0x1100, 0x10000)) if unicodedata.category(char) != "Cn"
    )
    wide = (char for char in known if unicodedata.east_asian_width(char) in "WF")
    return re.compile(f"[{''.join(map(re.escape, wide))}]")


def split_lines(text: str) -> list[Line]:
    """Return the lines of `text` that are not blank, in order."""
    lines: list[Line] = []
    last = 0
    plain = not any(mark in text for mark in "\r\u2028\u2029\x85")
    for match in (_PLAIN_LINE if plain else _LINE).finditer(text):
        line = match[0]
        piece = line.strip(" \t\xa0\ufeff\u200b\u3000\x0b\x0c")
        if not piece or piece.isspace():
            continue
        start = match.start() + (line.index(piece) if len(piece) < len(line) else 0)
        gap = text[last : match.start()].replace("\r\n", "\n")
        blank = not lines or (gap != "\n" and len(_BREAK.findall(gap)) > 1)
        lines.append(Line(piece, Span(start, start + len(piece)), blank))
        last = match.end()
    return lines
