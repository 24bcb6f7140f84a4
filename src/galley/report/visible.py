"""Make characters visible that hide, deceive or break: controls, overrides, odd spaces."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

# They join letters and emoji; without them scripts and families fall apart.
_JOINERS = {"\u200c", "\u200d"}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_NAMES = {"\r": "CR", "\0": "NUL", "\x1b": "ESC", "\ufeff": "BOM", "\xad": "SHY", "\u200b": "ZWSP"}


class Run(NamedTuple):
    """Characters that are shown alike.

    Attributes:
        kind: `plain`, `newline`, `space` (one that is no plain blank) or `escape`.
        text: The characters; of an escape, its name: `U+202E`.
    """

    kind: str
    text: str


def runs(text: str) -> Iterator[Run]:
    r"""Yield `text` as runs, in order; each character that is not plain is a run of its own.

    Example:
        >>> [run.text for run in runs("a\u202eb")]
        ['a', 'U+202E', 'b']
    """
    start = 0
    for index, char in enumerate(text):
        run = _special(char)
        if run is None:
            continue
        if start < index:
            yield Run("plain", text[start:index])
        yield run
        start = index + 1
    if start < len(text):
        yield Run("plain", text[start:])


def _special(char: str) -> Run | None:
    if char == "\n":
        return Run("newline", char)
    if " " <= char <= "~" or char == "\t" or char in _JOINERS:
        return None
    category = unicodedata.category(char)
    if category == "Zs":
        return Run("space", char)
    if category in _HIDDEN or 0xFE00 <= ord(char) <= 0xFE0E:
        return Run("escape", _NAMES.get(char, f"U+{ord(char):04X}"))
    return None


def escape(text: str) -> str:
    r"""Return `text` with everything that hides spelled out, on one line.

    Example:
        >>> escape("a\nb\x1b[0m")
        'a⏎b⟨ESC⟩[0m'
    """
    shown = {"newline": "⏎", "escape": "⟨{}⟩"}
    return "".join(shown.get(kind, "{}").format(value) for kind, value in runs(text))
