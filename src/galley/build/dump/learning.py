"""Learn what the pages of a source repeat.

A line is boilerplate of its source if it stands in enough different articles. What articles
have in common by right is left alone: a title, a tag, a byline, a source line, a short subhead.
Copies of one article (the same title, or the same longest paragraph) count as one, so however
many pages show it, it is never learned.

Memory does not grow with the number of lines: what was seen goes to a temporary file, a table
of counters tells which lines may recur often enough, and only these are counted one by one.
"""

import json
import os
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Self

from galley.build.dump.profile import Place, Profile, Recurring, hash_line, sketch_files
from galley.build.dump.sight import Role, Sight, look_at
from galley.build.formats.container import unpack
from galley.build.formats.format import detect_format
from galley.build.lines import split_lines
from galley.build.page import Page, Rejection, decode
from galley.build.source import SourceFile
from galley.config import BuildConfig

LEAST = 3  # articles that a line must stand in
SHARE = 0.25  # of the source's articles that it must stand in
_TITLES = 0.5  # of the pages that a line must be the title of to be none
_BESIDE = 0.5  # of its pages on which a short subhead must stand beside boilerplate
_INSIDE = 0.3  # of its pages on which a line must stand between paragraphs to belong there
_AROUND = 0.1  # of its pages on which it may, although it does not
_BUCKETS = 1 << 22  # counters, of four bytes
_WORTH_A_POOL = 64  # files: starting processes takes as long as reading these


@dataclass(frozen=True)
class Learned:
    """What was learned of one source.

    Attributes:
        profile: It.
        path: Where it was written.
        quotes: Of its lines those that most articles have, as they stand in a file.
    """

    profile: Profile
    path: Path
    quotes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the object of `galley build --learn --json`."""
        names = ("source", "files", "articles", "least")
        known = {name: getattr(self.profile, name) for name in names}
        lines = len(self.profile.lines)
        return {**known, "lines": lines, "quotes": list(self.quotes), "path": str(self.path)}


def learn(
    files: Iterable[SourceFile],
    folder: Path,
    *,
    config: BuildConfig,
    advance: Callable[[int, int], None],
) -> list[Learned]:
    """Write a profile for each source that has text dumps.

    Args:
        files: All raw files, by name.
        folder: Of the profiles.
        config: Says how many processes there are, and how large a file may be.
        advance: Is told how many of how many files are done.

    Returns:
        What was learned, by the source's name.
    """
    ordered = sorted(files, key=lambda file: (file.source.name, file.name))
    learned: list[Learned] = []
    done = 0
    for name, group in groupby(ordered, key=lambda file: file.source.name):
        own = list(group)
        with _Notes() as notes:
            for sight in _look(own, config):
                notes.add(sight)
                done += 1
                advance(done, len(ordered))
            profile = notes.learn(name, own)
        if profile.files:
            quotes = _quotes(profile, own, config.max_bytes)
            learned.append(Learned(profile, profile.write(folder), quotes))
    return learned


def _look(files: list[SourceFile], config: BuildConfig) -> Iterator[Sight | None]:
    """Yield what is seen of each of `files`, in their order; None if it is no text dump."""
    look = partial(_look_at, max_bytes=config.max_bytes)
    workers = config.workers or os.cpu_count() or 1
    if workers == 1 or len(files) < _WORTH_A_POOL:
        yield from map(look, files)
        return
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        yield from pool.map(look, files, chunksize=8)


def _look_at(file: SourceFile, max_bytes: int) -> Sight | None:
    page = _page(file, max_bytes)
    return look_at(page, file.source) if page else None


def _page(file: SourceFile, max_bytes: int) -> Page | None:
    """Return the text dump that `file` is, or None if it is something else."""
    if file.path.stat().st_size > max_bytes:
        return None
    content = unpack(file.path.read_bytes(), max_bytes)
    if isinstance(content, Rejection):
        return None
    if (file.source.format or detect_format(file.name, content)) != "text":
        return None
    page = decode(file.name, content, declared=[file.source.encoding])
    return None if isinstance(page, Rejection) else page


@dataclass
class _Count:
    """How often a line was seen.

    Attributes:
        pages: On how many pages.
        titles: In how many articles, by their titles.
        texts: In how many articles, by their longest paragraphs.
        headed: On how many pages it is the title.
        role: All that it was read as.
    """

    pages: int = 0
    titles: int = 0
    texts: int = 0
    headed: int = 0
    role: Role = field(default=Role(0))

    @property
    def articles(self) -> int:
        """In how many different articles it stands."""
        return max(self.titles, self.texts)

    def belongs(self, articles: int) -> bool:
        """Return whether it is, by right, what articles have in common."""
        if self.role & Role.TITLE and self.headed < _TITLES * articles:
            return True
        named = self.role & Role.OWN and not self.role & Role.SENTENCE
        return bool(self.role & Role.LISTED or named)


class _Notes:
    """What was seen of the pages of one source, in a temporary file."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - see __exit__
        self._buckets = array("I", [0]) * _BUCKETS
        self._titles: set[str] = {""}
        self._texts: set[str] = {""}
        self._pages = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, sight: Sight | None) -> None:
        """Take down one page; the order of pages decides which copy of an article counts."""
        if sight is None:
            return
        new = (sight.title not in self._titles, sight.longest not in self._texts)
        self._titles.add(sight.title)
        self._texts.add(sight.longest)
        self._pages += 1
        for key, _ in sight.lines:
            self._buckets[_bucket(key)] += 1
        self._file.write(json.dumps([*new, sight.lines]) + "\n")

    def learn(self, source: str, files: Iterable[SourceFile]) -> Profile:
        """Return what the pages have in common."""
        articles = max(len(self._titles), len(self._texts)) - 1
        least = max(LEAST, ceil(SHARE * articles))
        counts = {
            key: count
            for key, count in self._count(least).items()
            if count.articles >= least and not count.belongs(articles)
        }
        short = {key for key, count in counts.items() if count.role & Role.SUBHEAD}
        known = counts.keys() - short
        known |= self._beside(short, known)
        places = self._places(known)
        return Profile(
            source=source,
            files=self._pages,
            articles=articles,
            least=least,
            lines={key: Recurring(counts[key].articles, places[key]) for key in sorted(known)},
            sketch=sketch_files((file.name, file.path.stat().st_size) for file in files),
        )

    def _count(self, least: int) -> dict[str, _Count]:
        """Count the lines whose counters say that they may be frequent enough."""
        counts: dict[str, _Count] = {}
        for title, text, lines in self._read():
            for key, role in lines:
                if self._buckets[_bucket(key)] < least:
                    continue
                count = counts.setdefault(key, _Count())
                count.pages += 1
                count.titles += title
                count.texts += text
                count.headed += bool(role & Role.TITLE)
                count.role |= role
        return counts

    def _beside(self, short: set[str], known: set[str]) -> set[str]:
        """Return those lines of `short` that stand beside one of `known` on most pages."""
        pages: Counter[str] = Counter()
        beside: Counter[str] = Counter()
        for _, _, lines in self._read():
            keys = ["", *(key for key, _ in lines), ""]
            for before, key, after in zip(keys, keys[1:], keys[2:], strict=False):
                pages[key] += key in short
                beside[key] += key in short and (before in known or after in known)
        return {key for key in short if beside[key] >= _BESIDE * pages[key]}

    def _places(self, known: set[str]) -> dict[str, Place]:
        """Return where each of `known` stands: most pages decide, for each may be misread.

        Main text is what no other page says: a teaser that was taken for text is not.
        """
        pages: Counter[str] = Counter()
        inside: Counter[str] = Counter()
        for _, _, lines in self._read():
            texts = [index for index, (_, role) in enumerate(lines) if role & Role.TEXT]
            own = [index for index in texts if self._buckets[_bucket(lines[index][0])] == 1]
            for index, (key, _) in enumerate(lines if own else ()):
                pages[key] += key in known
                inside[key] += key in known and own[0] < index < own[-1]
        return {key: _place(inside[key], pages[key]) for key in known}

    def _read(self) -> Iterator[tuple[bool, bool, list[tuple[str, int]]]]:
        self._file.seek(0)
        for line in self._file:
            title, text, lines = json.loads(line)
            yield title, text, lines


def _place(inside: int, pages: int) -> Place:
    if inside >= _INSIDE * pages and pages:
        return Place.INSIDE
    return Place.AROUND if inside <= _AROUND * pages and pages else Place.EITHER


def _bucket(key: str) -> int:
    return int(key, 16) % _BUCKETS


def _quotes(
    profile: Profile, files: Iterable[SourceFile], max_bytes: int, most: int = 10
) -> tuple[str, ...]:
    """Return the lines that most articles have, as the first file that has them says them."""
    order = sorted(profile.lines, key=lambda key: (-profile.lines[key].articles, key))[:most]
    found: dict[str, str] = {}
    for file in files:
        if len(found) == len(order):
            break
        page = _page(file, max_bytes)
        for line in split_lines(page.text) if page else ():
            key = hash_line(line)
            if key in order:
                found.setdefault(key, line.text)
    return tuple(found[key] for key in order)
