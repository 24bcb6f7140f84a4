"""What learning keeps of one page: its lines as hashes, and what each of them was read as."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntFlag

from galley.build.dump.layouts import choose
from galley.build.dump.listing import LAYOUT as LISTING
from galley.build.dump.markdown import unmarked
from galley.build.dump.profile import hash_line
from galley.build.dump.reading import Reading, Slice
from galley.build.dump.wrapped import split_page
from galley.build.lines import Line
from galley.build.page import Page, Rejection
from galley.build.source import Source
from galley.record import Part

_WORDS = 3  # a subhead with fewer is one that articles share: "Background"
_WIDE = 12  # the same where words are not apart, as a weight
_OWN = frozenset(
    {
        *(Part.TAG, Part.SOURCE_LINE, Part.BYLINE, Part.DATELINE, Part.CREDIT, Part.CAPTION),
        Part.CONTRIBUTOR,
    }
)


class Role(IntFlag):
    """What a line was read as, as far as it counts.

    SENTENCE: it has the form of one, so it is no tag and no name.
    OWN: it is a tag, a byline, a source line: what articles have in common by right.
    TITLE: it is the title of a page.
    LISTED: it is the title of an article on a listing.
    SUBHEAD: it is a subhead of one or two words.
    TEXT: it is, or holds, main text.
    """

    SENTENCE = 1
    OWN = 2
    TITLE = 4
    LISTED = 8
    SUBHEAD = 16
    TEXT = 32


@dataclass(frozen=True, slots=True)
class Sight:
    """One page, as learning sees it.

    Attributes:
        title: Its title, hashed; of a listing, the first; empty if none was found.
        longest: Its longest line of main text, hashed; empty if it has none.
        lines: Each of its lines once, hashed, with what it was read as; in order.
    """

    title: str
    longest: str
    lines: tuple[tuple[str, Role], ...]


def look_at(page: Page, source: Source) -> Sight:
    """Return what learning needs of `page`; what was learned before plays no part."""
    lines = [line for line in unmarked(split_page(page.text)) if _has_letters(line)]
    found = choose(page, replace(source, profile=None))
    reading = Reading("", "", 0.0) if isinstance(found, Rejection) else found
    listing = reading.layout == LISTING
    seen: dict[str, Role] = {}
    titles: list[Line] = []
    texts: list[Line] = []
    for line, parts in _parts(lines, reading.slices):
        if Part.TITLE in parts:
            titles.append(line)
        if Part.TEXT in parts:
            texts.append(line)
        if not (listing and Part.TEXT in parts):
            key = hash_line(line)
            seen[key] = seen.get(key, Role(0)) | _role(line, parts, listing=listing)
    longest = max(texts, key=lambda line: line.weight, default=None)
    return Sight(
        hash_line(titles[0]) if titles else "",
        hash_line(longest) if longest else "",
        tuple(seen.items()),
    )


def _has_letters(line: Line) -> bool:
    return any(char.isalpha() for char in line.plain)


def _parts(lines: list[Line], slices: list[Slice]) -> Iterable[tuple[Line, set[Part]]]:
    """Yield each line with the parts that begin in it."""
    pieces = sorted(slices, key=lambda piece: piece.start)
    starts = [piece.start for piece in pieces]
    for line in lines:
        inside = slice(bisect_left(starts, line.span.start), bisect_left(starts, line.span.end))
        yield line, {piece.part for piece in pieces[inside]}


def _role(line: Line, parts: set[Part], *, listing: bool) -> Role:
    role = Role(0)
    if line.is_sentence:
        role |= Role.SENTENCE
    if parts & _OWN:
        role |= Role.OWN
    if Part.TITLE in parts:
        role |= Role.LISTED if listing else Role.TITLE
    if Part.TEXT in parts:
        role |= Role.TEXT
    few = len(line.text.split()) < _WORDS and line.weight < 3 * _WIDE
    if Part.SUBHEAD in parts and few:
        role |= Role.SUBHEAD
    return role
