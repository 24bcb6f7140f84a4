"""The nouns that every stage shares: a record, its spans, and the parts of a page.

A record is the JSON object that `schema/article.schema.json` describes, kept as a `dict`:
the schema is its only definition, so a field that is added there needs no second edit here.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Any, NamedTuple

from galley.hashing import sha256_text

Record = dict[str, Any]
Entity = dict[str, Any]


class Status(StrEnum):
    """Who stands behind a record's tags and entities: `annotation.status`."""

    SOURCE = "source"  # nobody: as built
    SUGGESTED = "suggested"  # a machine
    CORRECTED = "corrected"  # a person
    ADJUDICATED = "adjudicated"  # a person, between people


_UNFIT = re.compile(r"[\0\ud800-\udfff]")
_HEAP = 500  # combining marks in a row; Unicode's stream-safe text has 30

REVIEWED = frozenset({Status.CORRECTED, Status.ADJUDICATED})


class Part(StrEnum):
    """What a byte range of a page is: the values of `part` in `account.parquet`."""

    TITLE = "title"
    TEXT = "text"
    SUBHEAD = "subhead"
    DECK = "deck"
    DATELINE = "dateline"
    BYLINE = "byline"
    CONTRIBUTOR = "contributor"
    CAPTION = "caption"
    CREDIT = "credit"
    TAG = "tag"
    SOURCE_LINE = "source_line"
    PAGE_HEADER = "page_header"
    REPEATED_TITLE = "repeated_title"
    BREADCRUMB = "breadcrumb"
    NAVIGATION = "navigation"
    READ_MORE = "read_more"
    COMMENT_FORM = "comment_form"
    TEASER = "teaser"
    BOILERPLATE = "boilerplate"  # none of the text, of no finer kind
    WHITESPACE = "whitespace"
    QUARANTINED = "quarantined"


class Span(NamedTuple):
    """A stretch of text: Unicode code points, end-exclusive."""

    start: int
    end: int


def normalise(text: str) -> str:
    r"""Apply the two rewrites that a text may undergo: line ends to LF, and NFC.

    Example:
        >>> normalise("a\r\nb\rc")
        'a\nb\nc'
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def mint_id(text_sha256: str) -> str:
    """Return the id of a record that is new: it follows from its first text, in every clone."""
    return sha256_text(f"record:{text_sha256}")[:32]


def unfit_character(text: str) -> str | None:
    """Name the first character that no record may hold, or return None.

    NUL breaks PostgreSQL and C strings, a lone surrogate has no UTF-8 form and makes
    Label Studio's task lists fail; for heaps of marks see `is_heaped`.
    """
    if "\0" not in text and _has_utf8(text):
        return "too many combining marks in a row" if is_heaped(text) else None
    found = _UNFIT.search(text)
    return "NUL" if found and found[0] == "\0" else "lone surrogate"


def _has_utf8(text: str) -> bool:
    """Tell whether no lone surrogate is in `text`: to encode it is quicker than to search it."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def is_heaped(text: str) -> bool:
    """Tell whether a character of `text` bears more combining marks than any script has.

    To bring them into their order takes time that grows with the square of their number.

    Example:
        >>> is_heaped("e\u0301" * 5000), is_heaped("e" + "\u0301" * 5000)
        (False, True)
    """
    if text.isascii():
        return False
    # A long row of them has one at every so many characters.
    for place in range(0, len(text), _HEAP):
        if unicodedata.combining(text[place]):
            around = text[max(0, place - _HEAP) : place + _HEAP]
            if max(map(len, _marks(around)), default=0) >= _HEAP:
                return True
    return False


def _marks(text: str) -> list[str]:
    """Return the rows of combining marks in `text`."""
    shape = "".join("m" if unicodedata.combining(char) else " " for char in text)
    return shape.split()


def make_entity(text: str, span: Span, *, label: str) -> Entity:
    """Return the entity at `span` of `text`.

    Raises:
        ValueError: The span is empty or outside `text`.
    """
    if not 0 <= span.start < span.end <= len(text):
        raise ValueError(f"span {tuple(span)} is empty or outside a text of {len(text)}")
    start, end = span
    return {"start": start, "end": end, "label": label, "text": text[start:end]}


def is_said(part: Any) -> bool:
    """Tell whether `part` is what a person or a machine says of a text: tags and entities."""
    if not isinstance(part, dict):
        return False
    tags, entities = part["tags"], part["entities"]
    if not isinstance(tags, list) or not isinstance(entities, list):
        return False
    return all(isinstance(tag, str) for tag in tags) and all(map(_is_entity, entities))


def _is_entity(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and type(item["start"]) is int
        and type(item["end"]) is int
        and isinstance(item["label"], str)
        and isinstance(item["text"], str)
    )
