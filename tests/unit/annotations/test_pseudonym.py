"""Annotators have one pseudonym each, under one key."""

import stat
from pathlib import Path

import pytest

from galley.annotations.pseudonym import Pseudonyms
from galley.errors import LedgerError


def open_at(folder: Path, **environ: str) -> Pseudonyms:
    """Return the pseudonyms of the workspace in `folder`."""
    return Pseudonyms.open(folder / "private/key", folder / "fingerprint", environ=environ)


def test_key_is_made_once(tmp_path: Path) -> None:
    """The key is made at the first use, readable by its owner only, and kept."""
    first = open_at(tmp_path)
    assert stat.S_IMODE((tmp_path / "private/key").stat().st_mode) == 0o600
    assert open_at(tmp_path) == first
    assert (tmp_path / "fingerprint").read_text(encoding="utf-8").strip() == first.fingerprint
    assert first.key.decode() not in (tmp_path / "fingerprint").read_text(encoding="utf-8")


def test_pseudonym() -> None:
    """One person has one pseudonym however the address is written; another key, another one."""
    ours, theirs = Pseudonyms(b"one"), Pseudonyms(b"two")
    assert ours.of("Ada@Example.org ") == ours.of("ada@example.org")
    assert ours.of("ada@example.org") != ours.of("bob@example.org")
    assert ours.of("ada@example.org") != theirs.of("ada@example.org")


def test_another_clone_needs_the_key(tmp_path: Path) -> None:
    """With the fingerprint committed a clone without the key is refused, and one with it not."""
    first = open_at(tmp_path)
    key = first.key.decode()
    (tmp_path / "private/key").unlink()
    assert open_at(tmp_path, GALLEY_ANNOTATOR_KEY=f"{key}\n") == first
    for environ in ({}, {"GALLEY_ANNOTATOR_KEY": "another"}):
        with pytest.raises(LedgerError) as caught:
            open_at(tmp_path, **environ)
        assert caught.value.code == "annotator_key"
    assert not (tmp_path / "private/key").exists()
