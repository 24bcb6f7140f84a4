"""Markup inside of other formats: the paragraphs of an article that a feed carries."""

import re

from lxml import etree

from galley.build.page import Rejection
from galley.build.web.flow import Flow
from galley.build.web.markup import parse_page
from galley.build.web.pictures import Pictures
from galley.record import normalise

_SKIPPED = frozenset({"script", "style", "template", "noscript", "iframe", "svg", "math", "object"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn"),
        *("em", "font", "i", "img", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s"),
        *("samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var"),
        *("wbr", "nobr", "br", "td", "th"),
    }
)
_APART = {"br": "\n", "td": " ", "th": " "}
_SOFT = re.compile(r"[ \t\r\n\f]+")  # what a browser sets as one blank
_BLANK = re.compile(r"\n\s*\n")


def read_fragment(markup: str) -> tuple[Flow, Pictures] | Rejection:
    """Return the paragraphs of some HTML, and what is under pictures, or why it cannot be read.

    Example:
        >>> read_fragment("<p>Fish &amp; chips</p><h2>Peas</h2>Mushy.")[0].paragraphs
        [('Fish & chips', False), ('Peas', True), ('Mushy.', False)]
    """
    tree = parse_page(f"<!doctype html><html><body>{markup}</body></html>")
    if isinstance(tree, Rejection):
        return tree
    reader = _Reader()
    for body in tree.iter("body"):
        reader.read(body)
    return reader.flow, reader.pictures


def read_plain(text: str) -> Flow:
    """Return the paragraphs of plain text: what blank lines part."""
    flow = Flow()
    for part in _BLANK.split(normalise(text)):
        lines = "\n".join(line.strip(" \t") for line in part.strip().split("\n"))
        if lines:
            flow.paragraphs.append((lines, False))
    return flow


class _Reader:
    """Collects the paragraphs of a tree."""

    def __init__(self) -> None:
        self.flow = Flow()
        self.pictures = Pictures()
        self._open: list[str] = []
        self._caption = False

    def read(self, body: etree._Element) -> None:
        """Read what is inside of `body`."""
        walk = etree.iterwalk(body, events=("start", "end"))
        for event, element in walk:
            tag = str(element.tag)
            if event == "start":
                if tag in _SKIPPED:
                    walk.skip_subtree()
                    continue
                self._start(tag)
                self._caption = self._caption or tag == "figcaption"
                self._say(element.text, element)
            else:
                if tag not in _INLINE | _SKIPPED:
                    self._close(tag)
                self._caption = self._caption and tag != "figcaption"
                if element is not body:
                    self._say(element.tail, element.getparent())

    def _start(self, tag: str) -> None:
        if tag in _APART:
            self._open.append(_APART[tag])
        elif tag not in _INLINE:
            self._close()

    def _say(self, text: str | None, around: etree._Element | None) -> None:
        """Take text, in which only `pre` keeps line ends."""
        if text:
            kept = around is not None and around.tag == "pre"
            self._open.append(text if kept else _SOFT.sub(" ", text))

    def _close(self, tag: str = "") -> None:
        """Take what was collected as a paragraph, or several that empty lines part."""
        for text, _ in read_plain("".join(self._open)).paragraphs:
            if self._caption:
                self.pictures.add(text)
            else:
                self.flow.paragraphs.append((text, tag in _HEADINGS))
        self._open.clear()
