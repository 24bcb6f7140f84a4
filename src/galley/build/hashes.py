"""The hashes of raw files, remembered: who has not been touched is not read again.

As git does it: a file is the same if its size, its times and its place on the disk are. A file
that was touched just before it was read may be touched once more in the same moment, and look
the same; so nothing is remembered of it.
"""

import json
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from galley.build.source import SourceFile, unreadable
from galley.files import is_remote, write_bytes
from galley.hashing import canonical_json, sha256_bytes, sha256_file

NAME = "hashes"
# Clocks of disks are not exact, and may not be this machine's.
_MOMENT = 10 * 10**9
_LARGE = 1 << 20  # bytes
# Bytes that are hashed in the time in which a file is opened, and a hash is remembered.
_OPENED, _REMEMBERED = 1 << 15, 1 << 11

Mark = list[int]  # size, times and place of a file


@dataclass
class Hashes:
    """The SHA-256 of files by name.

    Attributes:
        files: Of each file its mark and its hash, as remembered.
        marks: Of each that was looked at, as it was then.
        quiet: Those of them whose hash may be remembered.
        bytes: Of all files that were asked for.
        touched: When the last of them was, in nanoseconds since 1970.
        costly: Whether to read again what had to be read takes longer than to remember all.
    """

    files: dict[str, tuple[Mark, str]]
    marks: dict[str, Mark] = field(default_factory=dict)
    quiet: list[str] = field(default_factory=list)
    bytes: int = 0
    touched: int = 0
    costly: bool = False

    @classmethod
    def load(cls, folder: Path, version: str) -> "Hashes":
        """Return what is remembered in `folder` by the same version of the code."""
        try:
            seal, data = (folder / NAME).read_bytes().split(b"\n", 1)
            known = json.loads(data) if sha256_bytes(data) == seal.decode("ascii") else {}
            return cls(known["files"] if known["version"] == version else {})
        except (OSError, ValueError, KeyError, TypeError):
            return cls({})

    def of(self, files: Sequence[SourceFile], *, now: int | None = None) -> dict[str, str]:
        """Return the hash of each of `files`, by name.

        Args:
            files: To be read, where they have been touched.
            now: The time in nanoseconds; None to look at the clock.

        Raises:
            SourceError: One cannot be read.
        """
        self.look(files, now=now)
        marks = self.marks
        hashes = {name: self._look_up(name, mark) for name, mark in marks.items()}
        unknown = [file for file in files if not hashes[file.name]]
        read = sum(marks[file.name][0] + _OPENED for file in unknown)
        self.costly = read > len(files) * _REMEMBERED
        # To hash leaves the interpreter to others, but of small files to hand them over takes
        # longer, and more than two get into each other's way; who waits for a store does not.
        remote = any(is_remote(file.place) for file in unknown)
        limit = 0 if remote else _LARGE
        large = [file for file in unknown if marks[file.name][0] >= limit]
        small = (file for file in unknown if marks[file.name][0] < limit)
        with ThreadPoolExecutor(None if remote else 2) as pool:
            digests = pool.map(hash_file, large)
            hashes.update((file.name, hash_file(file)) for file in small)
            hashes.update(zip((file.name for file in large), digests, strict=True))
        return hashes

    def look(self, files: Sequence[SourceFile], *, now: int | None = None) -> None:
        """See which of `files` have been touched; `of` does it itself.

        Raises:
            SourceError: One is not there.
        """
        now = time.time_ns() if now is None else now
        self.marks = {file.name: _mark(file) for file in files}
        self.bytes = sum(mark[0] for mark in self.marks.values())
        self.touched = max((mark[2] for mark in self.marks.values()), default=0)
        local = (file.name for file in files if not is_remote(file.place))
        self.quiet = [name for name in local if max(self.marks[name][1:3]) + _MOMENT < now]

    def save(self, folder: Path, version: str, hashes: dict[str, str]) -> None:
        """Remember `hashes` in `folder`, of the files that were looked at."""
        if not is_remote(folder):
            fresh = {name: (self.marks[name], hashes[name]) for name in self.quiet}
            data = canonical_json({"version": version, "files": fresh}).encode("utf-8")
            write_bytes(folder / NAME, sha256_bytes(data).encode("ascii") + b"\n" + data)

    def _look_up(self, name: str, mark: Mark) -> str:
        known, digest = self.files.get(name, (None, ""))
        return digest if known == mark else ""


def _mark(file: SourceFile) -> Mark:
    try:
        if is_remote(file.place):
            return [file.path.stat().st_size, 0, 0, 0]
        stat = os.stat(file.text)  # noqa: PTH116 - of ten thousand files, no path is made
    except OSError as error:
        raise unreadable(file, error) from error
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def hash_file(file: SourceFile) -> str:
    """Return the SHA-256 of a raw file.

    Raises:
        SourceError: It cannot be read.
    """
    try:
        return sha256_file(file.text if isinstance(file.place, str) else file.path)
    except OSError as error:
        raise unreadable(file, error) from error
