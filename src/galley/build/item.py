"""Articles of files that are no text dumps: an element, an entry, a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from galley.build.blank import Origin, blank_record, configure
from galley.build.extraction import Extraction
from galley.build.language import Detector
from galley.build.page import Rejection
from galley.build.source import Source
from galley.hashing import sha256_text
from galley.record import Part, Record, normalise
from galley.schema.check import Checker


@dataclass(frozen=True, slots=True)
class Item:
    """One article that a format's reader found.

    Attributes:
        text: Its main text, paragraphs joined by a blank line.
        fields: Other fields of the record that the file itself states; None and empty values
            are passed over. `language` is detected where it is not stated.
        extent: Its bytes in the (decompressed) file: first, and the one after the last.
        layout: What the reader calls what it read, such as `html`, `feed`.
        extractor: The reader with its version, such as `html/1 trafilatura/2.3.1`.
        encoding: What its characters were decoded from.
    """

    text: str
    fields: dict[str, Any]
    extent: tuple[int, int]
    layout: str
    extractor: str
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An element, entry or row that gave no article, and why."""

    why: Rejection
    extent: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rest:
    """Bytes between articles that are none: a WARC's request record, a header row, white space."""

    part: Part
    extent: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Target:
    """What the items of one file become records by.

    Attributes:
        name: What records call the file.
        sha256: Of its bytes, as they lie on disk.
        size: Of it, decompressed.
        source: What `sources.toml` says of it.
        checker: Holds records against the schema.
    """

    name: str
    sha256: str
    size: int
    source: Source
    checker: Checker


def collect(items: Iterable[Item | Refusal | Rest], target: Target) -> Extraction:
    """Make records of `items`; the account has one row for each of them, in their order."""
    result = Extraction(size=target.size)
    for item in items:
        if isinstance(item, Rest):
            result.account.append(_blank_row(target.name, item))
            continue
        reason, number = None, None
        if isinstance(item, Refusal):
            result.reject(target.name, item.extent, item.why)
            reason, length = item.why.reason, None
        else:
            record = _record(item, target)
            number, length = len(result.records), len(record["text"])
            issue = result.add(record, target.checker)
            reason = issue.code if issue else None
        result.account.append(_row(target.name, item.extent, reason, (number, length)))
    return result


def _blank_row(name: str, rest: Rest) -> dict[str, Any]:
    row = _row(name, rest.extent, None, (None, None))
    return row | {"part": rest.part, "text_start": None}


def _row(
    name: str, extent: tuple[int, int], reason: str | None, found: tuple[int | None, int | None]
) -> dict[str, Any]:
    number, length = found
    return {
        "source_file": name,
        "byte_start": extent[0],
        "byte_end": extent[1],
        "part": Part.QUARANTINED if reason else Part.TEXT,
        "record": None if reason else number,
        "text_start": None if reason else 0,
        "text_end": None if reason else length,
        "reason": reason,
    }


def _record(item: Item, target: Target) -> Record:
    text = normalise(item.text)
    stated = {key: _normal(value) for key, value in item.fields.items() if value}
    language = stated.get("language") or Detector(target.source.languages).detect(text)
    facts = {"text": text, "text_sha256": sha256_text(text), "language": language}
    origin = Origin(target.name, target.sha256, item.layout, item.extractor, item.encoding)
    record = configure(blank_record() | {"title": ""} | stated | facts, target.source, origin)
    record["sources"][0] |= {"byte_start": item.extent[0], "byte_end": item.extent[1]}
    return record


def _normal(value: Any) -> Any:
    """Normalise the strings of a field."""
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, list):
        return [_normal(item) for item in value]
    return value
