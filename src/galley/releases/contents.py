"""What a folder or a revision on the Hub holds, file by file, as git and LFS name it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from galley.hashing import sha256_file
from galley.manifest import list_files
from galley.schema.issue import Issue

OWN = frozenset({".gitattributes"})
"""What the Hub puts into every repository, and what it needs to know LFS files by."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file on disk.

    Attributes:
        path: Where it is.
        oid: Git's name for it, were it in git.
        sha256: The hash of its bytes.
    """

    path: Path
    oid: str
    sha256: str


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file in a revision on the Hub.

    Attributes:
        oid: Git's name for it, or for the pointer to it.
        sha256: The hash of its bytes if it is in LFS or Xet, else None.
        size: In bytes.
    """

    oid: str
    sha256: str | None
    size: int

    def matches(self, file: LocalFile) -> bool:
        """Return whether this is the same content as `file`."""
        return file.oid == self.oid if self.sha256 is None else file.sha256 == self.sha256


Tree = dict[str, HubFile]


def read_folder(folder: Path) -> dict[str, LocalFile]:
    """Return all files below `folder`, by their paths in it."""
    return {name: _read_file(folder / name) for name in list_files(folder)}


def compare_tree(files: Mapping[str, LocalFile], tree: Tree) -> Iterator[Issue]:
    """Yield where a tree on the Hub is not what `files` say, by path."""
    for name in sorted(files.keys() | (tree.keys() - OWN)):
        if name not in tree:
            yield Issue(name, "file_missing", files[name].sha256, "no such file")
        elif name not in files:
            yield Issue(name, "file_extra", "no such file", tree[name].oid)
        elif not tree[name].matches(files[name]):
            expected = files[name].oid if tree[name].sha256 is None else files[name].sha256
            yield Issue(name, "tree_hash", expected, tree[name].sha256 or tree[name].oid)


def _read_file(path: Path) -> LocalFile:
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size)  # noqa: S324 - git's name for it
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return LocalFile(path, digest.hexdigest(), sha256_file(path))
