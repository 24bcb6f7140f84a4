"""A raw file, decoded without losing track of a byte."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from galley.build.codes import Codes
from galley.build.encoding import find_codec
from galley.hashing import sha256_bytes
from galley.record import is_heaped, normalise

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BLANK = 32
_BREAKS = bytes(code for code in range(_BLANK) if not _CONTROL.match(chr(code)))
# How files begin that are no text, and what people call them.
_KINDS = {
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP archive, as .docx, .odt and .epub files are too",
    b"\xd0\xcf\x11\xe0": "a document of an old office program",
    b"{\\rtf": "a document in RTF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
_HEAD = 100  # code points in which something is, in a file that is not empty


@dataclass(frozen=True)
class Page:
    """A decoded raw file.

    Attributes:
        name: What records call the file.
        sha256: Of its bytes.
        text: All of it, with line ends and byte order mark as they are.
        encoding: The codec that `text` was decoded with.
    """

    name: str
    sha256: str
    text: str
    encoding: str

    @cached_property
    def codes(self) -> Codes:
        """The characters of `text`."""
        return Codes(self.text)

    @property
    def is_normal(self) -> bool:
        """Whether the text, and so each piece of it, is what it is when it is normalised."""
        if "\r" not in self.text and self.codes.are_stable():
            return True
        return normalise(self.text) == self.text

    def byte_offsets(self, positions: Iterable[int]) -> dict[int, int]:
        """Return the byte offset of each of `positions`, which are code points into `text`.

        Others may be among them.
        """
        positions = list(positions)
        if self.encoding == "utf-8":
            if self.text.isascii():
                return dict(zip(positions, positions, strict=True))
            return self.codes.utf8_offsets(positions)
        offsets = {}
        last = done = 0
        for position in sorted(set(positions)):
            done += len(self.text[last:position].encode(self.encoding))
            last = position
            offsets[position] = done
        return offsets


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a file, or a part of it, was quarantined.

    Attributes:
        reason: A stable code, described in `galley.build.reasons`.
        detail: Words for a person: where exactly, what was expected.
        extractor: The rules that refused it, with their version; None if none got so far.
    """

    reason: str
    detail: str
    extractor: str | None = None


def decode(
    name: str, data: bytes, *, declared: Iterable[str | None] = (), sha256: str | None = None
) -> Page | Rejection:
    """Decode a raw file, or say why it cannot be.

    Args:
        name: What records call it.
        data: Its bytes.
        declared: Names of encodings that somebody said it has, the best witness first.
        sha256: Of the file, where it is known.

    Returns:
        A rejection has one of the reasons `empty`, `binary`, `not_utf8`, `encoding_ambiguous`,
        `text_character`.
    """
    page = decode_parts(name, data, declared=declared, sha256=sha256)
    if isinstance(page, Page) and is_heaped(page.text):
        return Rejection("text_character", "too many combining marks in a row")
    if isinstance(page, Rejection) or _is_plain(data, page.encoding):
        return page
    control = control_character(page.text)
    return Rejection("binary", control) if control else page


def _is_plain(data: bytes, codec: str) -> bool:
    """Return whether UTF-8 has no control character, sooner than by looking at the text."""
    if codec != "utf-8":
        return False
    import numpy as np  # noqa: PLC0415 - as above

    codes = np.frombuffer(data, dtype=np.uint8)
    return not codes[codes < _BLANK].tobytes().translate(None, _BREAKS)


def decode_parts(
    name: str, data: bytes, *, declared: Iterable[str | None] = (), sha256: str | None = None
) -> Page | Rejection:
    """Decode a file whose parts are judged one by one: control characters are let through."""
    if not data or data.isspace():
        return Rejection("empty", "the file holds nothing but white space")
    if kind := next((kind for head, kind in _KINDS.items() if data.startswith(head)), ""):
        return Rejection("binary", kind)
    found = find_codec(data, declared)
    if not found.codec:
        return Rejection(found.reason, found.detail)
    text = data.decode(found.codec) if found.text is None else found.text
    if not text.lstrip("\ufeff")[:_HEAD].strip() and not text.strip("\ufeff").strip():
        # a mark and nothing that it marks; blanks of any kind
        return Rejection("empty", "the file holds nothing but white space")
    return Page(name, sha256 or sha256_bytes(data), text, found.codec)


def control_character(text: str) -> str | None:
    """Name the first character of `text` that no text has, or return None."""
    match = _CONTROL.search(text)
    return f"control character U+{ord(match[0]):04X}" if match else None
