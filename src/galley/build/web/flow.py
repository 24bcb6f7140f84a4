"""The running text of a page: its paragraphs and subheads in order."""

import re
from dataclasses import dataclass, field

from lxml import etree

from galley.build.dump import lexicon
from galley.record import normalise

# What trafilatura calls the inline parts of its result; all others are set on their own.
_INLINE = frozenset({"hi", "ref", "del", "lb", "graphic", "cell", "code"})
_SOFT = re.compile(r"[ \t\r\n\f]+")  # what a browser sets as one blank
_RIGHTS = 160  # code points of a paragraph about a site's rights
_BLANK = re.compile(r"\s*\n\s*\n\s*")


@dataclass(slots=True)
class Flow:
    """Paragraphs, each with whether it is a subhead.

    Attributes:
        paragraphs: In the order of the page.
    """

    paragraphs: list[tuple[str, bool]] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, body: etree._Element) -> "Flow":
        """Read the body that trafilatura found."""
        flow = cls()
        for event, element in etree.iterwalk(body, events=("start", "end")):
            block = element.tag not in _INLINE
            if block:
                flow._close(subhead=event == "end" and element.tag == "head")
            if event == "start":
                flow._open.append({"lb": "\n", "cell": " "}.get(str(element.tag), ""))
                flow._say(element.text, element)
            elif element is not body:
                flow._say(element.tail, element.getparent())
        return flow

    def drop_title(self, title: str) -> None:
        """Leave out the first paragraph where it says the title."""
        if self.paragraphs and _plain(self.paragraphs[0][0]) == _plain(title):
            del self.paragraphs[0]

    def drop_rights(self) -> None:
        """Leave out the last paragraphs if they state under which rights the site stands."""
        while len(self.paragraphs) > 1 and _states_rights(self.paragraphs[-1][0]):
            del self.paragraphs[-1]

    def text(self) -> str:
        """Return the paragraphs, joined by a blank line."""
        return "\n\n".join(text for text, _ in self.paragraphs)

    def subheads(self) -> list[dict[str, int]]:
        """Return where the subheads are in the text."""
        spans, position = [], 0
        for text, subhead in self.paragraphs:
            if subhead:
                spans.append({"start": position, "end": position + len(text)})
            position += len(text) + 2
        return spans

    def _say(self, text: str | None, around: etree._Element | None) -> None:
        if not text:
            return
        # Line ends are kept where they were meant: in program code and verse.
        kept = around is not None and around.tag in {"quote", "code"}
        self._open.append(normalise(text) if kept else _SOFT.sub(" ", text))

    def _close(self, *, subhead: bool) -> None:
        text = "".join(self._open)
        self._open.clear()
        for part in _BLANK.split(normalise(text)):
            lines = "\n".join(line.strip(" \t") for line in part.strip().split("\n"))
            if lines:
                self.paragraphs.append((lines, subhead))


def _states_rights(text: str) -> bool:
    return len(text) < _RIGHTS and lexicon.folded("legal").match(lexicon.fold(text)) is not None


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
