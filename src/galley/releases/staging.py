"""The staged copy of a release, and the gate that it must pass before it leaves."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from galley.errors import ReleaseError
from galley.files import copy_tree
from galley.releases.contents import LocalFile, read_folder
from galley.releases.datasheet import check_blank
from galley.releases.gates import check_licenses
from galley.releases.history import CHANGELOG, Release
from galley.releases.loader import load_apart
from galley.releases.verify import verify
from galley.releases.write import DATASHEET
from galley.schema.issue import Issue

_HINT = "nothing was published; `galley verify` lists all that is wrong"
_ANSWERS = "`galley datasheet` names what is not answered; answer it, then cut a new release"
_TERMS = "`licenses` in [tool.galley.release] names the licences that may be published"


@dataclass(frozen=True)
class Staged:
    """A copy of a release that is sound and loads.

    Attributes:
        release: The copy.
    """

    release: Release

    @property
    def version(self) -> str:
        """The version."""
        return str(self.release.version)

    @cached_property
    def files(self) -> dict[str, LocalFile]:
        """Its files."""
        return read_folder(self.release.path)


@contextmanager
def stage(release: Release, *, licenses: Iterable[str]) -> Iterator[Staged]:
    """Yield a checked copy of `release`; it is gone after the block.

    What leaves is what was checked: nobody can change a file in between.

    Args:
        release: The release, with its data.
        licenses: Those that a record may have.

    Raises:
        ReleaseError: The release is not sound, has a question of the datasheet without an answer,
            holds a record with another licence or none, or does not load as its schema says.
    """
    with tempfile.TemporaryDirectory(prefix="galley-publish-") as folder:
        copy = Release(release.version, Path(folder) / str(release.version))
        copy_tree(release.path, copy.path)
        log = release.path.parent / CHANGELOG
        if log.exists():  # it vouches for the manifest
            shutil.copy(log, folder)
        refuse(verify(copy.path), f"{release.path} is not sound")
        blank = check_blank((copy.path / DATASHEET).read_text(encoding="utf-8"))
        refuse([*blank], f"{release.path} may not be published", hint=_ANSWERS)
        refuse(check_licenses(copy, licenses), f"{release.path} may not be published", hint=_TERMS)
        refuse(load_apart(copy, str(copy.path)), f"{release.path} does not load as it should")
        yield Staged(copy)


def refuse(issues: list[Issue], what: str, *, hint: str = _HINT) -> None:
    """Do nothing if there are no `issues`.

    Args:
        issues: What was found.
        what: The sentence that the first of them is the reason for.
        hint: The next thing to do.

    Raises:
        ReleaseError: There are; it tells of the first.
    """
    if issues:
        first, more = issues[0], len(issues) - 1
        raise ReleaseError(
            f"{what}: {first.path}: {first.code}: expected {first.expected}, got {first.got}"
            + (f", and {more} more" if more else ""),
            code=first.code,
            hint=hint,
        )
