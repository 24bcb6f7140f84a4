"""A raw file, decoded without losing track of a byte."""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from galley.hashing import sha256_bytes

# A byte order mark decides; its character stays in the text, so that offsets stay true.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
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

    def byte_offsets(self, positions: Iterable[int]) -> dict[int, int]:
        """Return the byte offset of each of `positions`, which are code points into `text`."""
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


def decode(name: str, data: bytes) -> Page | Rejection:
    """Decode a raw file, or say why it cannot be: `empty`, `binary`, `not_utf8`."""
    if not data.strip():
        return Rejection("empty", "the file holds nothing but white space")
    encoding = next((codec for mark, codec in _MARKS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in data:
        return Rejection("binary", f"NUL at byte {data.index(0)}")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        return Rejection(_undecodable(data), f"byte {error.start}: {error.reason} ({encoding})")
    if match := _CONTROL.search(text):
        return Rejection("binary", f"control character U+{ord(match[0]):04X}")
    return Page(name, sha256_bytes(data), text, encoding)


def _undecodable(data: bytes) -> str:
    """Tell text in another encoding, which has hardly any control bytes, from binary data."""
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in data[:65536])
    return "binary" if control * 100 > min(len(data), 65536) else "not_utf8"
