"""Take one running text apart: title, byline, dateline, captions, subheads, thanks."""

from dataclasses import dataclass, field

from galley.build.dump.credits import Evidence, find_credits
from galley.build.dump.opening import read_closing, read_opening
from galley.build.dump.subheads import find_subheads
from galley.build.sentences import last_start
from galley.record import Part, Span


@dataclass(slots=True)
class Body:
    """The parts of a running text.

    Attributes:
        marks: Sorted, apart from each other, without white space at their ends; what they
            leave out is white space.
        authors: Names from a byline or a note.
        contributors: Names from the thanks at the end.
    """

    marks: list[tuple[Span, Part]] = field(default_factory=list)
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
    marks = [*opening.marks, *closing.marks]
    pictures = _captions(body, Span(opening.inner, closing.inner), language, evidence)
    marks += pictures
    for span in _gaps(marks, len(body)):
        marks += _text(body, span, evidence)
    return Body(sorted(marks), opening.authors + closing.authors, closing.contributors)


def _captions(body: str, inner: Span, language: str, evidence: Evidence) -> list[tuple[Span, Part]]:
    """Return captions and credits: a caption is the sentence before a credit's bar."""
    marks: list[tuple[Span, Part]] = []
    last = inner.start
    for credit in find_credits(body, inner.end, evidence):
        if credit.bar < last:
            continue
        before = body[last : credit.bar].rstrip()
        start = last + last_start(before, language)
        for subhead in find_subheads(body, Span(start, last + len(before)), evidence):
            start = subhead.end
            break
        caption = _trimmed(body, Span(start, last + len(before)))
        if caption.start < caption.end:
            marks.append((caption, Part.CAPTION))
        marks.append((Span(credit.bar, credit.end), Part.CREDIT))
        last = credit.end
    return marks


def _gaps(marks: list[tuple[Span, Part]], length: int) -> list[Span]:
    """Return the stretches that no mark covers."""
    edges = sorted(span for span, _ in marks)
    starts = [0, *(span.end for span in edges)]
    ends = [*(span.start for span in edges), length]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _text(body: str, span: Span, evidence: Evidence) -> list[tuple[Span, Part]]:
    """Return the subheads of a stretch of text and what stands between them."""
    found = [(subhead, Part.SUBHEAD) for subhead in find_subheads(body, span, evidence)]
    if not found:
        return _whole(body, span)
    starts = [span.start, *(subhead.end for subhead, _ in found)]
    ends = [*(subhead.start for subhead, _ in found), span.end]
    between = (_trimmed(body, Span(*gap)) for gap in zip(starts, ends, strict=True))
    return found + [(gap, Part.TEXT) for gap in between if gap.start < gap.end]


def _whole(body: str, span: Span) -> list[tuple[Span, Part]]:
    text = _trimmed(body, span)
    return [(text, Part.TEXT)] if text.start < text.end else []


def _trimmed(body: str, span: Span) -> Span:
    """Return `span` without the white space at its ends."""
    piece = body[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, max(start, span.start + len(piece.rstrip())))
