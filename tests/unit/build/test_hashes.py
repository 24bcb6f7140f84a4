"""Hashes of raw files: remembered, and never wrong."""

import os
import time
from pathlib import Path

import pytest

from galley.build.hashes import NAME, Hashes
from galley.build.source import Source, SourceFile
from galley.hashing import sha256_bytes

LATER = 60 * 10**9


@pytest.fixture
def files(tmp_path: Path) -> list[SourceFile]:
    """Return two files."""
    paths = [tmp_path / "raw" / name for name in ("one.txt", "two.txt")]
    paths[0].parent.mkdir()
    for path in paths:
        path.write_text(path.name)
    return [SourceFile(path, path.name, Source("test")) for path in paths]


def remember(files: list[SourceFile], folder: Path, *, after: int = LATER) -> Hashes:
    """Return what is remembered of `files`, which were touched `after` nanoseconds ago."""
    hashes = Hashes.load(folder, "1")
    found = hashes.of(files, now=time.time_ns() + after)
    hashes.save(folder, "1", found)
    return Hashes.load(folder, "1")


def test_who_was_not_touched_is_not_read(files: list[SourceFile], tmp_path: Path) -> None:
    """The hash comes from what is remembered, by the same version only."""
    known = remember(files, tmp_path)
    wrong = {name: (mark, "remembered") for name, (mark, _) in known.files.items()}
    assert set(Hashes(wrong).of(files).values()) == {"remembered"}
    assert Hashes.load(tmp_path, "2").files == {}
    assert known.of(files)["one.txt"] == sha256_bytes(b"one.txt")
    assert known.bytes == 14


def test_who_was_touched_is_read(files: list[SourceFile], tmp_path: Path) -> None:
    """Also if the size is the same, and the time was put back; or if another took its place."""
    known = remember(files, tmp_path)
    before = files[0].path.stat()
    files[0].path.write_text("ONE.txt")
    os.utime(files[0].path, ns=(before.st_atime_ns, before.st_mtime_ns))
    other = tmp_path / "other"
    other.write_text("TWO.txt")
    os.utime(other, ns=(before.st_atime_ns, files[1].path.stat().st_mtime_ns))
    other.replace(files[1].path)
    found = known.of(files)
    assert found == {"one.txt": sha256_bytes(b"ONE.txt"), "two.txt": sha256_bytes(b"TWO.txt")}


def test_who_was_just_touched_is_not_remembered(files: list[SourceFile], tmp_path: Path) -> None:
    """Another change in the same moment would not be seen."""
    assert remember(files, tmp_path, after=0).files == {}
    assert set(remember(files, tmp_path).files) == {"one.txt", "two.txt"}


def test_large_and_small_ones_are_hashed(files: list[SourceFile]) -> None:
    """Each gets its own hash, in pieces or at once, beside others or not."""
    contents = [bytes(range(256)) * 5_000, b""]
    for file, content in zip(files, contents, strict=True):
        file.path.write_bytes(content)
    texts = [SourceFile(str(file.path.parent), file.name, file.source) for file in files]
    right = {file.name: sha256_bytes(data) for file, data in zip(files, contents, strict=True)}
    assert Hashes({}).of(files) == Hashes({}).of(texts) == right


def test_few_are_sooner_read_again(files: list[SourceFile], tmp_path: Path) -> None:
    """To remember ten thousand for one that is new takes longer than to read it twice."""
    known = remember(files, tmp_path)
    many = dict.fromkeys(map(str, range(10_000)), known.files["one.txt"])
    others = [SourceFile(files[0].path, name, files[0].source) for name in many]
    known.files.update(many)
    for unknown, costly in ((1, False), (2_000, True)):
        for name in list(many)[:unknown]:
            known.files.pop(name, None)
        known.of(others)
        assert known.costly is costly


@pytest.mark.parametrize("content", [b"", b"[]", b'{"version": "1"}', b"\xff"])
def test_what_cannot_be_read_is_forgotten(tmp_path: Path, content: bytes) -> None:
    """It is only remembered, never needed."""
    (tmp_path / "hashes").write_bytes(content)
    assert Hashes.load(tmp_path, "1").files == {}


@pytest.mark.parametrize("place", [0, 70, -40])
def test_damage_is_noticed(files: list[SourceFile], tmp_path: Path, place: int) -> None:
    """A wrong byte anywhere in what was remembered, also in a hash: nothing is known any more."""
    assert remember(files, tmp_path).files
    path = tmp_path / NAME
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    assert Hashes.load(tmp_path, "1").files == {}


def test_a_file_on_another_drive_has_its_own_path() -> None:
    """Where the paths of a build share no folder, its name is its path."""
    assert SourceFile("", "C:/raw/one.txt", Source("test")).text == "C:/raw/one.txt"
    assert SourceFile("/raw/", "one.txt", Source("test")).text == "/raw/one.txt"
