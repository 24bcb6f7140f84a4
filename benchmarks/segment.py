"""What a plain script does with a listing page: tell titles, texts and tags by length."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

_LONG = 250  # characters from which a line is a text

Row = dict[str, str | list[str]]


def segment(name: str, page: str) -> Iterator[Row]:
    """Yield the articles of a page."""
    lines = [line for line in page.split("\n") if line]
    places = [index for index, line in enumerate(lines) if index and len(line) >= _LONG]
    for index, following in pairwise([*places, len(lines) + 1]):
        yield {
            "file": name,
            "title": lines[index - 1],
            "text": lines[index],
            "tags": lines[index + 1 : following - 1],
        }


def read(path: Path) -> str:
    """Return a file as text, whatever is in it."""
    return path.read_bytes().decode("utf-8", errors="replace")
