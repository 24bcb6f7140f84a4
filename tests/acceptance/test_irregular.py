"""What lies among raw files and is none: nothing outside is read, nothing waits for ever."""

import gzip
import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from galley.desk import Workspace
from tests.unit.build.pages import page
from tests.unit.build.test_warc import record

_PAGE = "Winter at the quay\n\n" + "The ferry stops for the winter, the harbour office said. " * 12


@pytest.fixture
def raw(tmp_path: Path, galley: Any) -> Path:
    """Return the raw folder of a workspace with one page and one source, `raw/a/**/*`."""
    folder = tmp_path / "workspace"
    assert galley("init", folder).returncode == 0
    sources = folder / "build" / "sources.toml"
    sources.write_text('[[source]]\nname = "a"\nfiles = ["raw/a/**/*"]\n', encoding="utf-8")
    raw = folder / "build" / "raw" / "a"
    raw.mkdir(parents=True)
    (raw / "page.txt").write_text(_PAGE, encoding="utf-8")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_text(f"Secret {_PAGE}", encoding="utf-8")
    return raw


def build(galley: Any, raw: Path, *, named: bool = False) -> tuple[int, str]:
    """Build and return the exit code and what was said, which no terminal would obey.

    Args:
        galley: The command.
        raw: The folder of raw files.
        named: Whether to name it on the command line.
    """
    root = raw.parent.parent.parent
    words = [raw, "--out", root / "build" / "out"] if named else ["--workspace", root]
    done = galley("build", "--json", *words)
    assert "\x1b" not in done.stdout + done.stderr
    return done.returncode, done.stdout


def plant(raw: Path, kind: str) -> None:
    """Put something that is no raw file among the raw files."""
    outside = raw.parent.parent.parent.parent / "secret"
    if kind == "link":
        (raw / "x.txt").symlink_to(outside / "key.txt")
    elif kind == "folder":
        (raw / "x").symlink_to(outside, target_is_directory=True)
    elif kind == "chain":
        (raw / "y.txt").symlink_to(outside / "key.txt")
        (raw / "x.txt").symlink_to(raw / "y.txt")
    elif kind == "circle":
        (raw / "x.txt").symlink_to(raw / "x.txt")
    elif kind == "nowhere":
        (raw / "x.txt").symlink_to(raw / "gone.txt")
    elif kind == "pipe":
        os.mkfifo(raw / "x.txt")
    elif kind == "device":
        (raw / "x.txt").symlink_to("/dev/zero")
    elif kind == "process":
        (raw / "x.txt").symlink_to("/proc/self/environ")


_KINDS = ("link", "folder", "chain", "circle", "nowhere", "pipe", "device", "process")


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("named", [False, True], ids=["sources", "path"])
def test_nothing_outside_is_read(galley: Any, raw: Path, kind: str, *, named: bool) -> None:
    """By a pattern and by a path: a link out, a pipe, a device is refused by name, not read."""
    plant(raw, kind)
    code, said = build(galley, raw, named=named)
    out = raw.parent.parent / "out"
    found = (
        "".join(str(r) for r in Workspace.open(out.parent.parent).records()) if code == 0 else ""
    )
    assert "Secret" not in found
    # `**` of a pattern does not walk into linked folders: then there is nothing to refuse
    assert code == 2 or kind == "folder"
    assert kind == "folder" or json.loads(said)["error"]["code"] == "source_irregular"


def test_a_linked_folder_that_a_pattern_walks_into(galley: Any, raw: Path) -> None:
    """`*` walks into linked folders, and what lies there is refused."""
    plant(raw, "folder")
    sources = raw.parent.parent / "sources.toml"
    sources.write_text('[[source]]\nname = "a"\nfiles = ["raw/a/*/*.txt"]\n', encoding="utf-8")
    code, said = build(galley, raw)
    assert (code, json.loads(said)["error"]["code"]) == (2, "source_irregular")


def test_the_folder_that_was_named_may_be_a_link(galley: Any, raw: Path, tmp_path: Path) -> None:
    """A maintainer may keep raw files elsewhere; a link within is another name of the same file."""
    elsewhere = tmp_path / "elsewhere"
    raw.rename(elsewhere)
    raw.symlink_to(elsewhere, target_is_directory=True)
    (elsewhere / "again.txt").symlink_to("page.txt")
    code, _ = build(galley, raw)
    assert code == 0
    (found,) = Workspace.open(raw.parent.parent.parent).records()
    assert [source["file"] for source in found["sources"]] == ["raw/a/again.txt", "raw/a/page.txt"]


def test_a_socket(galley: Any, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket is no file."""
    monkeypatch.chdir(raw)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as wire:
        wire.bind("x.txt")
        code, said = build(galley, raw)
    assert (code, json.loads(said)["error"]["code"]) == (2, "source_irregular")


def test_names(galley: Any, raw: Path) -> None:
    """A name with a line end and an escape sequence is read, and shown escaped by every command."""
    (raw / "page.txt").rename(raw / "a\n\x1b[2J\u202egpj.txt")
    (raw / "bad\x1b]0;x\x07\n.txt").write_bytes(b"\0\1\2")
    folder = raw.parent.parent.parent
    for words in (
        ["build"],
        ["quarantine"],
        ["quarantine", "replay"],
        ["status"],
        ["inspect", raw / "bad\x1b]0;x\x07\n.txt"],
    ):
        done = galley(*words, "--workspace", folder)
        for char in ("\x1b", "\x07", "\u202e"):
            assert char not in done.stdout + done.stderr, words
    (found,) = Workspace.open(folder).records()
    assert found["sources"][0]["file"] == "raw/a/a\n\x1b[2J\u202egpj.txt"


_PLACES = (
    "file:///etc/passwd",
    "../../../escape.html",
    "/escape.html",
    "C:\\escape.html",
    "javascript:a",
)


def test_names_within_archives(galley: Any, raw: Path) -> None:
    """Whatever an archive or a packed file calls what is in it: no path is made of that."""
    told = [
        page(f"Winter {n}", body=f"<p>{n} ferries, {n} boats. {_PAGE * n}</p>") for n in range(5)
    ]
    pages = [
        record("resource", one.encode(), WARC_Target_URI=place, Content_Type="text/html")
        for one, place in zip(told, _PLACES, strict=True)
    ]
    about = b"filename: ../../../escape.warc\r\n"
    info = record("warcinfo", about, WARC_Filename="../../../escape.warc")
    (raw / "a.warc").write_bytes(info + b"".join(pages))
    with (
        (raw / "packed.txt.gz").open("wb") as file,
        gzip.GzipFile("../../../escape.txt", "wb", fileobj=file, mtime=0) as packed,
    ):
        packed.write(f"Spring at the quay\n\n{_PAGE}".encode())
    top, before = raw.parents[3], set(raw.parents[3].rglob("*"))
    code, _ = build(galley, raw)
    assert code == 0
    written = {path.relative_to(top).parts for path in set(top.rglob("*")) - before}
    out, private = ("workspace", "build", "out"), ("workspace", ".galley")
    identity = ("workspace", "build", "identity.jsonl")
    assert [p for p in written if p[:3] != out and p[:2] != private and p != identity] == []
    found = list(Workspace.open(raw.parents[2]).records())
    assert len(found) == len(_PLACES) + 1  # what was packed is the page again
    assert {item["url"] for item in found} == {None}
    files = {source["file"] for item in found for source in item["sources"]}
    assert files == {"raw/a/a.warc", "raw/a/page.txt", "raw/a/packed.txt.gz"}
