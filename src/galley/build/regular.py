"""Raw files are regular files in the folders that a maintainer named, and nothing else.

Whoever may put files there may put a link to any file of this machine there, or a pipe that
nobody ever writes to. What was named as a folder may be a link itself: that is the maintainer's
own doing.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from galley.errors import SourceError
from galley.files import is_remote
from galley.schema.explain import printable

Named = Path | str  # as a text where there are thousands: a path takes five times the memory


def visible_files(folder: Path) -> Iterator[Named]:
    """Yield what is below a folder, but for what is hidden; links are not followed.

    On this machine as texts: `Path.rglob` keeps a path for each until it is through.
    """
    if not is_remote(folder):
        return _below(str(folder))
    own = len(folder.parts)
    return (p for p in folder.rglob("*") if not any(n[:1] == "." for n in p.parts[own:]))


def _below(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as found:
            entries = [entry for entry in found if entry.name[:1] != "."]
    except PermissionError:
        return
    yield from (entry.path for entry in entries)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path)


def regular_files(paths: Iterable[Named], top: Path) -> Iterator[Named]:
    """Yield those of `paths` that are files; folders are passed over.

    Args:
        paths: Below `top`.
        top: The folder that was named; links may not lead out of it.

    Raises:
        SourceError: One is a link that leads out of `top` or nowhere, a device, a pipe or a
            socket, or lies in a folder that such a link leads to.
    """
    if is_remote(top):
        yield from (path for path in paths if not isinstance(path, str) and path.is_file())
        return
    bounds = _Bounds(top)
    for path in paths:
        folder, name = os.path.split(path)
        odd = bounds.odd(folder)
        if odd is not None and name not in odd:
            yield path
            continue
        mode = _mode(path)
        if stat.S_ISLNK(mode) or odd is None:
            mode = _mode(bounds.follow(path))
        if stat.S_ISREG(mode):
            yield path
        elif not stat.S_ISDIR(mode):
            raise _refusal(path, "it is a pipe, a socket or a device", "take it out of the folder")


class _Bounds:
    """The folder that links may not lead out of."""

    def __init__(self, top: Path) -> None:
        self._top = top.resolve()
        self.odd = lru_cache(1 << 12)(self._odd)

    def _odd(self, folder: str) -> frozenset[str] | None:
        """Return what in a folder is no file by itself; None where it lies without, by a link.

        A look at the folder is ten times as fast as one at each file. It is named by a text: to
        make and to look up a `Path` for each file took as long as that.
        """
        if not Path(folder).resolve().is_relative_to(self._top):
            return None
        with suppress(OSError), os.scandir(folder) as found:
            return frozenset(it.name for it in found if not it.is_file(follow_symlinks=False))
        return None

    def follow(self, path: Path | str) -> Path:
        """Return where a link leads.

        Raises:
            SourceError: Nowhere, or out of the folder.
        """
        try:
            target = Path(path).resolve(strict=True)
        except (OSError, RuntimeError) as error:  # the latter: links in a circle
            raise _refusal(path, "it is a link that leads nowhere", "take it out") from error
        if not target.is_relative_to(self._top):
            hint = "copy the files into the folder, or name their own folder in build/sources.toml"
            raise _refusal(path, f"it is a link that leads out of {self._top}", hint)
        return target


def _mode(path: Path | str) -> int:
    try:
        return os.lstat(path).st_mode
    except OSError as error:
        raise _refusal(path, error.strerror or "it is gone", "check its permissions") from error


def _refusal(path: Path | str, why: str, hint: str) -> SourceError:
    shown = printable(str(path).encode("utf-8", "backslashreplace").decode())
    return SourceError(f"{shown} is no raw file: {why}", code="source_irregular", hint=hint)
