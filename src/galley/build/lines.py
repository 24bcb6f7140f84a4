"""The lines of a page, and what they look like from afar."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from galley.build.codes import Codes
from galley.build.once import once
from galley.build.widths import Widths, weigh
from galley.record import Span

_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029\x85]")
_BLANKS = " \t\xa0\ufeff\u200b\u3000\x0b\x0c"
_SIGNS = re.compile(r"[\W_]+")
_NO_SIGNS = {code: None for code in range(128) if not chr(code).isalnum()}
SENTENCE = 24  # weight from which a line with a full stop is a sentence
_CLOSING = "”“\"»«’'）)]』」 \xa0"
# What ends sentences, as Unicode's property Sentence_Terminal says of living scripts.
_STOPS = frozenset(".!?…‼⁇⁈⁉。．｡！？।॥؟۔؛։።፧፨။។៕།܀܁܂᠃")
_ENDS = _CLOSING + "".join(sorted(_STOPS))
_NOTED = re.compile(
    r"[.!?…。！？][”\"»’')\]]*\s?"
    r"(?:\d{1,2}|\[[\d↩, ]{1,6}\]|[\u2600-\u27bf\U0001f300-\U0001faff\ufe0f]+|[:;]-?[)D])$"
)
_SENTENCE = re.compile(r"[.!?…؟।۔։።፧។][”\"»’')\]]*\s+(?=\S)|[。！？။]")


@dataclass  # not frozen: it would take twice as long to make one, and there are millions
class Line:
    """A line that is not blank, without the white space at its ends. Nobody changes it.

    Attributes:
        text: The line.
        span: Where it stands in the page.
        blank_before: Whether a blank line (or the page's start) is before it.
        weight: Its length as a reader sees it: a wide (East Asian) character counts for two.
        source: What stands in the page, where `text` is that without the signs of its markup.
        level: Of a heading that the page's markup makes one, 1 to 6; 0 of any other line.
    """

    text: str
    span: Span
    blank_before: bool
    weight: int = -1
    source: str = ""
    level: int = 0

    def __post_init__(self) -> None:
        """Measure the line, if that was not done yet."""
        if self.weight < 0:
            self.weight = weigh(self.text)

    @once
    def stops(self) -> bool:
        """Whether it ends as a sentence does, a note's number or a smiley aside."""
        last = self.text[-1:]
        if last in _STOPS:
            return True
        if last.isalpha() and last != "D":  # of a smiley; nearly all labels and names
            return False
        text = self.text.rstrip(_CLOSING)
        return text[-1:] in _STOPS or _NOTED.search(text[-12:]) is not None

    @property
    def is_sentence(self) -> bool:
        """Whether it has the form of one: no name, no label ends with a full stop."""
        return self.weight >= SENTENCE and self.stops

    @once
    def cut_off(self) -> bool:
        """Whether it ends in an ellipsis, as a shortened text does."""
        return self.text.rstrip("] \xa0)").endswith(("…", "..."))

    @once
    def sentences(self) -> int:
        """About how many sentences it holds."""
        return len(_SENTENCE.findall(self.text.rstrip(_ENDS))) + 1

    @once
    def plain(self) -> str:
        """Its letters and digits in one case, for comparison."""
        if self.text.isascii():
            return self.text.lower().translate(_NO_SIGNS)
        return _SIGNS.sub("", unicodedata.normalize("NFKC", self.text).casefold())


def split_lines(text: str, codes: Codes | None = None) -> list[Line]:
    """Return the lines of `text` that are not blank, in order; `codes` are those of its signs."""
    lines: list[Line] = []
    widths, blank = Widths(codes or Codes(text)), True
    plain = not any(mark in text for mark in "\r\u2028\u2029\x85")
    for first, line in _each(text) if plain else _each_of_any(text):
        piece = line.strip(_BLANKS)
        if not piece or piece.isspace():
            blank = True
            continue
        start = first if len(piece) == len(line) else first + line.index(piece)
        end = start + len(piece)
        lines.append(Line(piece, Span(start, end), blank, widths.of(start, end)))
        blank = False
    return lines


def _each(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text, each with the place where it begins."""
    first = 0
    for line in text.split("\n"):
        yield first, line
        first += len(line) + 1


def _each_of_any(text: str) -> Iterator[tuple[int, str]]:
    """Yield the same of a text in which any sign may end a line."""
    first = 0
    for match in _BREAK.finditer(text):
        yield first, text[first : match.start()]
        first = match.end()
    yield first, text[first:]
