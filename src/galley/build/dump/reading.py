"""How a page was read: which stretch of it is what, and the articles in it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from galley.build.dump.body import Body
from galley.build.lines import Line
from galley.record import Part, Span

Extent = tuple[int, int]  # a stretch of a page, or of a text


class Slice(NamedTuple):
    """A stretch of a page and the part that it is; `article` counts the page's articles."""

    start: int
    end: int
    part: Part
    article: int | None = None


@dataclass(slots=True)
class Draft:
    """What a layout found out about one article, before it is a record.

    Attributes:
        title: Where the headline stands.
        language: BCP 47 tag of the text, where the layout has asked for it.
        text: Where the pieces of the main text stand, in order; a subhead is one of them.
        subheads: Which of them are subheads.
        authors: Names from a byline or an author's note.
        contributors: Names from a contributor line.
        publisher: From a source line.
        published: From a line with the date: ISO 8601.
        listing_tags: From the head of the listing page.
    """

    title: Span
    language: str | None = None
    text: list[Extent] = field(default_factory=list)
    subheads: set[Extent] = field(default_factory=set)
    authors: list[str] = field(default_factory=list)
    contributors: list[str] = field(default_factory=list)
    publisher: str | None = None
    published: str | None = None
    listing_tags: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """One layout's view of a page.

    Attributes:
        layout: The layout's name.
        extractor: The layout's name with the version of its rules, raised only when the
            output may change.
        score: How well the layout fits, 0 to 1.
        slices: Sorted, apart from each other; what they leave out is white space, or signs of
            the page's markup.
        drafts: The articles, in the order of the page.
    """

    layout: str
    extractor: str
    score: float
    slices: list[Slice] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)


def mark_body(line: Line, body: Body, reading: Reading) -> None:
    """Give the stretches of a line that holds running text their parts, in the last draft."""
    draft, number, first = reading.drafts[-1], len(reading.drafts) - 1, line.span[0]
    draft.authors += body.authors
    draft.contributors += body.contributors
    for (start, end), part in body.marks:
        piece = Slice(first + start, first + end, part, number)
        reading.slices.append(piece)
        if part is Part.TEXT:
            draft.text.append(piece[:2])
        elif part is Part.SUBHEAD:
            draft.text.append(piece[:2])
            draft.subheads.add(piece[:2])
