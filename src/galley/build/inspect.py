"""See one raw file through the build's eyes: every byte, the layout chosen and why."""

import codecs
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from galley.build.dump.evidence import Candidate, weigh
from galley.build.dump.layouts import ENOUGH, rank
from galley.build.dump.profile import Profile
from galley.build.extract import extract
from galley.build.extraction import Extraction
from galley.build.formats.container import MAX_BYTES, unpack
from galley.build.formats.format import detect_format
from galley.build.lines import split_lines
from galley.build.page import Rejection, decode
from galley.build.reasons import find_reason
from galley.build.source import Source, SourceFile
from galley.errors import SourceError
from galley.hashing import sha256_bytes
from galley.nearest import find_near_path
from galley.record import Part, Record
from galley.schema.check import Checker

TEXT = "text"
_AROUND = frozenset({Part.BOILERPLATE, Part.PAGE_HEADER})  # what a line that recurs becomes


@dataclass(frozen=True, slots=True)
class Piece:
    r"""A stretch of a file, as the account has it.

    Attributes:
        byte_start: Its first byte; of a compressed file, decompressed. None where the rows
            of a format have no bytes of their own.
        byte_end: The one after its last, or None.
        part: What it is.
        record: Index of the record that it belongs to, or None.
        reason: Why it was quarantined, or None.
        text: Its characters; bytes that are none stand as `\xNN`.
        repeated: Whether it is known from the source's other pages, see `Profile`.
    """

    byte_start: int | None
    byte_end: int | None
    part: Part
    record: int | None
    reason: str | None
    text: str
    repeated: bool = False

    @property
    def size(self) -> int:
        """How many bytes it has of its own."""
        return (self.byte_end or 0) - (self.byte_start or 0)

    @property
    def place(self) -> str:
        """Where it is, in words."""
        if self.byte_start is None or self.byte_end is None:
            return "a row"
        return f"bytes {self.byte_start:,}–{self.byte_end:,}"


@dataclass(frozen=True)
class Inspection:
    """A raw file and what became of it.

    Attributes:
        file: What records call it.
        source: The name of its `[[source]]`, or None.
        sha256: Of its bytes, as they lie on disk.
        size: Its bytes, decompressed.
        format: `text`, `html`, `feed`, …
        encoding: What its characters were decoded from, or None.
        candidates: The layouts that a text dump could have, the best first; none for others.
        pieces: The whole file, in order.
        records: Without `id` and `cluster`, in the order of the file; a record that an
            earlier build knows has its `id`.
        quarantine: Entries as in `quarantine.jsonl`.
    """

    file: str
    source: str | None
    sha256: str
    size: int
    format: str
    encoding: str | None
    candidates: list[Candidate]
    pieces: list[Piece]
    records: list[Record]
    quarantine: list[dict[str, Any]]

    @property
    def chosen(self) -> Candidate | None:
        """The layout that the page was read by; None if none fits, or it is no text dump."""
        best = self.candidates[0] if self.candidates else None
        return best if best and best.score is not None and best.score >= ENOUGH else None

    @property
    def runner_up(self) -> Candidate | None:
        """The layout that fits second best, or best if none was chosen."""
        return next((item for item in self.candidates if item is not self.chosen), None)

    @property
    def layout(self) -> str | None:
        """The name of the layout that records have; None if there is no record."""
        if self.chosen:
            return self.chosen.layout
        return self.records[0]["sources"][0]["layout"] if self.records else None

    @property
    def parts(self) -> dict[str, int]:
        """The bytes of each part, the largest first."""
        sizes: Counter[str] = Counter()
        for piece in self.pieces:
            sizes[piece.part.value] += piece.size
        return dict(sorted(sizes.items(), key=lambda item: (-item[1], item[0])))

    def to_json(self) -> dict[str, Any]:
        """Return the object of `galley inspect FILE --json`."""
        chosen, runner_up = self.chosen, self.runner_up
        names = ("byte_start", "byte_end", "part", "record", "reason", "repeated")
        slices = [{name: getattr(piece, name) for name in names} for piece in self.pieces]
        plain = ("file", "source", "sha256", "format", "encoding", "layout")
        return {
            **{name: getattr(self, name) for name in plain},
            "bytes": self.size,
            "score": chosen.score if chosen else None,
            "reasons": chosen.reasons if chosen else [],
            "runner_up": asdict(runner_up) if runner_up else None,
            "parts": self.parts,
            "slices": slices,
            "records": self.records,
            "quarantine": self.quarantine,
        }


def inspect(
    file: SourceFile, data: bytes, *, checker: Checker, max_bytes: int = MAX_BYTES
) -> Inspection:
    """Read a file as the build does, and keep what the build forgets.

    Args:
        file: Its name and its source.
        data: Its bytes, as they lie on disk.
        checker: Holds records against the schema.
        max_bytes: How many bytes a file may have, unpacked.
    """
    found = extract(file.name, data, source=file.source, checker=checker, max_bytes=max_bytes)
    unpacked = unpack(data, max_bytes)
    content = data if isinstance(unpacked, Rejection) else unpacked
    form = file.source.format or detect_format(file.name, content)
    encoding, candidates = _look(file, content) if form == TEXT else (None, [])
    if encoding is None and found.records:
        encoding = found.records[0]["sources"][0]["encoding"]
    return Inspection(
        file=file.name,
        source=file.source.name if file.source.files else None,
        sha256=sha256_bytes(data),
        size=found.size,
        format=form,
        encoding=encoding,
        candidates=candidates,
        pieces=list(_pieces(found, content, encoding, file.source.profile)),
        records=found.records,
        quarantine=[entry | _explain(entry["reason"]) for entry in found.quarantine],
    )


def _look(file: SourceFile, data: bytes) -> tuple[str | None, list[Candidate]]:
    """Return the encoding of a text dump, and how each layout fits it."""
    page = decode(file.name, data, declared=[file.source.encoding])
    if isinstance(page, Rejection):
        return None, []
    return page.encoding, weigh(page, rank(page, file.source), file.source.profile)


def _pieces(
    found: Extraction, data: bytes, encoding: str | None, profile: Profile | None
) -> Iterator[Piece]:
    """Yield the account's rows with their characters; some encodings have a memory."""
    decoder = codecs.getincrementaldecoder(encoding or "utf-8")("backslashreplace")
    for row in found.account:
        start, end = row["byte_start"], row["byte_end"]
        own = b"" if start is None else data[start:end]
        text = decoder.decode(own, final=end == found.size)
        part = Part(row["part"])
        repeated = bool(profile and part in _AROUND and any(map(profile.knows, split_lines(text))))
        yield Piece(start, end, part, row["record"], row["reason"], text, repeated)


def _explain(code: str) -> dict[str, str]:
    reason = find_reason(code)
    return {"meaning": reason.sentence, "hint": reason.hint} if reason else {}


def locate(path: Path, sources: Iterable[Source], folder: Path) -> SourceFile:
    """Return the raw file at `path` with the first of `sources` that names it, if one does.

    Args:
        path: Of the file.
        sources: Of the workspace; none outside of one.
        folder: What their patterns are relative to.

    Raises:
        SourceError: There is no such file.
    """
    real = path.resolve()
    if not real.is_file():
        near = find_near_path(path)
        raise SourceError(
            f"{path} is a folder" if real.is_dir() else f"there is no file {path}",
            code="path_missing",
            hint="name one of its files"
            if real.is_dir()
            else f"did you mean `{near}`?"
            if near and not path.exists()
            else "give a file, or the id of a record: its first six digits at least",
        )
    for source in sources:
        if any(real == found.resolve() for name in source.files for found in folder.glob(name)):
            return SourceFile(real, real.relative_to(folder.resolve()).as_posix(), source)
    return SourceFile(real, path.name, Source(name="paths"))
