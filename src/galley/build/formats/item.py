"""Articles of files that are no text dumps: an element, an entry, a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from galley.build.blank import Origin, blank_record, configure
from galley.build.cover import Cover
from galley.build.extraction import Extraction
from galley.build.formats.container import MAX_BYTES
from galley.build.language import Detector
from galley.build.page import Rejection, control_character
from galley.build.source import Source
from galley.hashing import sha256_text
from galley.record import Part, Record, normalise, unfit_character
from galley.schema.check import Checker

Extent = tuple[int, int]
_NOWHERE = (None, None)
# Each is some kilobytes of memory, however short it is: a file may have so many, or one for
# each so many bytes.
_MOST, _LEAST = 100_000, 1_000


@dataclass(frozen=True, slots=True)
class Item:
    """One article that a format's reader found.

    Attributes:
        text: Its main text, paragraphs joined by a blank line.
        fields: Other fields of the record that the file itself states; None and empty values
            are passed over. `language` is detected where it is not stated.
        extent: Its bytes in the (decompressed) file: first, and the one after the last. None
            in a format whose rows have no bytes of their own.
        layout: What the reader calls what it read, such as `html`, `feed`.
        extractor: The reader with its version, such as `html/4 trafilatura/2.3.1`.
        encoding: What its characters were decoded from.
        within: Where it has no bytes of its own, those that it was unpacked from with others;
            None for the whole file.
    """

    text: str
    fields: dict[str, Any]
    extent: Extent | None
    layout: str
    extractor: str
    encoding: str = "utf-8"
    within: Extent | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An element, entry or row that gave no article, and why."""

    why: Rejection
    extent: Extent | None
    within: Extent | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """Bytes between articles that are none: a WARC's request record, a header row, white space."""

    part: Part
    extent: Extent


@dataclass(frozen=True, slots=True)
class Target:
    """What the items of one file become records by.

    Attributes:
        name: What records call the file.
        sha256: Of its bytes, as they lie on disk.
        size: Of it, decompressed.
        source: What `sources.toml` says of it.
        checker: Holds records against the schema.
        max_bytes: How many bytes a file may have, unpacked.
    """

    name: str
    sha256: str
    size: int
    source: Source
    checker: Checker
    max_bytes: int = MAX_BYTES


def collect(items: Iterable[Item | Refusal | Rest], target: Target) -> Extraction:
    """Make records of `items`; the account has one row for each of them, in their order."""
    result = Extraction(account=Cover(target.name), size=target.size)
    most, end = max(_MOST, target.size // _LEAST), 0
    for number, item in enumerate(items):
        if number == most:
            many = Rejection("too_large", f"more than {most} rows, entries or records in one file")
            result.reject(target.name, (end, target.size), many)
            rest = (end, target.size) if end else _NOWHERE
            result.account.add(Part.QUARANTINED, rest, reason=many.reason)
            break
        end = item.extent[1] if item.extent else end
        if isinstance(item, Rest):
            result.account.add(item.part, item.extent)
            continue
        why = item.why if isinstance(item, Refusal) else _unfit(item)
        if why is not None:
            result.reject(target.name, item.extent or item.within or (0, target.size), why)
            if target.size:  # an empty file has no bytes to account for
                result.account.add(Part.QUARANTINED, item.extent or _NOWHERE, reason=why.reason)
        elif isinstance(item, Item):
            _take(item, target, result)
    return result


def _take(item: Item, target: Target, result: Extraction) -> None:
    """Add the record of `item` to `result`, and its row of the account."""
    record = _record(item, target)
    number = len(result.records)
    extent = item.extent or _NOWHERE
    if issue := result.add(record, target.checker):
        result.account.add(Part.QUARANTINED, extent, reason=issue.code)
    else:
        result.account.add(Part.TEXT, extent, record=number, size=len(record["text"]))


def _unfit(item: Item) -> Rejection | None:
    """Return why no database and no hash could hold what `item` says, if that is so."""
    for name, value in {"text": item.text, **item.fields}.items():
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, str):
                continue
            if found := unfit_character(one) or control_character(one):
                return Rejection("text_character", f"{name}: {found}", item.extractor)
    return None


def _record(item: Item, target: Target) -> Record:
    text = normalise(item.text)
    stated = {key: _normal(value) for key, value in item.fields.items() if value}
    language = stated.get("language") or Detector(target.source.languages).detect(text)
    facts = {"text": text, "text_sha256": sha256_text(text), "language": language}
    origin = Origin(target.name, target.sha256, item.layout, item.extractor, item.encoding)
    record = configure(blank_record() | {"title": ""} | stated | facts, target.source, origin)
    start, end = item.extent or item.within or (0, target.size)
    record["sources"][0] |= {"byte_start": start, "byte_end": end}
    return record


def _normal(value: Any) -> Any:
    """Normalise the strings of a field."""
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, list):
        return [_normal(item) for item in value]
    return value
