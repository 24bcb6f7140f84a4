"""A dataset repository: commits with trees, branches and tags."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class File:
    """A file in a tree.

    Attributes:
        sha256: Of its content.
        oid: Git's name for it, or for its pointer.
        size: In bytes.
        lfs: Whether git holds only a pointer.
    """

    sha256: str
    oid: str
    size: int
    lfs: bool


Tree = dict[str, File]


@dataclass(frozen=True)
class Commit:
    """A state of the repository."""

    parent: str | None
    tree: Tree
    title: str

    @property
    def sha(self) -> str:
        """Return 40 hex digits that depend on all of it."""
        content = [
            self.parent,
            self.title,
            [[path, f.oid] for path, f in sorted(self.tree.items())],
        ]
        return hashlib.sha1(json.dumps(content).encode()).hexdigest()  # noqa: S324 - as git does


@dataclass
class Repo:
    """Commits by their sha, and what points at them."""

    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def head(self) -> str:
        """Return the sha of `main`."""
        return self.branches["main"]

    def find(self, revision: str) -> str | None:
        """Return the sha that a branch, a tag or a sha stands for."""
        if revision in self.commits:
            return revision
        name = revision.removeprefix("refs/heads/").removeprefix("refs/tags/")
        return self.branches.get(name) or self.tags.get(name)

    def tree(self, revision: str) -> Tree:
        """Return the files of a revision that is there."""
        return self.commits[str(self.find(revision))].tree

    def commit(self, tree: Tree, title: str) -> str:
        """Put a commit on `main` and return its sha."""
        commit = Commit(self.branches.get("main"), tree, title)
        self.commits[commit.sha] = commit
        self.branches["main"] = commit.sha
        return commit.sha

    def log(self, revision: str = "main") -> list[str]:
        """Return the shas of a revision and its ancestors, newest first."""
        found = []
        sha = self.find(revision)
        while sha is not None:
            found.append(sha)
            sha = self.commits[sha].parent
        return found


def describe(path: str, file: File, xet: str | None = None) -> dict[str, Any]:
    """Return what the Hub's tree says of a file."""
    entry: dict[str, Any] = {"type": "file", "path": path, "oid": file.oid, "size": file.size}
    if file.lfs:
        entry["lfs"] = {"oid": file.sha256, "size": file.size, "pointerSize": 134}
    return entry | ({"xetHash": xet} if xet else {})


def list_tree(tree: Tree, folder: str, *, recursive: bool) -> list[tuple[str, File | None]]:
    """Return the paths below a folder, sorted; None stands for a folder."""
    prefix = f"{folder}/" if folder else ""
    found: dict[str, File | None] = {}
    for path, file in tree.items():
        if not path.startswith(prefix):
            continue
        parts = path.removeprefix(prefix).split("/")
        for depth in range(1, len(parts) if recursive else min(len(parts), 2)):
            found[prefix + "/".join(parts[:depth])] = None
        if recursive or len(parts) == 1:
            found[path] = file
    return sorted(found.items())
