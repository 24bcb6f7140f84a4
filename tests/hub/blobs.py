"""What the hub keeps of file contents: each once, under its SHA-256."""

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Blobs:
    """A content store.

    Attributes:
        folder: Where it is.
    """

    folder: Path

    def put(self, data: bytes) -> str:
        """Keep `data` and return its SHA-256."""
        digest = hashlib.sha256(data).hexdigest()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path(digest).write_bytes(data)
        return digest

    def path(self, digest: str) -> Path:
        """Return where the content with this hash is, or would be."""
        return self.folder / digest

    def has(self, digest: str) -> bool:
        """Return whether the content is there."""
        return self.path(digest).is_file()

    def get(self, digest: str) -> bytes:
        """Return the content."""
        return self.path(digest).read_bytes()


def blob_oid(data: bytes) -> str:
    """Return the name that git gives to a file with this content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()  # noqa: S324 - as git does


def pointer(digest: str, size: int) -> bytes:
    """Return the file that git keeps in the place of one in LFS."""
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {size}\n"
    return text.encode()
