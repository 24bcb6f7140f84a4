"""Text dumps: choose the layout of a page and make records of what it reads."""

from dataclasses import dataclass, field
from operator import itemgetter

from galley.build.blank import Origin, configure
from galley.build.cover import Cover, Row
from galley.build.dump.maker import Maker
from galley.build.dump.profile import Profile
from galley.build.dump.reading import Reading, Slice
from galley.build.dump.search import Search, read_listing
from galley.build.dump.single import highest_score, read_single
from galley.build.dump.wrapped import split_page
from galley.build.extraction import Extraction, rejected
from galley.build.language import Detector
from galley.build.lines import split_lines
from galley.build.page import Page, Rejection
from galley.build.source import Source
from galley.record import Part
from galley.schema.check import Checker

_READERS = (read_listing, read_single)
_LONGEST = 1_000_000  # characters of a line, ten times those of a long article
_MOST = 50_000  # lines of a page
_ENDS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"  # of lines, beside the usual
_WIDEST = 20_000_000  # characters of a page
ENOUGH = 0.4  # the score from which a layout is believed
_NOWHERE = (None, None)
_START, _END = itemgetter(0), itemgetter(1)  # of a slice
_GAPS = frozenset({"\n", "\n\n", " "})  # nearly all
_BLANKS = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200C))
)


def read_dump(page: Page, *, size: int, source: Source, checker: Checker) -> Extraction:
    """Take a text dump apart; an article that breaks the schema is quarantined.

    Args:
        page: The decoded file.
        size: Its bytes.
        source: What `sources.toml` says of it.
        checker: Holds records against the schema.
    """
    reading = choose(page, source)
    if isinstance(reading, Rejection):
        return rejected(page.name, size, reading)
    slices = sorted(reading.slices, key=_START)
    owned: list[list[Slice]] = [[] for _ in reading.drafts]
    for piece in slices:
        if (article := piece.article) is not None:
            owned[article].append(piece)
    offsets = page.byte_offsets((0, *map(_START, slices), *map(_END, slices), len(page.text)))
    result = Extraction(account=Cover(page.name), size=size)
    rows = _Rows(offsets)
    origin = Origin(page.name, page.sha256, reading.layout, reading.extractor, page.encoding)
    maker = Maker(page, source)
    for draft, own in zip(reading.drafts, owned, strict=True):
        record, places = maker.make(draft, own)
        configure(record, source, origin)["sources"][0] |= _extent(own, offsets)
        rows.numbers.append(len(result.records))
        issue = result.add(record, checker, own=True)
        rows.reasons.append(issue.code if issue else None)
        if issue is None:
            rows.places |= places
    rows.cover(slices, page.text, result.account.rows)
    return result


def choose(page: Page, source: Source) -> Reading | Rejection:
    """Return the layout's reading that fits `page` best, or why none fits."""
    if vast := _vast(page):
        return Rejection("too_large", vast)
    if best := None if source.profile else _best(page, source):
        return best
    readings = rank(page, source)
    if readings and readings[0].score >= ENOUGH:
        return readings[0]
    scores = ", ".join(f"{reading.layout} {reading.score:.2f}" for reading in readings)
    tried = " ".join(reading.extractor for reading in readings) or None
    why = f"no layout fits: {scores or 'no title and no prose'}"
    return Rejection("unknown_layout", why, tried)


def _best(page: Page, source: Source) -> Reading | None:
    """Return the reading that fits a page without a profile, where no other can fit better.

    How well a listing fits is known before it is read, and how well at most before it is found.
    """
    search, detector = Search(split_page(page.text, page.codes)), Detector(source.languages)
    least = max(ENOUGH, highest_score(search.lines))
    listing = search.listing if search.highest >= least else None
    if listing and listing.score >= least:
        return listing.read(page.text, detector)
    single = read_single(page.text, detector, profile=Profile(source.name), known=search.kinds)
    if single is None or single.score < ENOUGH:
        return None
    return single if single.score > search.highest or single.score > search.score else None


def rank(page: Page, source: Source) -> list[Reading]:
    """Return what each layout makes of `page`, the one that fits best first."""
    if _vast(page):
        return []
    detector = Detector(source.languages)
    profile = source.profile or Profile(source.name)
    tried = [read(page.text, detector, profile=profile) for read in _READERS]
    readings = [reading for reading in tried if reading]
    for reading in readings:
        reading.score *= 1 - _repeated(page, reading, profile)
    return sorted(readings, key=lambda reading: -reading.score)


def _vast(page: Page) -> str:
    """Say what of a page is more than any article has; nothing if nothing is."""
    if len(page.text) <= min(_MOST, _LONGEST):
        return ""
    if len(page.text) > _WIDEST:
        return f"more than {_WIDEST} characters"
    other = any(map(page.text.__contains__, _ENDS))
    if len(page.text) <= _LONGEST and not other and page.text.count("\n") < _MOST:
        return ""
    lines = page.text.splitlines()
    if len(lines) > _MOST:
        return f"more than {_MOST} lines"
    longest = max(map(len, lines), default=0)
    return f"a line of more than {_LONGEST} characters" if longest > _LONGEST else ""


def _repeated(page: Page, reading: Reading, profile: Profile) -> float:
    """Return the share of titles and tags that are none: other pages of the source say them."""
    own = [piece for piece in reading.slices if piece.part in {Part.TITLE, Part.TAG}]
    lines = (line for piece in own for line in split_lines(page.text[piece.start : piece.end]))
    return sum(map(profile.knows, lines)) / len(own) if own and profile.lines else 0.0


def _extent(own: list[Slice], offsets: dict[int, int]) -> dict[str, int]:
    """Return the bytes from the first to the last slice of an article."""
    return {"byte_start": offsets[_START(own[0])], "byte_end": offsets[max(map(_END, own))]}


@dataclass(slots=True)
class _Rows:
    """Makes the account's rows of one page.

    Attributes:
        offsets: Byte offsets of the slices' edges.
        places: For each slice of a text, its span in the text.
        numbers: For each article, its index among the records.
        reasons: For each article that was quarantined, why; None for others.
    """

    offsets: dict[int, int]
    places: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    reasons: list[str | None] = field(default_factory=list)

    def cover(self, slices: list[Slice], text: str, rows: list[Row]) -> None:
        """Add rows that cover a page once: the slices, and what stands between them.

        Args:
            slices: In order.
            text: The page.
            rows: Of the account.
        """
        last, offsets, places, add = 0, self.offsets, self.places, rows.append
        white = Part.WHITESPACE
        for start, end, part, article in slices:
            first, stop = offsets[start], offsets[end]
            if last < start:
                gap = text[last:start]
                between = white if gap in _GAPS else _between(gap)
                add((offsets[last], first, between, None, None, None, None))
            last = end
            if start >= end:
                continue
            if article is None:
                add((first, stop, part, None, None, None, None))
            elif reason := self.reasons[article]:
                add((first, stop, Part.QUARANTINED, None, None, None, reason))
            else:
                own = places.get((start, end), _NOWHERE)
                add((first, stop, part, self.numbers[article], *own, None))
        if last < len(text):
            rest = _between(text[last:])
            add((offsets[last], offsets[len(text)], rest, None, None, None, None))


def _between(gap: str) -> Part:
    """Return what stands between two slices: white space, or signs of the page's markup."""
    return Part.WHITESPACE if not gap.strip(_BLANKS) else Part.BOILERPLATE
