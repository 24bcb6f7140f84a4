"""Read one raw file: decode it, choose its layout, take it apart into records and an account.

A pure function of the file's bytes and what `sources.toml` says of it, so any number of
workers in any order give the same result.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from galley.build.language import Detector
from galley.build.listing import read_listing
from galley.build.opening import dateline_place
from galley.build.page import Page, Rejection, decode
from galley.build.reading import Draft, Reading, Slice
from galley.build.single import read_single
from galley.build.source import Source
from galley.hashing import sha256_text
from galley.record import Part, Record, normalise
from galley.schema.check import Checker
from galley.schema.issue import Issue

_READERS = (read_listing, read_single)
_ENOUGH = 0.4  # the score from which a layout is believed
# An id is given later, when the other files have been seen.
_PLACEHOLDERS = {"id": "0" * 32, "cluster": "0" * 32}
_ONE_VALUE = {Part.DECK: "deck"}
_LISTS = {Part.CAPTION: "captions", Part.CREDIT: "credits", Part.TAG: "source_tags"}


@dataclass(slots=True)
class Extraction:
    """What one file gave.

    Attributes:
        records: Without `id` and `cluster`, which need a look at the other files.
        account: Rows of `account.parquet`; `record` is an index into `records`, or None.
        quarantine: Entries of `quarantine.jsonl`.
        size: Bytes of the file.
    """

    records: list[Record] = field(default_factory=list)
    account: list[dict[str, Any]] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    size: int = 0


def extract(name: str, data: bytes, *, source: Source, checker: Checker) -> Extraction:
    """Take the raw file `name` apart.

    A file that cannot be read is quarantined whole, an article that breaks the schema for its
    own bytes.
    """
    page = decode(name, data)
    if isinstance(page, Rejection):
        return _rejected(name, len(data), page)
    reading = choose(page, source)
    if isinstance(reading, Rejection):
        return _rejected(name, len(data), reading)
    result = Extraction(size=len(data))
    offsets = page.byte_offsets(_edges(page, reading))
    rows = _Rows(page, offsets)
    for number, draft in enumerate(reading.drafts):
        record, places = _record(page, reading, draft, source)
        record["sources"][0] |= _extent(reading, number, offsets)
        issue = next(checker.issues(_PLACEHOLDERS | record), None)
        if issue is None:
            rows.places |= places
            rows.numbers[number] = len(result.records)
            result.records.append(record)
        else:
            rows.reasons[number] = issue.code
            result.quarantine.append(_entry(page, record, issue))
    result.account = list(rows.cover(reading.slices))
    return result


def _entry(page: Page, record: Record, issue: Issue) -> dict[str, Any]:
    """Return the quarantine entry of an article that breaks the schema."""
    extent = {key: record["sources"][0][key] for key in ("byte_start", "byte_end")}
    detail = f"{issue.path}: {issue.expected}"
    return {"source_file": page.name, **extent, "reason": issue.code, "detail": detail}


def choose(page: Page, source: Source) -> Reading | Rejection:
    """Return the layout's reading that fits `page` best, or why none fits."""
    detector = Detector(source.languages)
    readings = [reading for read in _READERS if (reading := read(page.text, detector))]
    best = max(readings, key=lambda reading: reading.score, default=None)
    if best is None or best.score < _ENOUGH:
        scores = ", ".join(f"{reading.layout} {reading.score:.2f}" for reading in readings)
        return Rejection("unknown_layout", f"no layout fits: {scores or 'no title and no prose'}")
    return best


def _rejected(name: str, size: int, why: Rejection) -> Extraction:
    where = {"source_file": name, "byte_start": 0, "byte_end": size}
    result = Extraction(size=size)
    result.quarantine.append({**where, "reason": why.reason, "detail": why.detail})
    if size:
        blank = {"record": None, "text_start": None, "text_end": None}
        result.account.append({**where, "part": Part.QUARANTINED, "reason": why.reason, **blank})
    return result


def _edges(page: Page, reading: Reading) -> list[int]:
    edges = [edge for piece in reading.slices for edge in (piece.start, piece.end)]
    return [0, len(page.text), *edges]


def _record(
    page: Page, reading: Reading, draft: Draft, source: Source
) -> tuple[Record, dict[tuple[int, int], tuple[int, int]]]:
    """Return the record of `draft`, and for each page span of its text its span in `text`."""
    pieces = [normalise(page.text[span.start : span.end]) for span in draft.text]
    places: dict[tuple[int, int], tuple[int, int]] = {}
    position = 0
    for span, piece in zip(draft.text, pieces, strict=True):
        places[span.start, span.end] = (position, position + len(piece))
        position += len(piece) + 2
    text = "\n\n".join(pieces)
    number = reading.drafts.index(draft)
    own = [piece for piece in reading.slices if piece.article == number]
    record = _fields(page, own, draft) | {
        "text": text,
        "text_sha256": sha256_text(text),
        "language": Detector(source.languages).detect(text),
        "subheads": _subheads(draft, places),
    }
    configured = {"publisher": source.publisher, "license": source.license}
    used = [key for key, value in configured.items() if record[key] is None and value is not None]
    record |= {key: configured[key] for key in used}
    record["sources"] = [_source(page, reading, used)]
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
    return {
        "title": _value(page, Slice(*draft.title, Part.TITLE)),
        **single,
        "authors": _normalised(draft.authors),
        "contributors": _normalised(draft.contributors),
        **lists,
        "publisher": normalise(draft.publisher) if draft.publisher else None,
        "url": None,
        "published": None,
        "license": None,
        "listing_tags": _normalised(draft.listing_tags),
        "tags": [],
        "entities": [],
        "annotation": {"status": "source", "annotators": 0, "guideline": None, "taxonomy": None},
        "changed_in": None,
    }


def _normalised(values: list[str]) -> list[str]:
    return [normalise(value) for value in values]


def _value(page: Page, piece: Slice) -> str:
    """Return a slice as a field's value: a credit without its bar."""
    value = normalise(page.text[piece.start : piece.end])
    return value.lstrip("| \xa0") if piece.part is Part.CREDIT else value


def _source(page: Page, reading: Reading, configured: list[str]) -> dict[str, Any]:
    return {
        "file": unicodedata.normalize("NFC", page.name),
        "sha256": page.sha256,
        "layout": reading.layout,
        "extractor": reading.extractor,
        "encoding": page.encoding,
        "configured": configured,
    }


def _extent(reading: Reading, number: int, offsets: dict[int, int]) -> dict[str, int]:
    """Return the bytes from the first to the last slice of an article."""
    own = [piece for piece in reading.slices if piece.article == number]
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
        pieces = sorted(slices, key=lambda piece: piece.start)
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
            "record": self.numbers.get(article),
            "text_start": place[0] if place else None,
            "text_end": place[1] if place else None,
            "reason": reason,
        }
