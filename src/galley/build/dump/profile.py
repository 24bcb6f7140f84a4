"""What the pages of a source say again and again: its boilerplate, learned from many of them.

A profile is learned by `galley build --learn` (see `galley.build.dump.learning`), committed, and
only read by builds. It holds hashes, not text: what a page says belongs to its publisher.
"""

import heapq
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from galley.build.lines import Line
from galley.errors import ConfigError
from galley.files import write_json
from galley.hashing import sha256_json, sha256_text

_FORMAT = 1
_DIGITS = 16  # hex digits of a hash
_SKETCH = 256  # hashes of files that a profile keeps


class Place(StrEnum):
    """Where a line that recurs stands on most pages."""

    INSIDE = "inside"  # between the paragraphs of their texts
    AROUND = "around"  # never there
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Recurring:
    """A line that recurs.

    Attributes:
        articles: With how many articles it stands.
        place: Where on their pages.
    """

    articles: int
    place: Place


@dataclass(frozen=True)
class Profile:
    """The lines that recur in the text dumps of one source.

    Attributes:
        source: Its name in `build/sources.toml`.
        files: How many text dumps were looked at.
        articles: How many different articles they hold; of several listings, how many pages.
        least: In how many of these a line had to stand.
        lines: What is known of each line, by its hash.
        sketch: The smallest hashes of the names and sizes of the source's files: enough to
            estimate how many of its files are new since.
    """

    source: str
    files: int = 0
    articles: int = 0
    least: int = 0
    lines: dict[str, Recurring] = field(default_factory=dict)
    sketch: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: Path, source: str) -> "Profile | None":
        """Return the profile of `source` in `folder`, or None if none was learned.

        Raises:
            ConfigError: There is one that cannot be read.
        """
        path = profile_path(folder, source)
        if not path.exists():
            return None
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            known = {name: document[name] for name in ("files", "articles", "least")}
            lines = {key: Recurring(n, Place(at)) for key, (n, at) in document["lines"].items()}
            fits = document["format"] == _FORMAT and document["source"] == source
            sketch = tuple(document["sketch"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _unreadable(path, repr(error)) from error
        if not fits:
            raise _unreadable(path, "it is of another format, or of another source")
        return cls(source, **known, lines=lines, sketch=sketch)

    def write(self, folder: Path) -> Path:
        """Write the profile into `folder` and return its path."""
        path = profile_path(folder, self.source)
        lines = {key: [line.articles, line.place] for key, line in self.lines.items()}
        write_json(path, {"format": _FORMAT, **asdict(self), "lines": lines})
        return path

    @cached_property
    def sha256(self) -> str:
        """The hash of what builds read of it: its lines and their places."""
        return sha256_json({key: line.place for key, line in self.lines.items()})

    def knows(self, line: Line) -> bool:
        """Return whether other pages of the source say `line` too."""
        return self.place(line) is not None

    def place(self, line: Line) -> Place | None:
        """Return where other pages of the source say `line`, or None if they do not."""
        known = self.lines.get(hash_line(line)) if self.lines else None
        return known.place if known else None

    def split(self, lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
        """Return the sentences among `lines` that it knows, and the other lines."""
        known: list[Line] = []
        other: list[Line] = []
        blank = False
        for line in lines:
            if line.is_sentence and self.knows(line):
                known.append(line)
                blank = blank or line.blank_before
            else:
                other.append(replace(line, blank_before=True) if blank else line)
                blank = False
        return known, other

    def novelty(self, files: Iterable[tuple[str, int]]) -> float:
        """Estimate which share of `files`, names and sizes, is new since it was learned."""
        now = sketch_files(files)
        last = max(self.sketch, default="") if len(self.sketch) == _SKETCH else "g"
        seen = [key for key in now if key <= last]
        return sum(key not in self.sketch for key in seen) / len(seen) if seen else float(bool(now))


def profile_path(folder: Path, source: str) -> Path:
    """Return where the profile of `source` is in `folder`, whatever characters it is named with.

    Example:
        >>> profile_path(Path("profiles"), "news/north").as_posix()
        'profiles/news%2Fnorth.json'
    """
    return folder / f"{quote(source, safe=' ')}.json"


def hash_line(line: Line) -> str:
    """Return the hash of a line: of its letters and digits, whatever their case."""
    return sha256_text(line.plain)[:_DIGITS]


def sketch_files(files: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Return the smallest hashes of `files`, names and sizes, sorted."""
    return tuple(heapq.nsmallest(_SKETCH, {sha256_json(list(file))[:_DIGITS] for file in files}))


def _unreadable(path: Path, why: str) -> ConfigError:
    return ConfigError(
        f"{path} cannot be read: {why}",
        code="profile_unreadable",
        hint="restore it from version control, or run `galley build --learn`",
    )
