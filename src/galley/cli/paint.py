"""Pages in a terminal: each part in its colour, or marked `[part]` where there are none."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from galley.record import Part
from galley.report.palette import INKS, Ink
from galley.report.visible import escape, runs

if TYPE_CHECKING:
    from galley.build.inspect import Piece

_CLIPPED = 2_000  # characters of a quarantined stretch that are shown


@dataclass(frozen=True, slots=True)
class Brush:
    """What a terminal can show.

    Attributes:
        colors: 0, 16 or 256.
    """

    colors: int = 0

    @classmethod
    def for_stdout(cls) -> "Brush":
        """Return the brush for where stdout goes: without colours unless that is a terminal."""
        term = os.environ.get("TERM", "")
        if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or term in ("", "dumb"):
            return cls(0)
        return cls(256 if "256" in term or os.environ.get("COLORTERM") else 16)

    def page(self, pieces: Iterable["Piece"]) -> Iterator[str]:
        """Yield the lines of a page."""
        if self.colors:
            yield from "".join(self._piece(piece) for piece in pieces).split("\n")
            return
        for piece in pieces:
            if piece.part is not Part.WHITESPACE:
                repeated = ": repeated" if piece.repeated else ""
                yield f"[{piece.part}{repeated}] {escape(_clip(piece))}"

    def legend(self, parts: Iterable[str]) -> str:
        """Return the names of `parts`, each in its colour."""
        return "  ".join(self.paint(INKS[Part(part)], INKS[Part(part)].name) for part in parts)

    def paint(self, ink: Ink, text: str) -> str:
        """Return `text` in the colour of a part."""
        if not self.colors or not text:
            return text
        color = ink.terminal if self.colors == 256 else ink.basic
        strong = ink.part in {Part.TITLE, Part.SUBHEAD, Part.QUARANTINED}
        return click.style(text, fg=color, bold=strong or None)

    def strong(self, text: str) -> str:
        """Return `text` in bold."""
        return click.style(text, bold=True) if self.colors else text

    def _piece(self, piece: "Piece") -> str:
        ink = INKS[piece.part]
        return "".join(self._run(kind, text, ink) for kind, text in runs(_clip(piece)))

    def _run(self, kind: str, text: str, ink: Ink) -> str:
        if kind == "newline":  # outside of the colour, so that it does not fill the line
            return "\n"
        if kind == "escape":
            return click.style(f"⟨{text}⟩", reverse=True)
        return self.paint(ink, text)


def _clip(piece: "Piece") -> str:
    """Return the characters of a stretch; of much that was refused, the beginning."""
    if piece.part is not Part.QUARANTINED or len(piece.text) <= _CLIPPED:
        return piece.text
    return f"{piece.text[:_CLIPPED]} … {len(piece.text) - _CLIPPED:,} more characters"
