"""Make records of the articles that a page was read as."""

import re
from dataclasses import dataclass
from functools import cached_property

from galley.build.blank import blank_record
from galley.build.dump.opening import dateline_place
from galley.build.dump.reading import Draft, Extent, Slice
from galley.build.language import Detector
from galley.build.page import Page
from galley.build.source import Source
from galley.record import Part, Record, normalise

_LISTS = {Part.CAPTION: "captions", Part.CREDIT: "credits", Part.TAG: "source_tags"}

_OPENING, _CLOSING = frozenset("(（[【"), frozenset(")）]】")
_BREAK = re.compile(r"[ \t]*\n[ \t]*")


@dataclass(frozen=True)
class Maker:
    """Makes the records of one page."""

    page: Page
    source: Source

    @cached_property
    def _normal(self) -> bool:
        return self.page.is_normal

    def make(self, draft: Draft, own: list[Slice]) -> tuple[Record, dict[Extent, Extent]]:
        """Return the record of `draft`, and for each page span of its text its span in `text`.

        The text's hash is left to who takes the record.

        Args:
            draft: What the layout found out.
            own: The article's slices of the page, in order.
        """
        pieces = [self._piece(start, end) for start, end in draft.text]
        places: dict[Extent, Extent] = {}
        position = 0
        for span, piece in zip(draft.text, pieces, strict=True):
            end = position + len(piece)
            places[span] = (position, end)
            position = end + 2
        text = "\n\n".join(pieces)
        record = self._fields(draft, own)
        record["text"] = text
        record["text_sha256"] = ""
        record["language"] = draft.language or Detector(self.source.languages).detect(text)
        spans = sorted(places[span] for span in draft.subheads)
        record["subheads"] = [{"start": start, "end": end} for start, end in spans]
        return record, places

    def _piece(self, start: int, end: int) -> str:
        piece = self.page.text[start:end]
        return piece if self._normal else normalise(piece)

    def _line(self, start: int, end: int) -> str:
        """Return a piece that is no text: on one line, where the page broke it."""
        piece = self.page.text[start:end]
        return _on_one_line(piece if self._normal else normalise(piece))

    def _fields(self, draft: Draft, own: list[Slice]) -> Record:
        """Return the fields of a record that its own slices of the page hold."""
        record = blank_record()
        record["title"] = self._line(*draft.title)
        for start, end, part, _ in own:
            if part is Part.TEXT:
                continue
            if name := _LISTS.get(part):
                value = self._line(start, end)
                value = _bare(value) if part is Part.CREDIT else value
                if value:
                    record[name].append(value)
            elif part is Part.DECK:
                record["deck"] = self._line(start, end)
            elif part is Part.DATELINE:
                record["dateline"] = dateline_place(self._line(start, end))
        record["publisher"] = normalise(draft.publisher) if draft.publisher else None
        record["published"] = draft.published
        named = (("authors", draft.authors), ("contributors", draft.contributors))
        for name, values in (*named, ("listing_tags", draft.listing_tags)):
            if values:
                record[name] = [_on_one_line(normalise(value)) for value in values]
        return record


def _bare(credit: str) -> str:
    """Return a credit without the bar before it, or the brackets around it."""
    held = credit.rstrip(".。")
    if held[:1] in _OPENING and held[-1:] in _CLOSING:
        return held[1:-1].strip()
    return credit.lstrip("| \xa0")


def _on_one_line(value: str) -> str:
    return _BREAK.sub(" ", value) if "\n" in value else value
