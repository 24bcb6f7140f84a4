"""Which encoding the bytes of a text are in.

In this order: a byte order mark; UTF-8; what was declared; and the one legacy encoding in which
the bytes are language. A guess that may be wrong is no answer: the file is quarantined until
somebody says what it is.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from galley.build.legacy import LEGACY, choose

# A byte order mark decides; its character stays in the text, so that offsets stay true.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# As browsers read the names: by the superset that is meant.
_MEANT = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "cp950",
}
# Measured on self-written sentences in twelve languages (tests/unit/build/languages.py) and on
# whole pages: what is accepted is right. Below 200 bytes, Korean passes for Thai.
_LEAST = 200  # bytes
_SAMPLE = 1 << 16  # bytes that are looked at; all are decoded
_SHIFT = re.compile(rb"\x1b\$|\x1b\(|\x0e")
_C1 = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_STATEFUL = re.compile(r"iso2022|hz|utf-7")


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer: a codec, or why there is none.

    Attributes:
        codec: Python's name of it; empty if there is none.
        reason: The code of the reason; empty if there is a codec.
        detail: The reason in words.
        text: What the codec makes of the bytes, where that is known.
    """

    codec: str
    reason: str = ""
    detail: str = ""
    text: str | None = None


def find_codec(data: bytes, declared: Iterable[str | None] = ()) -> Finding:
    """Return the codec that decodes `data`, all of it and without loss.

    Args:
        data: The file.
        declared: Names of encodings that somebody said it has, the best witness first.
    """
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), None)
    if marked:
        return _strict(data, marked)
    named = [codec for codec in map(_codec, declared) if codec]
    if b"\0" in data:
        return _wide(data, named)
    if stateful := _stateful(data, named):
        return Finding("", "encoding_ambiguous", f"{stateful}: a byte means what others before say")
    utf8 = _strict(data, "utf-8")
    if utf8.codec:
        return utf8
    if _is_binary(data):
        return Finding("", "binary", utf8.detail)
    stated = (codec for codec in named if codec != "utf-8" and _read(data, codec) is not None)
    codec = next(stated, None)
    return Finding(codec) if codec else _detect(data, utf8)


def _codec(name: str | None) -> str | None:
    """Return Python's name of the encoding `name`; None for one that says nothing."""
    try:
        info = codecs.lookup((name or "ascii").strip())
    except (LookupError, ValueError):
        return None
    if not info._is_text_encoding or info.name == "ascii":  # noqa: SLF001 - there is no other way
        return None
    return _MEANT.get(info.name, info.name)


def is_encoding(name: Any) -> bool:
    """Return whether `name` names an encoding of text that can be declared."""
    return isinstance(name, str) and (_codec(name) is not None or name.lower() == "ascii")


def _strict(data: bytes, codec: str) -> Finding:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        return Finding("", "not_utf8", f"byte {error.start}: {error.reason} ({codec})")
    return Finding(codec, text=text)


def _wide(data: bytes, named: list[str]) -> Finding:
    """Return the codec of bytes among which is NUL: two or four for each character."""
    detail = f"NUL at byte {data.index(0)}"
    ends = {codec if codec[-2:] in {"le", "be"} else f"{codec}-be" for codec in named}
    declared = [codec for codec in sorted(ends) if codec.startswith(("utf-16", "utf-32"))]
    even, odd = data[::2].count(0), data[1::2].count(0)
    if not declared and not (even and odd) and max(even, odd) * 8 >= len(data):
        declared = ["utf-16-be" if even else "utf-16-le"]
    fits = [codec for codec in declared if _read(data, codec)]
    return Finding(fits[0]) if len(fits) == 1 else Finding("", "binary", detail)


def _stateful(data: bytes, named: list[str]) -> str | None:
    """Name the stateful encoding of `data`: offsets of characters mean nothing in it."""
    shifts = (b"\x1b" in data or b"\x0e" in data) and _SHIFT.search(data)
    guesses = ["iso2022_jp", "iso2022_kr"] if shifts else []
    for codec in [*(name for name in named if _STATEFUL.match(name)), *guesses]:
        try:
            if not data.decode(codec).isascii():
                return codec
        except (UnicodeDecodeError, ValueError):
            continue
    return None


def _is_binary(data: bytes) -> bool:
    """Tell binary data from text in another encoding, which has hardly any control bytes."""
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in data[:_SAMPLE])
    return control * 100 > min(len(data), _SAMPLE)


def _read(data: bytes, codec: str) -> str | None:
    """Return `data` decoded, if every byte has a meaning and every character its own bytes."""
    try:
        text = data.decode(codec)
        if _C1.search(text) or text.encode(codec) != data:
            return None
        lengths = Counter(text)
        size = sum(number * len(char.encode(codec)) for char, number in lengths.items())
    except (UnicodeError, ValueError):
        return None
    # Of UTF-16 and UTF-32, `codec` names the byte order, so no mark is added.
    return text if size == len(data) else None


def _detect(data: bytes, utf8: Finding) -> Finding:
    """Return the legacy codec that alone makes language of `data`, or `utf8`'s reason."""
    if len(data) < _LEAST:
        return utf8
    sample = data if len(data) <= _SAMPLE else data[: data.rfind(b"\n", 0, _SAMPLE) + 1]
    readings: dict[str, list[str]] = {}
    for codec in LEGACY:
        text = _read(sample, codec)
        if text is not None:
            readings.setdefault(text, []).append(codec)
    best = choose({text: several[0] for text, several in readings.items()})
    if best is None:
        return utf8
    # Codecs that agree in the sample may not agree in the rest.
    whole = {text: codec for codec in reversed(readings[best]) if (text := _read(data, codec))}
    return Finding(next(iter(whole.values()))) if len(whole) == 1 else utf8
