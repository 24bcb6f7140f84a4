"""Read one raw file: decode it, choose its layout, take it apart into records and an account.

A pure function of the file's bytes and what `sources.toml` says of it, so any number of
workers in any order give the same result.
"""

import unicodedata
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

_READERS = (read_listing, read_single)
_ENOUGH = 0.4  # the score from which a layout is believed
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


def extract(name: str, data: bytes, source: Source) -> Extraction:
    """Take the raw file `name` apart; a file that cannot be read is quarantined whole."""
    page = decode(name, data)
    reading = page if isinstance(page, Rejection) else choose(page, source)
    if isinstance(reading, Rejection) or isinstance(page, Rejection):
        assert isinstance(reading, Rejection)  # noqa: S101 - it is `page` or its rejection
        return _rejected(name, len(data), reading)
    result = Extraction(size=len(data))
    offsets = page.byte_offsets(_edges(page, reading))
    places: dict[tuple[int, int], tuple[int, int]] = {}
    for number, draft in enumerate(reading.drafts):
        record, text_places = _record(page, reading, draft, source)
        places |= text_places
        record["sources"][0] |= _extent(reading, number, offsets)
        result.records.append(record)
    result.account = list(_account(page, reading, offsets, places))
    return result


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
    places, position = {}, 0
    for span, piece in zip(draft.text, pieces, strict=True):
        places[tuple(span)] = (position, position + len(piece))
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
    spans = sorted(places[tuple(span)] for span in draft.subheads)
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


def _account(
    page: Page,
    reading: Reading,
    offsets: dict[int, int],
    places: dict[tuple[int, int], tuple[int, int]],
) -> Any:
    """Yield rows that cover the file once: the slices, and white space between them."""
    last = 0
    pieces = sorted(reading.slices, key=lambda piece: piece.start)
    for piece in [*pieces, Slice(len(page.text), len(page.text), Part.WHITESPACE)]:
        if last < piece.start:
            yield _row(page, Slice(last, piece.start, Part.WHITESPACE), offsets, None)
        if piece.start < piece.end:
            yield _row(page, piece, offsets, places.get((piece.start, piece.end)))
        last = piece.end


def _row(
    page: Page, piece: Slice, offsets: dict[int, int], place: tuple[int, int] | None
) -> dict[str, Any]:
    start, end = place or (None, None)
    return {
        "source_file": page.name,
        "byte_start": offsets[piece.start],
        "byte_end": offsets[piece.end],
        "part": piece.part,
        "record": piece.article,
        "text_start": start,
        "text_end": end,
        "reason": None,
    }
