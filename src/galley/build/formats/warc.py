"""Web archives: each page that a crawler fetched is an article of its own, a feed several.

The records are parted here, by their stated lengths, so that every byte has its place; what
is inside of one is read by warcio.
"""

import logging
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from io import BytesIO
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataException
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from galley.build.address import read_address
from galley.build.dump.layouts import read_dump
from galley.build.formats.feed import read_feed
from galley.build.formats.format import detect_format
from galley.build.formats.item import Extent, Item, Refusal, Rest, Target
from galley.build.page import Rejection, decode
from galley.build.web.html import EXTRACTOR, MOST_BYTES, Fetched, read_page
from galley.record import Part

logging.getLogger("warcio").addHandler(logging.NullHandler())  # it repeats what archives say

_VERSION = f"warc/2 warcio/{version('warcio')}"
_HEAD = re.compile(rb"WARC/\d\.\d+\r?\n(?:[^\r\n]+\r?\n)*\r?\n")
_LENGTH = re.compile(rb"^Content-Length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_SPACE = re.compile(rb"\s*")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_PAGES = {"response", "resource", "conversion"}
_FORMATS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
}
_UNSAID = {"", "application/octet-stream", "application/http", "application/xml", "text/xml"}
_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}
_BROKEN = (
    *(ArchiveLoadFailed, ChunkedDataException, StatusAndHeadersParserException),
    *(EOFError, OSError, ValueError, zlib.error),
    AttributeError,  # warcio, of a response without an address
)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a record of the archive holds.

    Attributes:
        data: The page, without the coatings of its transport.
        address: Where it was fetched from.
        kind: Its media type, in lower case; empty where none is stated.
        charset: What HTTP said of its encoding.
        status: Of the HTTP response; None where there was none.
    """

    data: bytes
    address: str | None
    kind: str
    charset: str | None
    status: int | None


def read_warc(data: bytes, target: Target) -> Iterator[Item | Refusal | Rest]:
    """Yield for each record of a web archive its article, or why it has none, in order.

    What follows a record that cannot be parted from the next is quarantined.
    """
    if not data or data.isspace():
        yield Refusal(_reject("empty", "the archive holds no record"), (0, len(data)))
        return
    position = 0
    while position < len(data):
        space = _SPACE.match(data, position)
        if space and space[0]:
            yield Rest(Part.WHITESPACE, space.span())
            position = space.end()
            continue
        end = _end(data, position)
        if isinstance(end, Rejection):
            yield Refusal(end, (position, len(data)))
            return
        yield from _read(data, (position, end), target)
        position = end


def _end(data: bytes, start: int) -> int | Rejection:
    """Return where the record that begins at `start` ends, or why that cannot be told."""
    head = _HEAD.match(data, start)
    length = _LENGTH.search(head[0]) if head else None
    if head is None or length is None:
        return _reject("warc_malformed", f"no header of a record at byte {start}")
    end = head.end() + int(length[1])
    if end > len(data):
        return _reject("warc_truncated", f"the record lacks {end - len(data)} bytes")
    rest = data[end : end + 4]
    if rest and not rest.isspace():
        return _reject("warc_malformed", f"the record does not end at byte {end}, as it says")
    return end


def _reject(reason: str, detail: str) -> Rejection:
    return Rejection(reason, detail, extractor=_VERSION)


def _read(data: bytes, extent: Extent, target: Target) -> Iterator[Item | Refusal | Rest]:
    """Read one record; what is known to be no article is boilerplate."""
    try:
        answer = _answer(data[slice(*extent)])
    except _BROKEN as error:
        yield Refusal(_reject("warc_malformed", f"the record cannot be read: {error}"), extent)
        return
    if isinstance(answer, Rejection):
        yield Refusal(answer, extent)
    elif answer is None or (answer.status is not None and 300 <= answer.status < 400):
        yield Rest(Part.BOILERPLATE, extent)
    elif answer.status is not None and not 200 <= answer.status < 300:
        yield Refusal(_reject("http_error", f"the server answered {answer.status}"), extent)
    else:
        yield from _articles(answer, extent, target)


def _articles(answer: _Answer, extent: Extent, target: Target) -> Iterator[Item | Refusal | Rest]:
    form = _FORMATS.get(answer.kind)
    if form is None and answer.kind in _UNSAID:
        form = detect_format("", answer.data)
    if form == "html":
        extractor = f"{_VERSION} {EXTRACTOR}"
        page = Fetched(answer.data, extent, answer.charset, answer.address, "warc", extractor)
        yield read_page(page, target)
    elif form is not None and len(answer.data) > MOST_BYTES:
        yield Refusal(_reject("too_large", f"more than {MOST_BYTES} bytes"), extent)
    elif form == "feed":
        yield from _read_entries(answer, extent, target)
    elif form == "text":
        yield _read_text(answer, extent, target)
    else:
        yield Rest(Part.BOILERPLATE, extent)


def _read_entries(answer: _Answer, extent: Extent, target: Target) -> Iterator[Item | Refusal]:
    """Read a feed: its entries share the bytes of the record, which the first accounts for."""
    own: Extent | None = extent
    for entry in read_feed(answer.data, target, charset=answer.charset):
        if isinstance(entry, Rest):
            continue
        if isinstance(entry, Item):
            extractor = f"{_VERSION} {entry.extractor}"
            yield replace(entry, extent=own, within=extent, layout="warc", extractor=extractor)
        else:
            yield replace(entry, extent=own, within=extent)
        own = None


def _answer(record: bytes) -> _Answer | Rejection | None:
    """Return what `record` holds; None for requests, metadata and the like."""
    found = next(iter(ArchiveIterator(BytesIO(record))))
    if found.rec_type not in _PAGES:
        return None
    if found.rec_headers.get_header("WARC-Truncated"):
        return _reject("warc_truncated", "the crawler broke off while it read the page")
    http = found.http_headers
    coating = (http.get_header("Content-Encoding") or "") if http else ""
    if coating.strip().lower() not in _ENCODINGS:
        return _reject("content_encoding", f"packed as {coating}, which cannot be unpacked")
    stated = (http.get_header("Content-Type") if http else found.content_type) or ""
    charset = _CHARSET.search(stated)
    return _Answer(
        data=_content(found),
        address=found.rec_headers.get_header("WARC-Target-URI"),
        kind=stated.split(";")[0].strip().lower(),
        charset=charset[1] if charset else None,
        status=int(http.get_statuscode()) if http else None,
    )


def _content(record: Any) -> bytes:
    """Return the payload of `record`, up to what a page may have and a byte more."""
    stream, pieces, left = record.content_stream(), [], MOST_BYTES + 1
    while left > 0 and (piece := stream.read(min(left, 1 << 16))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _read_text(answer: _Answer, extent: tuple[int, int], target: Target) -> Item | Refusal:
    """Read a page that was saved as text."""
    page = decode(target.name, answer.data, declared=(target.source.encoding, answer.charset))
    if isinstance(page, Rejection):
        return Refusal(page, extent)
    found = read_dump(page, size=len(answer.data), source=target.source, checker=target.checker)
    if found.quarantine:
        entry = found.quarantine[0]
        return Refusal(Rejection(entry["reason"], entry["detail"], entry["extractor"]), extent)
    if len(found.records) != 1:
        detail = f"{len(found.records)} articles in one record"
        return Refusal(_reject("several_articles", detail), extent)
    record = found.records[0]
    source = record["sources"][0]
    own = {key: value for key, value in record.items() if key not in source["configured"]}
    fields = own | {"url": record["url"] or read_address(answer.address or "")}
    extractor = f"{_VERSION} {source['extractor']}"
    return Item(record["text"], fields, extent, "warc", extractor, source["encoding"])
