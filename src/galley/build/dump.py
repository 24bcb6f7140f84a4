"""Text dumps: choose the layout of a page and make records of what it reads."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from galley.build.blank import Origin, blank_record, configure
from galley.build.extraction import Extraction, rejected
from galley.build.language import Detector
from galley.build.lines import split_lines
from galley.build.listing import find_listing, read_listing
from galley.build.opening import dateline_place
from galley.build.page import Page, Rejection
from galley.build.profile import Profile
from galley.build.reading import Draft, Reading, Slice
from galley.build.single import highest_score, read_single
from galley.build.source import Source
from galley.hashing import sha256_text
from galley.record import Part, Record, normalise
from galley.schema.check import Checker

_READERS = (read_listing, read_single)
_LONGEST = 1_000_000  # characters of a line, ten times those of a long article
_MOST = 50_000  # lines of a page
ENOUGH = 0.4  # the score from which a layout is believed
_ONE_VALUE = {Part.DECK: "deck"}
_LISTS = {Part.CAPTION: "captions", Part.CREDIT: "credits", Part.TAG: "source_tags"}


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
    result = Extraction(size=size)
    offsets = page.byte_offsets(_edges(page, reading))
    rows = _Rows(page, offsets)
    owned: list[list[Slice]] = [[] for _ in reading.drafts]
    for piece in reading.slices:
        if piece.article is not None:
            owned[piece.article].append(piece)
    for number, (draft, own) in enumerate(zip(reading.drafts, owned, strict=True)):
        record, places = _record(page, draft, own, source)
        origin = Origin(page.name, page.sha256, reading.layout, reading.extractor, page.encoding)
        record = configure(record, source, origin)
        record["sources"][0] |= _extent(own, offsets)
        rows.numbers[number] = len(result.records)
        issue = result.add(record, checker)
        if issue is None:
            rows.places |= places
        else:
            rows.reasons[number] = issue.code
    result.account = list(rows.cover(reading.slices))
    return result


def choose(page: Page, source: Source) -> Reading | Rejection:
    """Return the layout's reading that fits `page` best, or why none fits."""
    if vast := _vast(page):
        return Rejection("too_large", vast)
    lines = split_lines(page.text)
    listing = None if source.profile else find_listing(lines)
    if listing and listing.score >= max(ENOUGH, highest_score(lines)):
        return listing.read(page.text, Detector(source.languages))  # no other can fit better
    readings = rank(page, source)
    if readings and readings[0].score >= ENOUGH:
        return readings[0]
    scores = ", ".join(f"{reading.layout} {reading.score:.2f}" for reading in readings)
    tried = " ".join(reading.extractor for reading in readings) or None
    why = f"no layout fits: {scores or 'no title and no prose'}"
    return Rejection("unknown_layout", why, tried)


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


def _edges(page: Page, reading: Reading) -> list[int]:
    edges = [edge for piece in reading.slices for edge in (piece.start, piece.end)]
    return [0, len(page.text), *edges]


def _record(
    page: Page, draft: Draft, own: list[Slice], source: Source
) -> tuple[Record, dict[tuple[int, int], tuple[int, int]]]:
    """Return the record of `draft`, and for each page span of its text its span in `text`."""
    pieces = [normalise(page.text[span.start : span.end]) for span in draft.text]
    places: dict[tuple[int, int], tuple[int, int]] = {}
    position = 0
    for span, piece in zip(draft.text, pieces, strict=True):
        places[span.start, span.end] = (position, position + len(piece))
        position += len(piece) + 2
    text = "\n\n".join(pieces)
    record = _fields(page, own, draft) | {
        "text": text,
        "text_sha256": sha256_text(text),
        "language": draft.language or Detector(source.languages).detect(text),
        "subheads": _subheads(draft, places),
    }
    return record, places


def _subheads(draft: Draft, places: dict[Any, tuple[int, int]]) -> list[dict[str, int]]:
    spans = sorted(places[span.start, span.end] for span in draft.subheads)
    return [{"start": start, "end": end} for start, end in spans]


def _fields(page: Page, own: list[Slice], draft: Draft) -> Record:
    """Return the fields of a record that its own slices of the page hold."""
    lists: dict[str, list[str]] = {name: [] for name in _LISTS.values()}
    single: dict[str, str | None] = dict.fromkeys((*_ONE_VALUE.values(), "dateline"))
    for piece in own:
        value = _value(page, piece)
        if piece.part in _LISTS and value:
            lists[_LISTS[piece.part]].append(value)
        elif piece.part in _ONE_VALUE:
            single[_ONE_VALUE[piece.part]] = value
        elif piece.part is Part.DATELINE:
            single["dateline"] = dateline_place(value)
    return blank_record() | {
        "title": _value(page, Slice(*draft.title, Part.TITLE)),
        **single,
        "authors": _normalised(draft.authors),
        "contributors": _normalised(draft.contributors),
        **lists,
        "publisher": normalise(draft.publisher) if draft.publisher else None,
        "published": draft.published,
        "listing_tags": _normalised(draft.listing_tags),
    }


def _normalised(values: list[str]) -> list[str]:
    return [normalise(value) for value in values]


def _value(page: Page, piece: Slice) -> str:
    """Return a slice as a field's value: a credit without its bar."""
    value = normalise(page.text[piece.start : piece.end])
    return value.lstrip("| \xa0") if piece.part is Part.CREDIT else value


def _extent(own: list[Slice], offsets: dict[int, int]) -> dict[str, int]:
    """Return the bytes from the first to the last slice of an article."""
    start, end = min(piece.start for piece in own), max(piece.end for piece in own)
    return {"byte_start": offsets[start], "byte_end": offsets[end]}


@dataclass(slots=True)
class _Rows:
    """Makes the account's rows of one page.

    Attributes:
        page: The page.
        offsets: Byte offsets of the slices' edges.
        places: For each slice of a text, its span in the text.
        numbers: For each article, its index among the records.
        reasons: For each article that was quarantined, why.
    """

    page: Page
    offsets: dict[int, int]
    places: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)

    def cover(self, slices: list[Slice]) -> Iterator[dict[str, Any]]:
        """Yield rows that cover the file once: the slices, and white space between them."""
        last = 0
        end = len(self.page.text)
        pieces = sorted(slices, key=itemgetter(0))
        for piece in [*pieces, Slice(end, end, Part.WHITESPACE)]:
            if last < piece.start:
                yield self._row(Slice(last, piece.start, Part.WHITESPACE))
            if piece.start < piece.end:
                yield self._row(piece)
            last = piece.end

    def _row(self, piece: Slice) -> dict[str, Any]:
        article = -1 if piece.article is None else piece.article
        reason = self.reasons.get(article)
        place = None if reason else self.places.get((piece.start, piece.end))
        return {
            "source_file": self.page.name,
            "byte_start": self.offsets[piece.start],
            "byte_end": self.offsets[piece.end],
            "part": Part.QUARANTINED if reason else piece.part,
            "record": None if reason else self.numbers.get(article),
            "text_start": place[0] if place else None,
            "text_end": place[1] if place else None,
            "reason": reason,
        }
