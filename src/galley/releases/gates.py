"""Gates: what a finished release must pass before it gets its place.

Each looks at the release in the making and yields what is wrong with it; one issue is enough.
`verify` finds what contradicts itself; a gate finds what is consistent, and still must not be.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as pt

from galley.manifest import list_files
from galley.releases.datasheet import Lock, check_blank, check_stale
from galley.releases.history import Release
from galley.releases.index import Entry
from galley.releases.packed import unpack
from galley.releases.write import Draft
from galley.schema.issue import Issue
from galley.similarity import group, sketch_all

Gate = Callable[[Draft, Path], Iterable[Issue]]

_ADDRESS = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_BATCH = 1000
_LEAST = 12  # characters of a secret that is told from words
# As their services make them: the Hub, JSON Web Tokens, GitHub, AWS, and private keys.
_TOKENS = (
    r"\bhf_[A-Za-z0-9]{30,}",
    r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    r"\bgh[pousr]_[A-Za-z0-9]{36}",
    r"\bAKIA[0-9A-Z]{16}\b",
    "-----BEGIN [A-Z ]*PRIVATE KEY-----",
)


@dataclass(frozen=True)
class DatasheetGate:
    """Lets no release pass whose datasheet has blank or stale answers.

    A release that holds nothing that people corrected may have blanks: it warns of them.

    Attributes:
        lock: What the answers were based on.
    """

    lock: Lock

    def __call__(self, draft: Draft, folder: Path) -> Iterator[Issue]:
        """Yield the questions."""
        del folder
        facts = draft.rows.measure(draft.entries("0.0.0"))
        if facts.reviewed:
            yield from check_blank(draft.material.datasheet)
        yield from check_stale(draft.material.datasheet, facts, self.lock)


@dataclass(frozen=True)
class LeakageGate:
    """Lets no new record pass that says nearly what a record in another split says.

    The build puts near-duplicates into one cluster, and a cluster into one split. Here the
    texts themselves are compared once more, whatever the clusters say. What was released
    before stays where it is, and is warned of.

    Attributes:
        threshold: Likeness, 0 to 1, from which two texts are near-duplicates.
    """

    threshold: float

    def __call__(self, draft: Draft, folder: Path) -> Iterator[Issue]:
        """Yield a new record for each group of texts that lies in several splits."""
        del folder
        entries = draft.entries("0.0.0")
        before = frozenset(entry.id for entry in draft.last.entries) if draft.last else frozenset()
        numbers = draft.rows.numbers
        sketches = sketch_all(draft.rows.texts())[[numbers[entry.id] for entry in entries]]
        for members in group(sketches, threshold=self.threshold):
            yield from _leak([entries[member] for member in members], before)


def _leak(members: list[Entry], before: frozenset[str]) -> Iterator[Issue]:
    splits = sorted({entry.split for entry in members})
    new = [entry for entry in members if entry.id not in before]
    if len(splits) > 1 and new:
        others = ", ".join(f"{entry.id} in {entry.split}" for entry in members if entry != new[0])
        yield Issue(new[0].id, "split_leak", f"all like it in {new[0].split}", others[:200])


@dataclass(frozen=True)
class AddressGate:
    """Lets no file pass that holds the e-mail address of an annotator.

    Addresses in articles are part of the texts; which ones are annotators' is known by their
    pseudonyms.

    Attributes:
        is_annotator: Tells it of an e-mail address.
    """

    is_annotator: Callable[[str], bool]

    def __call__(self, draft: Draft, folder: Path) -> Iterator[Issue]:
        """Yield the files, with the beginning of the address."""
        del draft
        for path in list_files(folder):
            texts = _texts(folder / path, "@")
            found = {word for text in texts for word in _ADDRESS.findall(text)}
            for word in sorted(filter(self.is_annotator, found)):
                got = f"{word[:2]}…@{word.partition('@')[2]}"
                yield Issue(path, "annotator_address", "no address of an annotator", got)


@dataclass(frozen=True)
class SecretGate:
    """Lets no file pass that holds a token, a key or the pseudonym of an annotator.

    What looks like the token of a known service is one, wherever it stands: an article that
    quotes one would publish it once more.

    Attributes:
        known: The secrets of this workspace, and the pseudonyms in its ledger.
    """

    known: frozenset[str]

    def __call__(self, draft: Draft, folder: Path) -> Iterator[Issue]:
        """Yield the files, with the beginning of the token."""
        del draft
        own = (rf"\b{re.escape(word)}\b" for word in sorted(self.known) if len(word) >= _LEAST)
        pattern = "|".join([*_TOKENS, *own])
        search = re.compile(pattern).finditer
        for path in list_files(folder):
            found = {match[0] for text in _texts(folder / path, pattern) for match in search(text)}
            for word in sorted(found):
                yield Issue(path, "secret", "no token, key or pseudonym", f"{word[:4]}…")


def _texts(path: Path, pattern: str) -> Iterator[str]:
    """Yield the pieces of a file that may hold what `pattern` finds."""
    if path.suffix == ".parquet":
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH, use_threads=False):
                for column in batch.columns:
                    yield from _strings(column, pattern)
    elif path.suffix == ".zst":
        with pa.input_stream(str(path), compression="zstd") as stream:
            yield stream.read().decode(errors="replace")
    else:
        text = path.read_text(encoding="utf-8", errors="replace")
        yield text
        yield from unpack(text) if path.suffix == ".html" else ()


def _strings(array: Any, pattern: str) -> Iterator[str]:
    """Yield the strings in which `pattern` is found, anywhere in an Arrow array."""
    if pt.is_list(array.type) or pt.is_large_list(array.type):
        yield from _strings(array.flatten(), pattern)
    elif pt.is_struct(array.type):
        for part in array.flatten():
            yield from _strings(part, pattern)
    elif pt.is_string(array.type) or pt.is_large_string(array.type):
        yield from array.filter(pc.match_substring_regex(array, pattern)).to_pylist()


def check_licenses(release: Release, allowed: Iterable[str]) -> list[Issue]:
    """Return the records whose licence is null or none of `allowed`, in the order of the files.

    For what leaves the machine: a workspace may well hold what cannot be published.

    Args:
        release: With its data files.
        allowed: `release.licenses` of the settings.
    """
    names, issues = set(allowed), []
    for path in sorted({entry.file for entry in release.entries}):
        table = pq.read_table(release.path / path, columns=["id", "license"])
        for row in table.to_pylist():
            if row["license"] not in names:
                expected = f"one of {', '.join(sorted(names)) or 'none: release.licenses is empty'}"
                where = f"{path}: {row['id']}"
                issues.append(Issue(where, "license", expected, row["license"] or "none"))
    return issues
