"""Where the entries of a feed are, whole ones and broken ones."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self
from xml.parsers import expat

_AROUND = {"channel", "rss", "rdf", "feed"}  # what entries stand in
_ENTRIES = {"item", "entry"}
_ATTRIBUTES = r"(?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*"
_ROOT = re.compile(rf"<(?:[\w.-]+:)?(?:rss|feed|rdf)\b{_ATTRIBUTES}>", re.IGNORECASE)
_TAG = re.compile(rf"</?([\w.:-]+){_ATTRIBUTES}>")
# An entry's tags; what is commented out or no markup is passed over.
_EDGE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|"
    r"<(?P<end>/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])[^<>]*>",
    re.DOTALL,
)


@dataclass(slots=True)
class Outline:
    """The entries of a feed; offsets are code points into its text.

    Attributes:
        entries: First character of each, and the one after its last, in order.
        frame: The start tags around the first entry.
        error: What is not well-formed, in words; empty for a feed that is.
        place: Where that is.
    """

    entries: list[tuple[int, int]] = field(default_factory=list)
    frame: list[str] = field(default_factory=list)
    error: str = ""
    place: int = 0

    @property
    def closing(self) -> str:
        """The end tags that belong to `frame`."""
        names = [match[1] for tag in self.frame if (match := _TAG.match(tag))]
        return "".join(f"</{name}>" for name in reversed(names))


def read_outline(text: str) -> Outline:
    """Return the outline of the feed `text`.

    In a feed that is not well-formed, entries are what begins and ends with the tags of one.
    """
    data = text.encode("utf-8")
    walker, error = _Walker.walk(data)
    place = walker.parser.ErrorByteIndex
    root = _ROOT.search(text)
    broken = error
    if error and not walker.entries and root:
        # What is wrong may be in front of the feed, such as an empty line.
        before = len(text[: root.start()].encode("utf-8"))
        walker, broken = _Walker.walk(b" " * before + data[before:])
    edges = [edge for entry in walker.entries for edge in entry]
    at = _code_points(data, [*walker.frame, *edges, place])
    tags = [match[0] for edge in walker.frame if (match := _TAG.match(text, at[edge]))]
    if broken:
        frame = tags if walker.entries else [root[0]] if root else []
        return Outline(list(_scan(text)), frame, error, at[place])
    ends = ((at[start], _end(text, at[last])) for start, last in walker.entries)
    return Outline(list(ends), tags, error, at[place] if error else 0)


def _end(text: str, position: int) -> int:
    """Return where the element ends whose end expat reports at `position`."""
    tag = _TAG.match(text, position) if text.startswith("</", position) else None
    return tag.end() if tag else position  # an empty element's end is behind its only tag


class _Walker:
    """Notes the offsets of tags, in bytes of UTF-8.

    Attributes:
        entries: Of each entry its start tag, and its end tag; if it is empty, what follows it.
        frame: The start tags around the first entry.
    """

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.entries: list[tuple[int, int]] = []
        self.frame: list[int] = []
        self._open: list[tuple[str, int]] = []
        self._depth = 0  # of the entry that is open; 0 if none is

    @classmethod
    def walk(cls, data: bytes) -> tuple[Self, str]:
        """Return the tags of `data`, up to what is not well-formed, and what that is."""
        walker = cls()
        try:
            walker.parser.Parse(data, True)  # noqa: FBT003 - expat takes no keywords
        except expat.ExpatError as error:
            return walker, str(error)
        return walker, ""

    def _start(self, name: str, _: Any) -> None:
        local, position = name.rsplit(" ", 1)[-1].lower(), self.parser.CurrentByteIndex
        around = self._open[-1][0] if self._open else ""
        if not self._depth and local in _ENTRIES and around in _AROUND:
            if not self.entries:
                self.frame = [start for _, start in self._open]
            self.entries.append((position, position))
            self._depth = len(self._open) + 1
        self._open.append((local, position))

    def _end(self, _: str) -> None:
        if self._depth == len(self._open):
            self.entries[-1] = (self.entries[-1][0], self.parser.CurrentByteIndex)
            self._depth = 0
        self._open.pop()


def _scan(text: str) -> Iterator[tuple[int, int]]:
    """Yield what begins with an entry's start tag, up to its end tag or the next start."""
    begun: int | None = None
    for match in _EDGE.finditer(text):
        if match["end"] is None:
            continue
        empty = match[0].endswith("/>")
        if match["end"]:
            if begun is not None:
                yield begun, match.end()
            begun = None
            continue
        if begun is not None:
            yield begun, match.start()
        if empty:
            yield match.start(), match.end()
        begun = None if empty else match.start()
    if begun is not None:
        yield begun, len(text)


def _code_points(data: bytes, edges: Iterable[int]) -> dict[int, int]:
    """Return how many code points stand before each of `edges`, which are bytes of UTF-8."""
    points, last, done = {}, 0, 0
    for edge in sorted(set(edges)):
        done += len(data[last:edge].decode("utf-8", "ignore"))
        last = edge
        points[edge] = done
    return points
