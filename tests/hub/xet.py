"""The store that real Xet clients write into: `local:///DIR`, one process at a time.

The client names a file by its SHA-256 when it commits, and by its Xet hash when it reads. Which
is which stands in the shards. Every reader gets a copy of the store, because the writer may
still hold the lock on the original.
"""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_HEADER = 48
_ENTRY = 48
_END = b"\xff" * 32


@dataclass
class XetStore:
    """What Xet clients uploaded.

    Attributes:
        folder: Where the store and its copies are.
        hashes: The Xet hash of each file, by its SHA-256.
    """

    folder: Path
    hashes: dict[str, str] = field(default_factory=dict)

    @property
    def write_url(self) -> str:
        """Return where clients upload to."""
        self._store.mkdir(parents=True, exist_ok=True)
        return f"local://{self._store}"

    def read_url(self) -> str:
        """Return where one client reads from."""
        copy = Path(tempfile.mkdtemp(dir=self.folder, prefix="reader-"))
        if self._store.exists():
            shutil.copytree(self._store, copy, dirs_exist_ok=True)
        return f"local://{copy}"

    def find(self, sha256: str) -> str | None:
        """Return the Xet hash of a file, or None if it was not uploaded."""
        if sha256 not in self.hashes:
            for shard in self._store.rglob("shards/*.mdb"):
                files = read_files(shard.read_bytes())
                self.hashes.update((file.sha256, file.xet) for file in files)
        return self.hashes.get(sha256)

    def fetch(self, sha256: str, size: int) -> bytes:
        """Return the content of a file that was uploaded."""
        from hf_xet import XetFileInfo, XetSession

        target = Path(tempfile.mkdtemp(dir=self.folder, prefix="fetch-")) / "file"
        with XetSession().new_file_download_group(endpoint=self.read_url()) as group:
            group.start_download_file(XetFileInfo(self.hashes[sha256], size), str(target))
        return target.read_bytes()

    @property
    def _store(self) -> Path:
        return self.folder / "store"


class StoredFile(NamedTuple):
    """A file of a shard: its two names, and the chunks of xorbs that it is made of."""

    sha256: str
    xet: str
    segments: list[tuple[str, int, int]]


def read_files(data: bytes) -> Iterator[StoredFile]:
    """Yield the files of a shard that say their SHA-256.

    A file has 32 bytes of hash, flags, the number of its segments, and then as many entries, as
    many again if the first flag is set, and one with its SHA-256 if the second is.
    """
    at = _HEADER
    while data[at : at + 32] != _END:
        flags, number = (int.from_bytes(data[at + k : at + k + 4], "little") for k in (32, 36))
        entries = [at + _ENTRY * (1 + index) for index in range(number)]
        end = at + _ENTRY * (1 + number * (2 if flags & 1 << 31 else 1))
        if flags & 1 << 30:
            segments = [_segment(data[entry : entry + _ENTRY]) for entry in entries]
            yield StoredFile(_hex(data[end : end + 32]), _hex(data[at : at + 32]), segments)
            end += _ENTRY
        at = end


def _segment(entry: bytes) -> tuple[str, int, int]:
    first, last = (int.from_bytes(entry[k : k + 4], "little") for k in (40, 44))
    return _hex(entry[:32]), first, last


def _hex(data: bytes) -> str:
    """Return a hash as Xet writes it: four little-endian numbers."""
    return b"".join(data[start : start + 8][::-1] for start in range(0, 32, 8)).hex()
