"""Feeds, RSS and Atom: every entry that is whole and has a text is an article.

One without a title is a note, and its title is how its text begins.

The entries' fields are read by feedparser's own parser for well-formed XML, without what its
`parse` does around it: guess encodings, repair, sanitise, fetch.
"""

import re
import xml.sax
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from html.entities import html5
from importlib.metadata import version
from io import BytesIO

from feedparser.api import StrictFeedParser

from galley.build.formats.entry import Entry, Facts
from galley.build.formats.item import Item, Refusal, Rest, Target
from galley.build.formats.note import LAYOUT as NOTE
from galley.build.formats.note import name_note
from galley.build.formats.outline import Outline, read_outline
from galley.build.page import Page, Rejection, decode_parts
from galley.record import Part, is_heaped

LAYOUT = "feed"
# Raised only when its output may change.
EXTRACTOR = f"feed/4 feedparser/{version('feedparser')}"
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)")
# What feedparser is known to raise on what is well-formed and makes no sense.
_NONSENSE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What feedparser makes of some XML.

    Attributes:
        feed: What is said of the feed as a whole.
        entries: Of each entry.
        version: `rss20`, `atom10`, …
        error: Why there is nothing; empty if there is.
    """

    feed: Facts = field(default_factory=dict)
    entries: list[Facts] = field(default_factory=list)
    version: str = ""
    error: str = ""


def read_feed(
    data: bytes, target: Target, *, charset: str | None = None
) -> Iterator[Item | Refusal | Rest]:
    """Yield the article of each entry, or why it has none, in order; and what is around them.

    Args:
        data: The feed.
        target: What entries become records by.
        charset: What HTTP said of its encoding.
    """
    stated = _DECLARED.search(data[:1024].replace(b"\0", b""))
    declared = [target.source.encoding, charset, stated[1].decode("ascii") if stated else None]
    page = decode_parts(target.name, data, declared=declared)
    if isinstance(page, Rejection):
        yield Refusal(page, (0, len(data)))
        return
    outline = read_outline(page.text)
    if not outline.entries:
        broken = Rejection("feed_malformed", outline.error, EXTRACTOR)
        empty = Rejection("feed_empty", "no entry", EXTRACTOR)
        yield Refusal(broken if outline.error else empty, (0, len(data)))
        return
    feed = _Feed(page, outline, target)
    yield from _cover(feed.read(), feed, len(data))


def _cover(
    entries: Iterable[Item | Refusal], feed: "_Feed", size: int
) -> Iterator[Item | Refusal | Rest]:
    """Yield `entries`, and the bytes around them."""
    last = 0
    for entry in entries:
        start, end = entry.extent or (last, last)
        if last < start:
            yield feed.between(last, start)
        yield entry
        last = end
    if last < size:
        yield feed.between(last, size)


class _Feed:
    """The entries of one file."""

    def __init__(self, page: Page, outline: Outline, target: Target) -> None:
        self._page, self._outline, self._target = page, outline, target
        edges = [edge for entry in outline.entries for edge in entry]
        self._bytes = page.byte_offsets([*edges, outline.place, len(page.text)])
        self._points = {offset: point for point, offset in self._bytes.items()} | {0: 0}

    def read(self) -> Iterator[Item | Refusal]:
        """Yield the article of each entry, or why it has none."""
        whole = _parse(self._page.text) if not self._outline.error else _Parsed(error="broken")
        single = bool(whole.error) or len(whole.entries) != len(self._outline.entries)
        feed = self._head() if single else whole
        for number, (start, end) in enumerate(self._outline.entries):
            extent = (self._bytes[start], self._bytes[end])
            parsed = self._alone(start, end) if single else whole
            if parsed.error:
                yield Refusal(Rejection("feed_malformed", parsed.error, EXTRACTOR), extent)
                continue
            if is_heaped(unescape(unescape(self._page.text[start:end]))):  # markup in markup
                heaped = "too many combining marks in a row"
                yield Refusal(Rejection("text_character", heaped, EXTRACTOR), extent)
                continue
            entry = Entry(parsed.entries[0 if single else number], feed.feed, parsed.version)
            found = entry.read(self._target.source.languages)
            if isinstance(found, Rejection):
                yield Refusal(found, extent)
                continue
            text, title = found.pop("text"), found["title"]
            found["title"] = title or name_note(text, found["language"] or "en")
            layout = LAYOUT if title else NOTE
            yield Item(text, found, extent, layout, EXTRACTOR, self._page.encoding)

    def between(self, start: int, end: int) -> Refusal | Rest:
        """Return what the bytes between two entries are."""
        text = self._page.text[self._points[start] : self._points[end]]
        broken = self._outline.error and start <= self._bytes[self._outline.place] <= end
        if broken and text.strip("\ufeff \t\r\n"):
            return Refusal(
                Rejection("feed_malformed", self._outline.error, EXTRACTOR), (start, end)
            )
        if not text.strip():
            return Rest(Part.WHITESPACE, (start, end))
        return Rest(Part.BOILERPLATE if start else Part.PAGE_HEADER, (start, end))

    def _head(self) -> _Parsed:
        """Return what stands before the first entry, if that is well-formed."""
        frame, first = self._outline.frame, self._outline.entries[0][0]
        begun = self._page.text.find(frame[0]) if frame else first
        return _parse(self._page.text[begun:first] + self._outline.closing)

    def _alone(self, start: int, end: int) -> _Parsed:
        """Return an entry as if it were the only one."""
        entry = self._page.text[start:end]
        parsed = _parse("".join(self._outline.frame) + entry + self._outline.closing)
        if parsed.error or len(parsed.entries) == 1:
            return parsed
        return _Parsed(error=f"{len(parsed.entries)} entries where one is expected")


def _parse(text: str) -> _Parsed:
    """Read well-formed XML; the network is never asked."""
    # Told no encoding, it does not take what looks like UTF-8 read as Latin-1 for that.
    handler = StrictFeedParser("", None, "")
    handler.resolve_relative_uris = handler.sanitize_html = False
    handler.skippedEntity = lambda name: handler.characters(_entity(name))
    parser = xml.sax.make_parser()  # noqa: S317 - expat bounds what entities grow to
    parser.setFeature(xml.sax.handler.feature_namespaces, True)  # noqa: FBT003 - takes no keywords
    parser.setFeature(xml.sax.handler.feature_external_ges, False)  # noqa: FBT003
    parser.setContentHandler(handler)
    source = xml.sax.xmlreader.InputSource()
    source.setEncoding("utf-8")
    source.setByteStream(BytesIO(text.encode("utf-8")))
    try:
        parser.parse(source)
    except xml.sax.SAXException as error:
        return _Parsed(error=error.getMessage())
    except _NONSENSE as error:
        return _Parsed(error=f"feedparser cannot read it: {type(error).__name__}")
    return _Parsed(handler.feeddata, handler.entries, handler.version)


def _entity(name: str) -> str:
    """Return what a DTD that is not here says that `name` stands for."""
    if f"{name};" not in html5:
        raise xml.sax.SAXException(f"unknown entity &{name};")
    return html5[f"{name};"]
