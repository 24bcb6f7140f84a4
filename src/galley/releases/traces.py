"""Where a record still is after it was taken out: releases, and the history of git."""

import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import pyarrow as pa

from galley.errors import WorkspaceError
from galley.parquet import read_batches
from galley.releases.history import REPORT, list_releases
from galley.releases.packed import unpack

# git's own, the raw files, and what environments hold
_NOT_SEARCHED = frozenset({".git", "build", ".venv"})
_ROWS = 65_536  # at a time
_PATIENCE = 120  # seconds: the search looks at every commit


@dataclass(frozen=True)
class Holder:
    """A release that has the record.

    Attributes:
        version: The release.
        split: Where the record is in it.
        data: Its data file that holds the text, if that is on this machine; else None.
        report: The page on it, which may hold the text too, if that is on this machine.
    """

    version: str
    split: str
    data: str | None
    report: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the holder as a JSON object."""
        return asdict(self)


def find_holders(folder: Path, ids: Iterable[str]) -> Iterator[Holder]:
    """Yield the releases in `folder` whose index has one of `ids`, by version.

    Raises:
        ReleaseError: An index cannot be read.
    """
    wanted = set(ids)
    for release in list_releases(folder):
        for entry in release.entries:
            if entry.id in wanted:
                paths = (release.path / entry.file, release.path / REPORT)
                here = [str(path) if path.exists() else None for path in paths]
                yield Holder(str(release.version), entry.split, *here)


def find_commits(root: Path, ids: Iterable[str], raw: Iterable[str]) -> list[str] | None:
    """Return the commits on any branch that brought or took what is known of a record.

    Args:
        root: The workspace.
        ids: The record's ids, looked for in the annotations.
        raw: Names of the raw files it was read from.

    Returns:
        Their hashes, each once; None where there is no git, or no repository.
    """
    words = "|".join(sorted(ids))
    found = _log(root, [f"-S{words}", "--pickaxe-regex", "--", "annotations"])
    if found is None:
        return None
    patterns = [f":(glob)**/{_escape(name)}" for name in sorted(set(raw))]
    pages = _log(root, ["--", *patterns]) if patterns else []
    return list(dict.fromkeys([*found, *(pages or [])]))


def find_mentions(root: Path, word: str) -> list[str] | None:
    """Return the commits on any branch that brought or took `word`; None as `find_commits`."""
    return _log(root, [f"-S{word}"])


def find_files(root: Path, words: Iterable[str], *, aside: Iterable[str] = ()) -> Iterator[str]:
    """Yield the files of a workspace that hold one of `words`, or are named by it.

    Args:
        root: The workspace. Of its folders git's own, the build's and environments are not
            searched.
        words: Looked for as they are and as JSON writes them; in reports unpacked; of Parquet
            among the ids.
        aside: More names of the workspace that are not searched.

    A file that cannot be read, or goes away meanwhile, is passed over.
    """
    sought = [word for word in words if word]
    escaped = [json.dumps(word)[1:-1] for word in sought]
    needles = [word.encode() for word in dict.fromkeys([*sought, *escaped])]
    skipped = _NOT_SEARCHED.union(aside)
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if parts[0] in skipped or path.is_symlink() or not path.is_file():
            continue
        if any(word in path.name for word in sought) or _holds(path, sought, needles):
            yield "/".join(parts)


def _holds(path: Path, words: list[str], needles: list[bytes]) -> bool:
    if path.suffix == ".parquet":
        return _has_id(path, words)
    try:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            if any(data.find(needle) >= 0 for needle in needles):
                return True
            page = data[:].decode(errors="replace") if path.suffix == ".html" else ""
        return any(word in packed for packed in unpack(page) for word in words)
    except (OSError, ValueError):  # it cannot be read, is empty, or what is packed is damaged
        return False


def _has_id(path: Path, ids: list[str]) -> bool:
    """Return whether a Parquet file has one of these records; one that is none of ours has not."""
    try:
        batches = (batch.to_pydict() for batch in read_batches(path, _ROWS, ["id"]))
        return any(not set(ids).isdisjoint(batch.get("id", ())) for batch in batches)
    except (WorkspaceError, pa.ArrowException, TypeError):  # no Parquet, or no ids of ours
        return False


def _log(root: Path, words: list[str]) -> list[str] | None:
    command = ["git", "-C", str(root), "log", "--all", "--format=%H", "--no-textconv", *words]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.split() if done.returncode == 0 else None


def _escape(name: str) -> str:
    """Return `name` such that git takes it word for word."""
    return "".join(f"\\{char}" if char in "*?[\\" else char for char in name)


def say_mentions(commits: list[str] | None, what: str) -> Iterator[str]:
    """Yield a sentence on commits that hold `what`; none where there are none."""
    if commits:
        yield (
            f"git has {what} in {len(commits)} commits: only a rewritten history (git filter-repo) "
            "that every clone fetches anew erases that"
        )
    elif commits is None:
        yield "the history of git could not be searched: there is none here, or it took long"
