"""What the hub holds."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.hub.blobs import Blobs, blob_oid
from tests.hub.repo import File, Repo
from tests.hub.xet import XetStore

TOKEN = "hf_" + "t" * 34
_ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"


@dataclass
class State:
    """Repositories and contents.

    Attributes:
        folder: Where contents are kept.
        url: Where the hub is.
        cdn: Another origin, where contents are.
        repos: By name.
        received: The bytes of each LFS upload, and of each xorb over HTTP.
        xorbs: What Xet clients uploaded over HTTP, by name.
        xet_over_http: Whether they are asked to; else they write to a folder.
    """

    folder: Path
    url: str = ""
    cdn: str = ""
    repos: dict[str, Repo] = field(default_factory=dict)
    received: list[int] = field(default_factory=list)
    xorbs: dict[str, bytes] = field(default_factory=dict)
    xet_over_http: bool = False

    def __post_init__(self) -> None:
        """Make the stores."""
        self.blobs = Blobs(self.folder / "blobs")
        self.xet = XetStore(self.folder / "xet")

    def create(self, name: str) -> bool:
        """Make a repository with the file that the Hub puts into each; False if it is there."""
        if name in self.repos:
            return False
        repo = self.repos[name] = Repo()
        data = _ATTRIBUTES
        file = File(self.blobs.put(data), blob_oid(data), len(data), lfs=False)
        repo.commit({".gitattributes": file}, "initial commit")
        return True

    def content_size(self, sha256: str, size: int | None) -> int | None:
        """Return the size of a content that was uploaded by LFS or Xet, else None."""
        if not self.blobs.has(sha256):
            if size is None or self.xet.find(sha256) is None:
                return None
            self.blobs.put(self.xet.fetch(sha256, size))
        return self.blobs.path(sha256).stat().st_size if self.blobs.has(sha256) else None
