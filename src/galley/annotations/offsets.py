"""Offsets in other units than ours: converted by a rule that is written down, never guessed.

Label Studio's offsets are code points today. Older servers and some exports count UTF-16
units, and browsers may count CRLF as one character. A tool counts one way throughout an
annotation, so a rule is taken only if every span of the annotation shows under it what the
annotator saw, and only if no other rule gives other spans.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from galley.record import Span, normalise

# What Label Studio makes of a line end in `value.text`, beside collapsing spaces.
_BREAK = re.compile(r"\\n|\s+")
_CHARS = re.compile(r".", re.DOTALL)
_LINES = re.compile(r"\r\n|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Seen:
    """A span as it came in.

    Attributes:
        start: In whatever unit.
        end: In the same unit.
        surface: What the annotator saw, as far as `value.text` can be trusted; None where the
            export does not say.
    """

    start: int
    end: int
    surface: str | None

    def fits(self, span: Span, text: str) -> bool:
        """Tell whether `span` of `text` is not empty and shows the surface, white space aside."""
        if not 0 <= span.start < span.end <= len(text):
            return False
        shown = text[span.start : span.end]
        return self.surface in (None, shown) or flat(self.surface or "") == flat(shown)

    @property
    def is_evidence(self) -> bool:
        """Whether the surface tells one place from another."""
        return bool(flat(self.surface or ""))


@dataclass(frozen=True, slots=True)
class Repair:
    """How the spans of one annotation were converted.

    Attributes:
        rule: A name of `RULES`.
        spans: Where they are in code points, in the order given.
    """

    rule: str
    spans: tuple[Span, ...]


def repair(seen: Iterable[Seen], text: str) -> Repair | None:
    """Return the one way to read all of `seen` in other units than code points, if there is one.

    Args:
        seen: The spans of one annotation, at least one of which does not fit as it is.
        text: The text that they are meant to count in.
    """
    spans = list(seen)
    misfits = [item for item in spans if not item.fits(Span(item.start, item.end), text)]
    if not all(item.is_evidence for item in misfits):
        return None
    found: dict[tuple[Span, ...], str] = {}
    for rule, count in RULES.items():
        places = dict(count(text))
        placed = tuple(Span(places.get(s.start, -1), places.get(s.end, -1)) for s in spans)
        if all(item.fits(span, text) for item, span in zip(spans, placed, strict=True)):
            found.setdefault(placed, rule)
    if len(found) != 1:
        return None
    ((placed, rule),) = found.items()
    return Repair(rule, placed)


def normalised(span: Span, raw: str) -> Span | None:
    r"""Return where `span` of `raw` is in `normalise(raw)`; None if its ends fall inside a change.

    Example:
        >>> normalised(Span(3, 4), "a\r\nb")
        Span(start=2, end=3)
    """
    before, inside, after = raw[: span.start], raw[span.start : span.end], raw[span.end :]
    parts = [normalise(part) for part in (before, inside, after)]
    if "".join(parts) != normalise(raw):
        return None
    return Span(len(parts[0]), len(parts[0]) + len(parts[1]))


def flat(surface: str) -> str:
    """Return `surface` without what Label Studio's `value.text` gets wrong: white space."""
    return _BREAK.sub("", surface)


def _counter(
    pieces: re.Pattern[str], width: Callable[[str], int]
) -> Callable[[str], Iterator[tuple[int, int]]]:
    """Return what yields each offset in a unit, with the code point offset that it stands for."""

    def count(text: str) -> Iterator[tuple[int, int]]:
        foreign = ours = 0
        yield foreign, ours
        for piece in pieces.findall(text):
            foreign += width(piece)
            ours += len(piece)
            yield foreign, ours

    return count


def _units(piece: str) -> int:
    return 2 if piece > "\uffff" else 1


# From the name that an event has for the rule to what counts by it.
RULES = {
    "utf16": _counter(_CHARS, _units),
    "crlf": _counter(_LINES, lambda _: 1),  # CRLF counted as one character
    "utf16+crlf": _counter(_LINES, _units),
    "lf": _counter(_CHARS, lambda piece: 1 + (piece == "\n")),  # LF counted as CRLF
    "utf16+lf": _counter(_CHARS, lambda piece: _units(piece) + (piece == "\n")),
}
