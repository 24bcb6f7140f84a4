"""Take one running text apart: title, byline, dateline, captions, subheads, thanks."""

from dataclasses import dataclass, field

from galley.build.dump.credits import Evidence, find_credits
from galley.build.dump.opening import read_closing, read_opening
from galley.build.dump.subheads import find_subheads
from galley.build.sentences import last_start
from galley.record import Part, Span

Mark = tuple[tuple[int, int], Part]  # a stretch of a text, and what it is


@dataclass(slots=True)
class Body:
    """The parts of a running text.

    Attributes:
        marks: Sorted, apart from each other, without white space at their ends; what they
            leave out is white space.
        authors: Names from a byline or a note.
        contributors: Names from the thanks at the end.
    """

    marks: list[Mark] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    contributors: list[str] = field(default_factory=list)


def read_body(body: str, title: str, *, language: str, evidence: Evidence) -> Body:
    """Return the parts of `body`, the running text of the article called `title`.

    Args:
        body: Paragraphs that may have been joined by spaces.
        title: The headline, which the text may repeat.
        language: BCP 47 tag, for sentence boundaries.
        evidence: What the page knows of its words.
    """
    opening = read_opening(body, title, language=language, evidence=evidence)
    closing = read_closing(body, opening.inner, language=language)
    marks: list[Mark] = [*opening.marks, *closing.marks]
    marks += _captions(body, Span(opening.inner, closing.inner), language, evidence)
    last = 0
    for (start, end), _ in sorted(marks):
        if last < start:
            marks += _text(body, last, start, evidence)
        last = end
    marks += _text(body, last, len(body), evidence)
    marks.sort()
    return Body(marks, opening.authors + closing.authors, closing.contributors)


def _captions(body: str, inner: Span, language: str, evidence: Evidence) -> list[Mark]:
    """Return captions and credits: a caption is the sentence before a credit's bar."""
    marks: list[Mark] = []
    last = inner.start
    for credit in find_credits(body, inner.end, evidence):
        if credit.bar < last:
            continue
        before = body[last : credit.bar].rstrip()
        start = last + last_start(before, language)
        for subhead in find_subheads(body, Span(start, last + len(before)), evidence):
            start = subhead.end
            break
        marks += _whole(body, start, last + len(before), Part.CAPTION)
        marks.append(((credit.bar, credit.end), Part.CREDIT))
        last = credit.end
    return marks


def _text(body: str, start: int, end: int, evidence: Evidence) -> list[Mark]:
    """Return the subheads of a stretch of text and what stands between them."""
    start, end = _trimmed(body, start, end)
    if start == end:
        return []
    marks: list[Mark] = []
    for subhead in find_subheads(body, Span(start, end), evidence):
        marks += _whole(body, start, subhead.start, Part.TEXT)
        marks.append((subhead, Part.SUBHEAD))
        start = subhead.end
    return marks + _whole(body, start, end, Part.TEXT)


def _whole(body: str, start: int, end: int, part: Part) -> list[Mark]:
    start, end = _trimmed(body, start, end)
    return [((start, end), part)] if start < end else []


def _trimmed(body: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without the white space at its ends."""
    while start < end and body[start].isspace():
        start += 1
    while start < end and body[end - 1].isspace():
        end -= 1
    return start, end
