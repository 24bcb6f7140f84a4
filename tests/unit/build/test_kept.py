"""What takes long to make is made once, and again where anything is another than it was."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from galley.build.kept import kept


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Compiled modules, and what is kept beside them, go into a folder of their own."""
    folder = tmp_path / "compiled"
    monkeypatch.setattr(sys, "pycache_prefix", str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return folder


def _ask(source: Path, data: bytes) -> bytes:
    return kept("thing", [source], lambda: data)


def _file(folder: Path) -> Path:
    (path,) = folder.rglob("*.thing")
    return path


def test_it_is_made_once(tmp_path: Path) -> None:
    """Who asks again gets what was made, not what would be."""
    source = tmp_path / "source"
    source.write_text("a")
    assert [_ask(source, data) for data in (b"first", b"second")] == [b"first", b"first"]


def test_another_source_makes_another(tmp_path: Path) -> None:
    """A source of the same size and age with other bytes is another one."""
    source = tmp_path / "source"
    source.write_text("a")
    _ask(source, b"of a")
    source.write_text("b")
    assert _ask(source, b"of b") == b"of b"


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data[:-1] + b"?"])
def test_damage_is_noticed(tmp_path: Path, folder: Path, damage: Callable[[bytes], bytes]) -> None:
    """What is cut short, or has a wrong byte, is made again, and then is whole."""
    source = tmp_path / "source"
    source.write_text("a")
    _ask(source, b"first")
    path = _file(folder)
    path.write_bytes(damage(path.read_bytes()))
    assert [_ask(source, data) for data in (b"second", b"third")] == [b"second", b"second"]


def test_it_need_not_be_kept(tmp_path: Path, folder: Path) -> None:
    """Where nobody can write it is made each time."""
    source = tmp_path / "source"
    source.write_text("a")
    folder.write_text("no folder")
    assert [_ask(source, data) for data in (b"first", b"second")] == [b"first", b"second"]


def test_nobody_is_made_to_keep_it(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who wants no compiled modules on disk gets nothing else there either."""
    source = tmp_path / "source"
    source.write_text("a")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert _ask(source, b"first") == b"first"
    assert not folder.exists()
