"""The releases of a workspace, as far as they are committed: manifests and indexes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from galley.errors import ReleaseError
from galley.hashing import sha256_file
from galley.manifest import FILE_NAME, Manifest
from galley.releases import index
from galley.releases.index import Entry, read_index
from galley.releases.version import Version

CHANGELOG = "CHANGELOG.md"
CONTRACT = "article.schema.json"
REPORT = "report.html"


@dataclass(frozen=True)
class Release:
    """One release on disk.

    Attributes:
        version: Its version, which is the folder's name.
        path: Its folder.
    """

    version: Version
    path: Path

    @cached_property
    def manifest(self) -> Manifest:
        """Its manifest.

        Raises:
            WorkspaceError: It cannot be read.
        """
        manifest = Manifest.load(self.path)
        if manifest is None:
            raise ReleaseError(
                f"{self.path} has no {FILE_NAME}",
                code="no_release",
                hint="name a folder that `galley release` wrote",
            )
        return manifest

    @cached_property
    def entries(self) -> list[Entry]:
        """Its index.

        Raises:
            ReleaseError: It cannot be read, or is not the one that the manifest names.
        """
        path = self.path / index.FILE_NAME
        entries = read_index(path)  # first, because it says what is wrong with an absent one
        if sha256_file(path) != self.manifest.files.get(index.FILE_NAME, {}).get("sha256"):
            raise ReleaseError(
                f"the index {path} is not the one that the manifest names",
                code="index_damaged",
                hint="the index is committed: restore it from git",
            )
        return entries

    @property
    def reference(self) -> dict[str, str]:
        """What a later manifest says of it."""
        return {"version": str(self.version), "manifest": sha256_file(self.path / FILE_NAME)}

    @property
    def previous(self) -> "Release | None":
        """The release that its manifest names as the one before, beside it; None without."""
        named = self.manifest.inputs["previous"]
        if named is None:
            return None
        return Release(Version.parse(named["version"]), self.path.parent / named["version"])

    @property
    def configs(self) -> dict[str, dict[str, int]]:
        """The number of rows of each split of each config."""
        configs: dict[str, dict[str, int]] = self.manifest.facts["configs"]
        return configs

    @property
    def date(self) -> str | None:
        """The day it was cut, if it has one."""
        date: str | None = self.manifest.facts["date"]
        return date

    @property
    def features(self) -> dict[str, Any]:
        """The features of its rows, as Hugging Face writes them."""
        features: dict[str, Any] = self.manifest.facts["features"]
        return features


def is_generated(path: str) -> bool:
    """Return whether a file of a release holds records: it is not committed, but made again."""
    return path.startswith("data/") or path == REPORT


def open_release(folder: Path) -> Release:
    """Return the release in `folder`, whatever the folder is called.

    Raises:
        ReleaseError: There is none.
        WorkspaceError: Its manifest cannot be read.
    """
    manifest = Manifest.load(folder)
    version = None if manifest is None else manifest.facts.get("version")
    if not isinstance(version, str):
        raise ReleaseError(
            f"{folder} holds no release",
            code="no_release",
            hint="name a folder, or a revision on the Hub, that `galley release` wrote",
        )
    return Release(Version.parse(version), folder)


def list_releases(folder: Path) -> list[Release]:
    """Return the releases in `folder`, by version."""
    return sorted(_found(folder), key=lambda release: release.version)


def find_release(folder: Path, version: str | None) -> Release:
    """Return the release `version` in `folder`; with None the newest.

    Raises:
        ReleaseError: There is none.
    """
    releases = list_releases(folder)
    wanted = None if version is None else Version.parse(version)
    for release in reversed(releases):
        if wanted in {None, release.version}:
            return release
    raise ReleaseError(
        f"{folder} holds no release{'' if version is None else f' {version}'}: "
        f"there are {', '.join(str(release.version) for release in releases) or 'none'}",
        code="no_release",
        hint="cut one with `galley release`",
    )


def _found(folder: Path) -> Iterator[Release]:
    for path in folder.glob(f"*/{FILE_NAME}"):
        try:
            yield Release(Version.parse(path.parent.name), path.parent)
        except ReleaseError:
            continue  # a folder of somebody else's, or one in the making


def released_entries(releases: list[Release]) -> dict[str, Entry]:
    """Return the newest word of `releases`, which are by version, on each record."""
    return {entry.id: entry for release in releases for entry in release.entries}
