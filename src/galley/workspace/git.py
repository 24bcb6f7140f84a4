"""What git holds of a workspace: the index, and commits."""

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from galley.errors import WorkspaceError

# Git tells its hooks where things are, from the folder on in which it starts them.
_PLACES = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY")

# From a path, relative to the workspace, to the object that stands there.
Tree = Mapping[str, str]


@dataclass(frozen=True)
class Git:
    """The repository that a workspace lies in; the workspace need not be its root.

    Attributes:
        folder: The workspace.
    """

    folder: Path

    @cached_property
    def staged(self) -> Tree:
        """What the next commit will hold."""
        found = self._run("ls-files", "--stage", "-z", "--", ".")
        return dict(_entries(found, oid=1))

    def tree(self, commit: str) -> Tree:
        """Return what a commit holds."""
        return dict(_entries(self._run("ls-tree", "-r", "-z", commit, "--", "."), oid=2))

    def find_base(self, since: str | None) -> str | None:
        """Return the commit that the next one is compared with; None before the first.

        Args:
            since: A branch that it goes off, where that is not the commit before it.

        Raises:
            WorkspaceError: There is no such commit, or nothing in common with it.
        """
        if since is None:
            done = self._try("rev-parse", "--verify", "--quiet", "HEAD")
            return done.stdout.decode().strip() or None
        done = self._try("merge-base", since, "HEAD")
        if done.returncode:
            why = done.stderr.decode(errors="replace").strip() or "nothing in common with it"
            raise WorkspaceError(
                f"cannot compare with {since}: {why}",
                code="git_since",
                hint=f"`git fetch origin {since.removeprefix('origin/')}`; "
                "a shallow clone lacks what is needed: `git fetch --unshallow`",
            )
        return done.stdout.decode().strip()

    def read(self, objects: Iterable[str]) -> Iterator[bytes]:
        """Yield the content of each of `objects`, in their order."""
        said = "".join(f"{oid}\n" for oid in objects).encode()
        found = self._run("cat-file", "--batch", said=said)
        at = 0
        while at < len(found):
            end = found.index(b"\n", at)
            size = int(found[at:end].split()[2])
            yield found[end + 1 : end + 1 + size]
            at = end + size + 2

    def _run(self, *words: str, said: bytes = b"") -> bytes:
        done = self._try(*words, said=said)
        if done.returncode:
            raise WorkspaceError(
                f"git {words[0]}: {done.stderr.decode(errors='replace').strip()}",
                code="git_failed",
                hint="--staged needs a workspace in a git repository: `git init`",
            )
        return done.stdout

    def _try(self, *words: str, said: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        places = {
            name: str(Path(os.environ[name]).absolute()) for name in _PLACES if name in os.environ
        }
        command = ["git", "-C", str(self.folder), *words]
        try:
            return subprocess.run(
                command, input=said, env=os.environ | places, capture_output=True, check=False
            )
        except OSError as error:
            raise WorkspaceError(
                f"cannot run git: {error.strerror}", code="no_git", hint="install git"
            ) from error


def _entries(found: bytes, *, oid: int) -> Iterator[tuple[str, str]]:
    """Yield path and object of each line that git prints of an index or a tree."""
    for line in found.split(b"\0"):
        facts, tab, path = line.partition(b"\t")
        if tab:
            yield os.fsdecode(path), facts.split()[oid].decode()


def _environ() -> dict[str, str]:
    """Return the environment, with places that hold from any folder on."""
    places = {name: os.environ[name] for name in _PLACES if name in os.environ}
    return os.environ | {name: str(Path(place).absolute()) for name, place in places.items()}
