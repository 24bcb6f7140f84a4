"""Lay out a new workspace from the files in `galley.template`."""

import re
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from galley import __version__
from galley.errors import WorkspaceError
from galley.files import write_bytes

# Under their own names these would act on Galley's repository, or be left out of its package.
_RENAMED = {name: f".{name}" for name in ("gitignore", "gitattributes", "github")}
_RENAMED["pre-commit-config.yaml"] = ".pre-commit-config.yaml"
# What a workspace has only if it is asked for.
_CI = "ci"
# A dataset is a project and a repository on the Hub: both take such a name.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")


def lay_out(folder: Path, name: str, *, force: bool = False, ci: bool = False) -> list[Path]:
    """Write the files of a new workspace into `folder`; never over a file that exists.

    Args:
        folder: Where; it is made if need be.
        name: The dataset's name: letters, digits, dot, dash and underscore.
        force: Accept a folder that is not empty.
        ci: Add the workflows of a hosted CI, and the hook of pre-commit.

    Returns:
        The files written, by path.

    Raises:
        WorkspaceError: The name will not do, or the folder is not empty or no folder.
    """
    _check(folder, name, force=force)
    written = []
    for path, content in template_files(ci=ci):
        target = folder / path
        if target.exists():
            continue
        write_bytes(target, _filled(content, name))
        written.append(target)
    (folder / "releases").mkdir(exist_ok=True)
    return sorted(written)


def _foreign(folder: Path, name: str) -> Iterator[Path]:
    """Yield the files of `folder` that no earlier run, cut short, can have written."""
    own = {folder / path: _filled(content, name) for path, content in template_files(ci=True)}
    for path in folder.rglob("*"):
        part = path.name.startswith(".") and path.name.endswith(".part")
        if not (path.is_dir() or part or (path in own and path.read_bytes() == own[path])):
            yield path


def _filled(content: bytes, name: str) -> bytes:
    return content.replace(b"@NAME@", name.encode()).replace(b"@VERSION@", __version__.encode())


def name_of(folder: Path) -> str:
    """Return the name that a dataset gets by its folder."""
    return folder.resolve().name.replace(" ", "-")


def template_files(*, ci: bool = False) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield the path in a workspace and the content of each file of the template."""
    template = resources.files("galley.template")
    yield from (pair for pair in _walk(template, PurePosixPath()) if pair[0].parts[0] != _CI)
    if ci:
        yield from _walk(template / _CI, PurePosixPath())


def _walk(folder: Traversable, where: PurePosixPath) -> Iterator[tuple[PurePosixPath, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = where / _RENAMED.get(entry.name, entry.name)
        if entry.is_dir():
            yield from _walk(entry, path)
        else:
            yield path, entry.read_bytes()


def _check(folder: Path, name: str, *, force: bool) -> None:
    if not _NAME.fullmatch(name):
        raise WorkspaceError(
            f"{name!r} cannot name a dataset: letters, digits, dot, dash and underscore can",
            code="init_name",
            hint="choose one with --name",
        )
    if folder.exists() and not folder.is_dir():
        raise WorkspaceError(f"{folder} is a file, not a folder", code="init_file")
    if folder.exists() and not force and any(_foreign(folder, name)):
        raise WorkspaceError(
            f"{folder} is not empty",
            code="init_not_empty",
            hint="choose another, or --force to add what is missing; no file is overwritten",
        )
