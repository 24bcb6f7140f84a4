"""Files written whole or not at all, and files that only grow."""

import errno
import glob
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from galley.errors import WorkspaceError
from galley.hashing import canonical_json

try:
    import fcntl
except ImportError:  # there are none on Windows
    fcntl = None  # type: ignore[assignment]


def locate(place: str) -> Path:
    """Return a path on this machine, or for `s3://…` and the like what fsspec makes of it.

    `file://…` is a path on this machine, too: with its locks, and files that are whole or not
    there.

    Raises:
        WorkspaceError: What reads such places is not installed.
    """
    if not is_remote(place):
        return Path(place)
    return local_path(place) if place.startswith("file://") else reach(place)


def reach(place: str) -> Path:
    """Return what fsspec makes of `s3://…` and the like, of `file://…`, too.

    It is used as a path is; the type checker takes it for one.

    Raises:
        WorkspaceError: What reads such places is not installed.
    """
    from upath import UPath  # noqa: PLC0415 - only where something lies elsewhere

    try:
        found = UPath(place)
        _ = found.fs  # what reads it is imported with it
        return cast("Path", found)
    except (ImportError, ValueError) as error:
        raise WorkspaceError(
            f"cannot read {place}: {error}",
            code="place_unknown",
            hint="`pip install galley-data[s3]` for s3://",
        ) from error


def local_path(place: str) -> Path:
    """Return the path that `file://DIR` stands for; any other text is one itself."""
    if not place.startswith("file:"):
        return Path(place)
    parts = urlsplit(place)
    host = "" if parts.netloc == "localhost" else parts.netloc  # by RFC 8089 that is this machine
    return Path(unquote(host + parts.path))


def is_remote(place: object) -> bool:
    """Return whether a path, or the name of one, does not lie on this machine."""
    return "://" in str(place)


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it, if it is there."""
    if not is_remote(folder):
        shutil.rmtree(folder, ignore_errors=True)
        return
    remote = cast("Any", folder)
    if folder.exists():
        remote.fs.rm(remote.path, recursive=True)


def copy_tree(source: Path, target: Path, *, without: str = "", links: bool = False) -> None:
    """Copy a folder to a place where there is none.

    `shutil.copytree` goes on when the disk is full, and then says so in words alone.

    Args:
        source: The folder.
        target: Where to.
        without: The name of what is left out, wherever it is.
        links: Whether symbolic links stay what they are; else what they lead to is copied.

    Raises:
        OSError: The first thing that the system refuses.
    """
    target.mkdir(parents=True)
    for path in sorted(source.iterdir()):
        place = target / path.name
        if path.name == without:
            continue
        if links and path.is_symlink():
            place.symlink_to(path.readlink())
        elif path.is_dir():
            copy_tree(path, place, without=without, links=links)
        else:
            shutil.copy2(path, place)


def is_part(path: Path) -> bool:
    """Tell whether a file is one that `replacing` writes, and a run that was killed left there."""
    return path.name.startswith(".") and path.suffix == ".part"


@contextmanager
def replacing(path: Path, *, mode: int = 0o644) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it takes the place of `path`.

    The file is flushed to disk before the rename, so that after a crash `path` holds either
    the old content or the new, never a part. On an exception nothing is left behind. An
    object store shows a file only when all of it has arrived.
    """
    if is_remote(path):
        with tempfile.TemporaryDirectory() as folder:
            local = Path(folder) / "part"
            yield local
            remote = cast("Any", path)
            remote.fs.put_file(str(local), remote.path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with _own_part(path) as part:
        yield part
        part.chmod(mode)
        sync(part)
        part.replace(path)
        sync(path.parent)


@contextmanager
def _own_part(path: Path) -> Iterator[Path]:
    """Yield a new file beside `path`, and clear away those that killed runs left there.

    A lock tells them from those that another process writes now: the system frees it with the
    process, whatever number the next one has.
    """
    for old in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        with _locked(old) as free:
            if free:
                old.unlink(missing_ok=True)
    with ExitStack() as stack:
        while True:
            handle, name = tempfile.mkstemp(
                dir=path.parent, prefix=f".{path.name}.", suffix=".part"
            )
            os.close(handle)
            part = Path(name)
            stack.callback(part.unlink, missing_ok=True)
            # somebody else may have cleared it away before it was locked
            if stack.enter_context(_locked(part)) is not False and part.exists():
                break
        yield part


@contextmanager
def _locked(path: Path) -> Iterator[bool | None]:
    """Hold a lock on the file at `path`; yield whether nobody else does, None where none are."""
    if fcntl is None:
        yield None
        return
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:  # gone
        yield False
        return
    try:
        yield _is_free(file)
    finally:
        os.close(file)


def _is_free(file: int) -> bool | None:
    """Tell whether nobody holds the lock on an open file, then we do; None where none are."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk of the network that knows no such locks
        return None
    return True


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep others who ask for the same out of `folder`, which is made if need be.

    The lock is on the folder itself: whoever holds it cannot leave it behind.

    Raises:
        WorkspaceError: Somebody else is in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder) as free:
        if free is False:
            raise WorkspaceError(
                f"another command is writing to {folder}",
                code="folder_busy",
                hint="wait until it has ended, then run this one again",
            )
        yield


def sync(path: Path) -> None:
    """Wait until a file, or the list of what is in a folder, is on disk."""
    if is_remote(path) or (path.is_dir() and os.name != "posix"):
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:  # some disks of the network have no such thing for a folder
        if not (path.is_dir() and error.errno in {errno.EINVAL, errno.EBADF}):
            raise
    finally:
        os.close(handle)


def expect(path: Path | str) -> None:
    """Tell the system that a file will be read soon, where it can be told: the disk begins."""
    if is_remote(path) or not hasattr(os, "posix_fadvise"):
        return
    with suppress(OSError):  # whoever reads it says what is wrong with it
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_WILLNEED)
        finally:
            os.close(handle)


def write_bytes(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write `data` to `path`, whole or not at all."""
    with replacing(path, mode=mode) as part:
        part.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` in UTF-8 with LF line ends, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON with sorted keys, for people and diffs."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    write_text(path, text + "\n")


def write_jsonl(path: Path, values: Iterable[Any]) -> None:
    """Write one canonical JSON line for each of `values`, whole or not at all."""
    write_text(path, "".join(canonical_json(value) + "\n" for value in values))


def append_jsonl(path: Path, values: Iterable[Any]) -> None:
    """Append one canonical JSON line for each of `values` and flush them to disk."""
    append_lines(path, map(canonical_json, values))


def append_lines(path: Path, values: Iterable[str]) -> None:
    """Append a line for each of `values`, which are JSON, and flush them to disk.

    A last line that a crash cut short is taken away first, one that lacks only its end is ended:
    neither can swallow a new one.
    """
    lines = "".join(f"{value}\n" for value in values)
    if not lines:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with path.open("ab+") as file:
        _mend_end(file)
        file.write(lines.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    if new:
        sync(path.parent)


def _mend_end(file: BinaryIO) -> None:
    """Let a file, open to be appended to, end with a whole line."""
    end = start = file.seek(0, os.SEEK_END)
    tail = b""
    while start and b"\n" not in tail:
        start = max(0, start - 65_536)
        file.seek(start)
        tail = file.read(end - start)
    tail = tail[tail.rfind(b"\n") + 1 :]
    if tail and _is_cut(tail.rstrip(b"\0\r ")):
        file.truncate(end - len(tail))
    elif tail:
        file.write(b"\n")


def read_jsonl(
    path: Path, *, wanted: Callable[[bytes], bool] | None = None
) -> Iterator[tuple[int, Any]]:
    """Yield `(line number from 1, value)` for each line of a JSON Lines file, in order.

    A line that a crash cut short holds nothing that anybody was promised: it is passed over,
    also where `append_jsonl` ended it and went on. A missing file has no lines.

    Args:
        path: The file.
        wanted: Tells of a line whether it is read at all; None for all.

    Raises:
        WorkspaceError: A line is broken in another way than a crash leaves it.
    """
    for number, _, value in locate_jsonl(path, wanted=wanted):
        yield number, value


def locate_jsonl(
    path: Path, *, wanted: Callable[[bytes], bool] | None = None, start: int = 0
) -> Iterator[tuple[int, int, Any]]:
    """Yield `(line number from 1, byte at which it begins, value)` as `read_jsonl` does.

    Args:
        path: The file.
        wanted: Tells of a line whether it is read at all; None for all.
        start: The byte at which the first line begins.
    """
    if not path.exists():
        return
    with path.open("rb") as file:  # bytes: a crash also cuts characters in two
        end = file.seek(start)
        for number, line in enumerate(file, 1):
            begin, end = end, end + len(line)
            if wanted is not None and not wanted(line):
                continue
            try:
                yield number, begin, json.loads(line.decode("utf-8"))
            except (ValueError, RecursionError) as error:
                if not _is_cut(line.rstrip(b"\0\r\n ")):
                    raise WorkspaceError(
                        f"{path}:{number} is damaged: {error}",
                        code="line_damaged",
                        hint="restore the line from git; if git marked a conflict, keep both sides",
                    ) from error


# What a value, or the rest of a number, can begin with that is no value yet.
_VALUES = ("true", "false", "null", "-", ".", "e-", "e+")


def _is_cut(line: bytes) -> bool:
    """Return whether `line` is the beginning of a JSON object; a crash leaves NUL behind it."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return False
        text = line[: error.start].decode("utf-8")
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        rest = text[error.pos :]
        inside = error.msg.startswith(("Unterminated string", "Invalid \\"))
        begun = any(value.startswith(rest) for value in _VALUES)
        return text[:1] in {"", "{"} and (inside or begun)
    except (RecursionError, ValueError):  # a number without end
        return False
    return False
