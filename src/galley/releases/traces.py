"""Where a record still is after it was taken out: releases, and the history of git."""

import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from galley.releases.history import REPORT, list_releases
from galley.releases.packed import unpack

# git's own, the raw files, and what environments hold
_NOT_SEARCHED = frozenset({".git", "build", ".venv"})
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


def find_files(root: Path, word: str) -> Iterator[str]:
    """Yield the files of a workspace that hold `word`, reports unpacked; git's own aside."""
    needle = word.encode()
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if parts[0] in _NOT_SEARCHED or path.is_symlink() or not path.is_file():
            continue
        data = path.read_bytes()
        pages = unpack(data.decode(errors="replace")) if path.suffix == ".html" else ()
        if needle in data or any(word in page for page in pages):
            yield "/".join(parts)


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
