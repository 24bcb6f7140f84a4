"""Web pages: the text by trafilatura, the facts as the page states them."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import trafilatura
from lxml.html import HtmlElement

from galley.build.formats.item import Item, Refusal, Target
from galley.build.language import Detector
from galley.build.page import Page, Rejection, decode
from galley.build.web.cards import find_cards, is_listing
from galley.build.web.facts import read_facts
from galley.build.web.flow import Flow
from galley.build.web.markup import parse_page
from galley.build.web.pictures import take_pictures

# Raised only when its output may change.
EXTRACTOR = f"html/4 trafilatura/{version('trafilatura')}"
MOST_BYTES = 20_000_000  # of one page
_HEAD = 1 << 14  # bytes in which a page declares its encoding
_STRAY = bytes({*range(1, 9), *range(14, 27), *range(28, 32)})
_DECLARED = re.compile(
    rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]+encoding=["']([\w.:-]+)""",
    re.IGNORECASE,
)

for _name in ("trafilatura", "htmldate", "courlan", "readability", "justext"):
    logging.getLogger(_name).addHandler(logging.NullHandler())  # findings are values


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a page and how they were come by.

    Attributes:
        data: The page.
        extent: Its bytes in the raw file.
        charset: What HTTP said of its encoding.
        address: Where it was fetched from.
        layout: What the record calls the way it was read.
        extractor: What read it.
    """

    data: bytes
    extent: tuple[int, int]
    charset: str | None = None
    address: str | None = None
    layout: str = "html"
    extractor: str = EXTRACTOR


def read_html(data: bytes, target: Target) -> Iterator[Item | Refusal]:
    """Yield the article of a web page, or why it has none."""
    yield read_page(Fetched(data, (0, len(data))), target)


def read_page(page: Fetched, target: Target) -> Item | Refusal:
    """Return the article of the page `page`, or why it has none."""
    found = _article(page, target)
    if isinstance(found, Rejection):
        return Refusal(replace(found, extractor=page.extractor), page.extent)
    return found


def _article(page: Fetched, target: Target) -> Item | Rejection:
    if len(page.data) > MOST_BYTES:
        return Rejection("too_large", f"more than {MOST_BYTES} bytes")
    decoded = _decode(page, target)
    if isinstance(decoded, Rejection):
        return decoded
    tree = parse_page(decoded.text)
    if isinstance(tree, Rejection):
        return tree
    facts = read_facts(tree, page.address)
    pictures, cards = take_pictures(tree), find_cards(tree)
    flow = _flow(tree)
    if not facts["title"]:
        return Rejection("no_title", "neither the page's head nor a heading says a title")
    flow.drop_title(facts["title"])
    flow.drop_rights()
    text = flow.text()
    if refused := _refuse(text, cards):
        return refused
    facts |= {"captions": pictures.captions, "credits": pictures.credits}
    facts |= {"subheads": flow.subheads(), "language": _language(tree, text, target)}
    return Item(text, facts, page.extent, page.layout, page.extractor, decoded.encoding)


def _refuse(text: str, cards: list[str]) -> Rejection | None:
    """Return why the running text of a page is no article's."""
    if not text:
        return Rejection("no_text", "the page has no running text")
    if is_listing(cards, text):
        return Rejection("listing_page", f"{len(cards)} articles, each with a link to its page")
    return None


def _decode(page: Fetched, target: Target) -> Page | Rejection:
    """Decode a page by what HTTP and the page itself say of it."""
    declared = _DECLARED.search(page.data, 0, _HEAD)
    named = next((name for name in declared.groups() if name), b"") if declared else b""
    witnesses = (target.source.encoding, page.charset, named.decode("ascii", "ignore"))
    found = decode(target.name, page.data, declared=witnesses)
    if isinstance(found, Page) or found.reason != "binary" or b"\0" in page.data:
        return found
    # A browser passes over a stray control character in markup, but not over a page of them.
    bare = page.data.translate(None, _STRAY)
    few = (len(page.data) - len(bare)) * 100 < len(page.data)
    return decode(target.name, bare, declared=witnesses) if few else found


def _flow(tree: HtmlElement) -> Flow:
    for node in tree.iter("time"):
        if not node.get("datetime", "")[:1].isdigit():
            node.tag = "span"  # a duration is part of the text, as a byline's date is not
    found: Any = trafilatura.bare_extraction(tree, include_comments=False)
    return Flow() if found is None or found.body is None else Flow.read(found.body)


def _language(tree: HtmlElement, text: str, target: Target) -> str:
    """Return the language of the text: templates declare one that their articles are not in."""
    detected = Detector(target.source.languages).detect(text)
    declared = (tree.get("lang") or "").strip()
    if detected != "und" or not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", declared):
        return detected
    return declared
