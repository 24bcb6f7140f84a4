"""What speaks for a reading of a page and what against it, in words.

Counted from what a layout made of the page, not from how it decided: so it stays true
however the layout's rules change.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from galley.build.dump import listing, single
from galley.build.dump.profile import Profile
from galley.build.dump.reading import Reading
from galley.build.dump.wrapped import split_page
from galley.build.lines import Line
from galley.build.page import Page
from galley.record import Part

LAYOUTS = (listing.LAYOUT, single.LAYOUT)
_AROUND = (
    *(Part.PAGE_HEADER, Part.BREADCRUMB, Part.NAVIGATION, Part.READ_MORE, Part.SOURCE_LINE),
    *(Part.COMMENT_FORM, Part.TEASER),
)
_TITLES = {Part.TITLE, Part.REPEATED_TITLE, Part.BREADCRUMB}
_PROSE = {Part.TEXT, Part.SUBHEAD}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A layout that a page could have.

    Attributes:
        layout: Its name.
        score: How well it fits, 0 to 1; None if it found no article at all.
        reasons: What speaks for it.
        objections: What speaks against it.
    """

    layout: str
    score: float | None
    reasons: list[str]
    objections: list[str]


def weigh(page: Page, readings: list[Reading], profile: Profile | None = None) -> list[Candidate]:
    """Return all layouts, in the order of `readings`, then those that read nothing."""
    profile = profile or Profile("")
    candidates = [_candidate(page, reading, profile) for reading in readings]
    rest = [name for name in LAYOUTS if name not in {item.layout for item in candidates}]
    nothing = {
        listing.LAYOUT: "no line that is long enough for an article stands under a title",
        single.LAYOUT: "no prose stands under a title",
    }
    return candidates + [Candidate(name, None, [], [nothing[name]]) for name in rest]


def _candidate(page: Page, reading: Reading, profile: Profile) -> Candidate:
    view = _View(page, reading, split_page(page.text))
    groups = reading.layout == listing.LAYOUT
    reasons = _for_listing(view) if groups else _for_single(view)
    objections = _against_listing(view) if groups else _against_single(view)
    found = [*reasons, *_repeated(view, profile)]
    return Candidate(reading.layout, reading.score, found, list(objections))


@dataclass(frozen=True)
class _View:
    """A page with one layout's reading of it."""

    page: Page
    reading: Reading
    lines: list[Line]

    def count(self, parts: set[Part]) -> int:
        """Return how many slices are one of `parts`."""
        return sum(piece.part in parts for piece in self.reading.slices)

    def numbers(self, part: Part) -> list[int]:
        """Return how many slices of each article are `part`."""
        counted = Counter(piece.article for piece in self.reading.slices if piece.part is part)
        return [counted[number] for number in range(len(self.reading.drafts))]

    def holding(self, part: Part) -> list[Line]:
        """Return the lines in which a slice is `part`."""
        starts = sorted(piece.start for piece in self.reading.slices if piece.part is part)
        return [
            line
            for line in self.lines
            if bisect_left(starts, line.span.end) > bisect_left(starts, line.span.start)
        ]

    @property
    def apart(self) -> int:
        """How many articles have a blank line before the first line of their text."""
        first: dict[int | None, int] = {}
        for piece in sorted(self.reading.slices):
            if piece.part is Part.TEXT:
                first.setdefault(piece.article, piece.start)
        edges = sorted(first.values())
        blank = [line.span for line in self.lines if line.blank_before]
        return sum(bisect_left(edges, end) > bisect_left(edges, start) for start, end in blank)

    @property
    def share(self) -> float:
        """The share of the page's characters that are main text."""
        inside = sum(p.end - p.start for p in self.reading.slices if p.part in _PROSE)
        return inside / max(sum(line.span.end - line.span.start for line in self.lines), 1)


def _repeated(view: _View, profile: Profile) -> Iterator[str]:
    """Yield how many lines are none of the article because the source's other pages say them."""
    lines = view.holding(Part.BOILERPLATE) + view.holding(Part.PAGE_HEADER)
    if known := sum(profile.knows(line) for line in lines):
        yield f"{_some(known, 'line')} of no article: other pages of the source say the same"


def _for_listing(view: _View) -> Iterator[str]:
    articles, tags = len(view.reading.drafts), view.numbers(Part.TAG)
    tagged = [number for number in tags if number]
    several = len(view.holding(Part.TEXT)) > articles
    form = "the text, of several lines in some" if several else "the whole text in one line"
    yield f"{_some(articles, 'article')}: a title line, and under it {form}"
    if tagged:
        yield f"{_range(tagged)} tag lines follow {_of(len(tagged), articles)}"
    header = next((draft.listing_tags for draft in view.reading.drafts if draft.listing_tags), None)
    if header:
        yield f"the head of the page names a tag: {', '.join(header)}"
    yield f"{view.share:.0%} of the page is main text"


def _against_listing(view: _View) -> Iterator[str]:
    tags = view.numbers(Part.TAG)
    if bare := tags.count(0):
        yield f"{_of(bare, len(tags))} would have no tags"
    if many := sum(number > 15 for number in tags):
        yield f"{_of(many, len(tags))} would have more than 15 tags: they are other lines"
    whole = [line for line in view.holding(Part.TAG) if line.stops]
    if whole:
        yield f"{_some(len(whole), 'of its tag lines')} end like sentences"
    if apart := view.apart:
        yield f"blank lines stand between title and text of {_of(apart, len(tags))}"


def _for_single(view: _View) -> Iterator[str]:
    said = view.count(_TITLES)
    if said > 1:
        yield f"the page says the title {_times(said)}, the path above it included"
    paragraphs = view.holding(Part.TEXT)
    apart = sum(line.blank_before for line in paragraphs)
    if paragraphs and apart * 2 >= len(paragraphs):
        yield f"{_of(apart, len(paragraphs), 'paragraph')} set off by blank lines"
    around = [part.replace("_", " ") for part in _AROUND if view.count({part})]
    if around:
        yield f"around the article: {', '.join(around)}"
    yield f"{view.share:.0%} of the page is main text"


def _against_single(view: _View) -> Iterator[str]:
    paragraphs = view.holding(Part.TEXT)
    apart = sum(line.blank_before for line in paragraphs)
    if apart * 2 < len(paragraphs):
        tight = len(paragraphs) - apart
        yield f"{_of(tight, len(paragraphs), 'paragraph')} with no blank line before"
    short = [line for line in view.holding(Part.SUBHEAD) if line.weight < 60]
    if len(short) > len(paragraphs):
        yield f"{len(short)} short lines would be subheads, more than there are paragraphs"
    if view.share < 0.5:
        yield f"only {view.share:.0%} of the page would be main text"
    if len(paragraphs) < 2:
        yield f"{_some(len(paragraphs), 'paragraph')} in all"


def _some(number: int, noun: str) -> str:
    """Return `1 article`, `3 articles`; a noun with `of` keeps its form."""
    return f"{number} {noun}" if number == 1 or " " in noun else f"{number} {noun}s"


def _of(some: int, every: int, noun: str = "article") -> str:
    """Return `the article`, `all 3 articles`, `2 of 3 articles`."""
    if every == 1:
        return f"the {noun}"
    return f"all {every} {noun}s" if some == every else f"{some} of {every} {noun}s"


def _range(numbers: list[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"


def _times(number: int) -> str:
    return "twice" if number == 2 else f"{number} times"
