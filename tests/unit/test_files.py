"""Files are written whole or not at all."""

from pathlib import Path

import pytest

from galley.files import read_jsonl, replacing, write_json, write_text


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """An exception while writing keeps what was there and leaves nothing beside it."""
    path = tmp_path / "file"
    write_text(path, "old")
    with pytest.raises(RuntimeError), replacing(path) as part:  # noqa: PT012 - the write is the subject
        part.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_mode_is_set_before_the_file_is_there(tmp_path: Path) -> None:
    """A secret file is never readable for others."""
    with replacing(tmp_path / "secret", mode=0o600) as part:
        assert part.stat().st_mode & 0o077 == 0
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_json_has_no_nan(tmp_path: Path) -> None:
    """What other programs cannot read is not written."""
    with pytest.raises(ValueError):
        write_json(tmp_path / "file", {"score": float("nan")})


def test_missing_lines_file_is_empty(tmp_path: Path) -> None:
    """A file that was never written has no lines."""
    assert list(read_jsonl(tmp_path / "nothing.jsonl")) == []
