"""The quarantine: what was refused, under which rules, and whether it still would be."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from galley.build.extract import extract
from galley.build.extraction import Extraction
from galley.build.formats.container import MAX_BYTES, unpack
from galley.build.page import Rejection
from galley.build.reasons import Reason, find_reason
from galley.build.source import SourceFile
from galley.errors import WorkspaceError
from galley.files import read_jsonl
from galley.hashing import sha256_bytes
from galley.schema.check import Checker

FILE_NAME = "quarantine.jsonl"
_ROW = re.compile(r"row \d+:")
_SHOWN, _AROUND = 600, 80  # bytes of an excerpt, and around it


@dataclass(frozen=True)
class Entry:
    """One line of `quarantine.jsonl`.

    Attributes:
        id: 12 hex digits that stay the same as long as the bytes and the reason do.
        reason: A stable code; `galley.build.reasons` says what it means.
        source_file: What records call the file.
        sha256: Of the file's bytes, as they lie on disk.
        byte_start: The first byte refused; of a compressed file, decompressed.
        byte_end: The one after the last.
        detail: Where exactly and why, in words.
        extractor: The rules that refused it, with their version; None if none got so far.
        schema: The hash of the schema that records were held against.
    """

    id: str
    reason: str
    source_file: str
    sha256: str
    byte_start: int
    byte_end: int
    detail: str
    extractor: str | None
    schema: str

    @cached_property
    def meaning(self) -> Reason:
        """The reason in words."""
        unknown = Reason(self.reason, "This version of Galley knows no such reason.", "")
        return find_reason(self.reason) or unknown

    def to_json(self) -> dict[str, Any]:
        """Return the entry as a JSON object, with the hint for its reason."""
        return asdict(self) | {"meaning": self.meaning.sentence, "hint": self.meaning.hint}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens to a quarantined entry now.

    Attributes:
        entry: The entry.
        state: `read`, `refused`, or `gone` if the file is no longer among the sources.
        records: How many records its bytes now give.
        reason: Why it is still refused; empty if it is not.
        detail: The same in words.
        changed: Whether the file has other bytes than when it was refused.
    """

    entry: Entry
    state: str
    records: int = 0
    reason: str = ""
    detail: str = ""
    changed: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as a JSON object."""
        return asdict(self) | {"entry": self.entry.to_json()}


@dataclass(frozen=True)
class Quarantine:
    """What a build refused.

    Attributes:
        folder: The build's folder.
        files: Returns all raw files that a build reads now.
        checker: Holds records against the present schema.
        max_bytes: How many bytes a file may have, unpacked.
    """

    folder: Path
    files: Callable[[], Iterable[SourceFile]]
    checker: Checker
    max_bytes: int = MAX_BYTES

    def entries(self, ids: Sequence[str] = ()) -> list[Entry]:
        """Return the entries that `ids`, or beginnings of them, name; without any, all.

        They are in the order of the file: by source file and position.

        Raises:
            WorkspaceError: Nothing was built yet, or by an older Galley; or an id names no
                entry, or more than one.
        """
        path = self.folder / FILE_NAME
        if not path.exists():
            raise WorkspaceError(
                f"there is no {path}", code="no_quarantine", hint="run `galley build` first"
            )
        try:
            entries = [Entry(**line) for _, line in read_jsonl(path)]
        except TypeError as error:
            raise WorkspaceError(
                f"{path} was written by another version of Galley",
                code="quarantine_outdated",
                hint="run `galley build --force`",
            ) from error
        return _select(entries, ids) if ids else entries

    def excerpt(self, entry: Entry) -> str | None:
        r"""Return the refused bytes between `⟦` and `⟧`, with some around them.

        Bytes that are no UTF-8 stand as `\xNN`. Of many, those are shown that the detail
        names.

        Returns:
            Nothing for a row without bytes of its own; None if the file is gone, or has other
            bytes than when it was refused.
        """
        path = next((file.path for file in self.files() if file.name == entry.source_file), None)
        data = path.read_bytes() if path else b""
        if path is None or sha256_bytes(data) != entry.sha256:
            return None
        unpacked = unpack(data, self.max_bytes)
        content = data if isinstance(unpacked, Rejection) else unpacked
        return "" if _ROW.match(entry.detail) else _excerpt(content, entry)

    def replay(self, entries: Iterable[Entry]) -> Iterator[Verdict]:
        """Read the files of `entries` again by the rules of today; nothing is written.

        Yields:
            A verdict for each entry, by file, in the order of `entries` within a file.
        """
        known = {file.name: file for file in self.files()}
        by_file: dict[str, list[Entry]] = {}
        for entry in entries:
            by_file.setdefault(entry.source_file, []).append(entry)
        for name, several in by_file.items():
            if name not in known:
                yield from (Verdict(entry, "gone") for entry in several)
                continue
            data = known[name].path.read_bytes()
            found = extract(
                name,
                data,
                source=known[name].source,
                checker=self.checker,
                max_bytes=self.max_bytes,
            )
            changed = sha256_bytes(data) != several[0].sha256
            yield from (_judge(entry, found, changed=changed) for entry in several)


def count_reasons(entries: Iterable[Entry]) -> dict[str, int]:
    """Return how many entries have each reason, the most frequent first."""
    numbers = Counter(entry.reason for entry in entries)
    return dict(sorted(numbers.items(), key=lambda item: (-item[1], item[0])))


def _select(entries: Sequence[Entry], ids: Iterable[str]) -> list[Entry]:
    wanted = set()
    for given in ids:
        found = {entry.id for entry in entries if entry.id.startswith(given.lower())}
        if len(found) != 1:
            raise WorkspaceError(
                f"{len(found) or 'no'} quarantined entries have an id that begins with `{given}`",
                code="no_entry",
                hint="`galley quarantine list` shows the ids",
            )
        wanted |= found
    return [entry for entry in entries if entry.id in wanted]


def _excerpt(data: bytes, entry: Entry) -> str:
    start, end = entry.byte_start, min(entry.byte_end, len(data))
    if end - start > _SHOWN and (named := re.search(r"\bbyte (\d+)", entry.detail)):
        start = max(start, min(int(named[1]) - _AROUND, end - _SHOWN))
    cut = min(end, start + _SHOWN)
    pieces = (data[max(start - _AROUND, 0) : start], data[start:cut], data[cut : cut + _AROUND])
    before, inside, after = (piece.decode("utf-8", "backslashreplace") for piece in pieces)
    left = f" … {end - cut:,} more bytes" if cut < end else after
    return f"{before}⟦{inside}⟧{left}"


def _judge(entry: Entry, found: Extraction, *, changed: bool) -> Verdict:
    """Return the verdict on `entry`; where the bytes changed, the whole file answers for it."""
    extent = (0, found.size) if changed else (entry.byte_start, entry.byte_end)
    refusals = [item for item in found.quarantine if _meets(item, extent)]
    sources = [record["sources"][0] for record in found.records]
    records = sum(_meets(source, extent) for source in sources)
    if not changed and (row := _ROW.match(entry.detail)):  # rows that have no bytes of their own
        refusals = [item for item in refusals if item["detail"].startswith(row[0])]
        records = int(not refusals)
    for item in sorted(refusals, key=lambda item: item["reason"] != entry.reason):
        reason, detail = item["reason"], item["detail"]
        return Verdict(entry, "refused", records, reason, detail, changed)
    return Verdict(entry, "read", records, changed=changed)


def _meets(item: dict[str, Any], extent: tuple[int, int]) -> bool:
    """Return whether the bytes of `item` and `extent` overlap, or are the same empty place."""
    start, end = item["byte_start"], item["byte_end"]
    return (start < extent[1] and extent[0] < end) or (start, end) == extent
