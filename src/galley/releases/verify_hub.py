"""Check a release on the Hub: everything is downloaded and computed again."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from galley.config import NetworkConfig
from galley.errors import GalleyError, ReleaseError
from galley.manifest import FILE_NAME, Manifest
from galley.releases.contents import Tree, compare_tree, read_folder
from galley.releases.hub import HubRepo
from galley.releases.verify import verify
from galley.releases.version import Version
from galley.schema.issue import Issue

SCHEME = "hf://"
_URI = re.compile(r"hf://datasets/([\w.-]+/[\w.-]+)(?:@([\w./-]+))?/?", re.ASCII)


@dataclass(frozen=True)
class HubRevision:
    """A revision of a dataset on the Hub.

    Attributes:
        name: `ORG/NAME`.
        revision: A tag, a branch or a commit.
    """

    name: str
    revision: str

    @classmethod
    def parse(cls, text: str) -> "HubRevision":
        """Read `hf://datasets/ORG/NAME@REVISION`; without a revision it is `main`.

        Raises:
            ReleaseError: `text` is not of that form.
        """
        match = _URI.fullmatch(text)
        if match is None:
            raise ReleaseError(
                f"{text!r} is no revision of a dataset",
                code="revision_invalid",
                hint="for example hf://datasets/ORG/NAME@v0.1.0",
            )
        return cls(match[1], match[2] or "main")


@contextmanager
def downloaded(where: HubRevision, network: NetworkConfig) -> Iterator[tuple[Path, Tree]]:
    """Yield a folder with the files of a revision, and what the Hub says that they are.

    Raises:
        ReleaseError: There is no such revision, or the Hub fails.
    """
    repo = HubRepo(where.name, network)
    refs = repo.refs()
    sha = refs.tags.get(where.revision) or (refs.head if where.revision == "main" else None)
    tree = repo.tree(sha or where.revision)
    with tempfile.TemporaryDirectory(prefix="galley-hub-") as home:
        folder = Path(home) / "revision"
        repo.download(sha or where.revision, folder)
        shutil.rmtree(folder / ".cache", ignore_errors=True)  # the client's notes
        yield folder, tree


def verify_hub(
    where: HubRevision, also: Callable[[Path], list[Issue]], *, network: NetworkConfig
) -> list[Issue]:
    """Return what is wrong with a release on the Hub, sorted; nothing is taken from a cache.

    Args:
        where: The release.
        also: What else is wrong with the folder of a release in which nothing else is.
        network: How long the Hub is waited for.

    Raises:
        ReleaseError: There is no such revision, it holds no release, or the Hub fails.
    """
    with downloaded(where, network) as (folder, tree):
        issues = [*compare_tree(read_folder(folder), tree)]
        return sorted([*issues, *_check_tag(folder, where), *verify(folder)]) or also(folder)


def _check_tag(folder: Path, where: HubRevision) -> Iterator[Issue]:
    """Yield where the tag of a version stands at another version."""
    version = where.revision.removeprefix("v")
    try:
        manifest = Manifest.load(folder)
        Version.parse(version)
    except GalleyError:
        return  # another kind of name; a manifest that cannot be read is found elsewhere
    got = None if manifest is None else manifest.facts.get("version")
    if got != version:
        yield Issue(FILE_NAME, "tag_version", version, str(got))
