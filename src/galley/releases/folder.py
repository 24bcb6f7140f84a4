"""Publish into a folder: one folder a version; its card and `latest.json` name the current one."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galley.errors import ReleaseError
from galley.files import alone, copy_tree, sync, write_json
from galley.hashing import sha256_file
from galley.manifest import FILE_NAME, list_files
from galley.releases import card
from galley.releases.contents import read_folder
from galley.releases.front import write_front
from galley.releases.history import Release, list_releases
from galley.releases.loader import load_apart
from galley.releases.plan import Confirm, Plan
from galley.releases.staging import Staged, refuse
from galley.releases.verify import verify
from galley.releases.version import Version

POINTER = "latest.json"


@dataclass(frozen=True)
class Folder:
    """A folder of published releases.

    Attributes:
        path: The folder.
    """

    path: Path

    def publish(self, staged: Staged, confirm: Confirm) -> Plan:
        """Put a release beside the others, whole or not at all, and point at it.

        Raises:
            ReleaseError: The version is there with other content, or a newer one is.
        """
        place = self.path / staged.version
        exists = place.exists()
        if exists:
            self._check_same(staged, place)
        plan = Plan(
            "publish",
            staged.version,
            str(self.path),
            creates=not self.path.exists(),
            written=[] if exists else sorted(staged.files),
            tag="kept" if exists and self._is_settled(staged.version) else "new",
        )
        if not exists:
            self._check_order(staged.version)
        if plan.empty or not confirm(plan):
            return plan
        with alone(self.path):
            if not exists:
                self._copy(staged, place)
            self._point(place)
        return plan

    def yank(self, version: str, confirm: Confirm) -> Plan:
        """Delete a version that is not the current one.

        Raises:
            ReleaseError: It is not there, or it is current.
        """
        for path in self.path.glob(".*.yanked"):  # an earlier run was cut short
            shutil.rmtree(path, ignore_errors=True)
        place = self._find(version)
        if self._current() == place.name:
            names = (str(release.version) for release in self._releases())
            others = ", ".join(name for name in names if name != place.name)
            raise ReleaseError(
                f"{place.name} is the current version of {self.path}",
                code="version_current",
                hint=f"`galley rollback` to another one first: {others}"
                if others
                else "it is the only one: publish a sound one first, or delete the whole folder",
            )
        plan = Plan(
            "yank", place.name, str(self.path), deleted=sorted(list_files(place)), tag="deleted"
        )
        if confirm(plan):
            with alone(self.path):
                gone = self.path / f".{place.name}.yanked"
                place.rename(gone)  # from now on it is not there; the rest may be interrupted
                shutil.rmtree(gone)
        return plan

    def rollback(self, version: str, confirm: Confirm) -> Plan:
        """Point at a version that is there.

        Raises:
            ReleaseError: It is not there, or it is damaged.
        """
        place = self._find(version)
        refuse(verify(place), f"{place} is not sound")
        written = [] if self._current() == place.name else [card.FILE_NAME, POINTER]
        plan = Plan("rollback", place.name, str(self.path), written=written)
        if not plan.empty and confirm(plan):
            self._point(place)
        return plan

    def _copy(self, staged: Staged, place: Path) -> None:
        part = self.path / f".{place.name}.part"
        shutil.rmtree(part, ignore_errors=True)
        copy_tree(staged.release.path, part)
        refuse(verify(part), f"the copy in {self.path} is not sound")
        refuse(load_apart(staged.release, str(part)), f"{part} does not load as it should")
        for name in list_files(part):
            sync(part / name)
        if (current := self._current()) is not None:  # a run cut short here is to go on
            self._point(self.path / current, coming=place.name)
        part.rename(place)
        sync(self.path)

    def _point(self, place: Path, **more: str) -> None:
        manifest = sha256_file(place / FILE_NAME)
        write_front(self.path, place.name)
        write_json(self.path / POINTER, {"version": place.name, "manifest": manifest, **more})

    def _is_settled(self, version: str) -> bool:
        """Tell whether no run that published a version was cut short before it pointed at it."""
        pointer = _read_pointer(self.path)
        return pointer is not None and pointer.get("coming") != version

    def _current(self) -> str | None:
        return read_pointer(self.path)

    def _check_same(self, staged: Staged, place: Path) -> None:
        found = {name: file.sha256 for name, file in read_folder(place).items()}
        if found != {name: file.sha256 for name, file in staged.files.items()}:
            raise ReleaseError(
                f"{place} exists with other content",
                code="tag_exists",
                hint="a version that was published never changes: release a new one",
            )

    def _check_order(self, version: str) -> None:
        newest = max((release.version for release in self._releases()), default=None)
        if newest is not None and newest > Version.parse(version):
            raise ReleaseError(
                f"{newest} is published in {self.path}, and newer than {version}",
                code="version_low",
                hint="publish a newer release, or take that one away with `galley yank`",
            )

    def _find(self, version: str) -> Path:
        wanted = Version.parse(version.removeprefix("v"))
        if wanted not in {release.version for release in self._releases()}:
            raise ReleaseError(
                f"{self.path} has no version {wanted}: there are {self._listed()}",
                code="tag_missing",
                hint="name a version that is published",
            )
        return self.path / str(wanted)

    def _releases(self) -> list[Release]:
        return list_releases(self.path) if self.path.is_dir() else []

    def _listed(self) -> str:
        return ", ".join(str(release.version) for release in self._releases()) or "none"


def read_pointer(folder: Path) -> str | None:
    """Return the current version of a folder of published releases, or None.

    Raises:
        ReleaseError: The pointer cannot be read.
    """
    pointer = _read_pointer(folder)
    return None if pointer is None else str(pointer["version"])


def _read_pointer(folder: Path) -> dict[str, Any] | None:
    path = folder / POINTER
    try:
        pointer = json.loads(path.read_text(encoding="utf-8"))
        return {"version": pointer["version"], **pointer}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"cannot read {path}: {error!r}",
            code="pointer_unreadable",
            hint="delete it and run `galley rollback VERSION --to file://DIR`",
        ) from error
