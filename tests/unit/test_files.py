"""Files are written whole or not at all."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from galley.errors import WorkspaceError
from galley.files import append_jsonl, read_jsonl, replacing, write_json, write_text


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


VALUE = {"a": [1, -2.5e3, True, None, False], "b": 'é😀"\\\n', "c": {"d": ""}}


def test_a_line_cut_anywhere_is_passed_over(tmp_path: Path) -> None:
    """Whichever byte a crash ends in, within a character too; what follows is read."""
    path = tmp_path / "lines"
    append_jsonl(path, [VALUE])
    whole = path.read_bytes()
    for end in range(len(whole) - 1):
        path.write_bytes(whole + whole[:end])
        append_jsonl(path, [VALUE])
        assert [value for _, value in read_jsonl(path)] == [VALUE, VALUE], whole[:end]


def test_what_a_power_cut_leaves_is_passed_over(tmp_path: Path) -> None:
    """A file system may have made room for what never came."""
    path = tmp_path / "lines"
    path.write_bytes(b'{"a":1}\n{"a":' + b"\0" * 100)
    assert list(read_jsonl(path)) == [(1, {"a": 1})]


@pytest.mark.parametrize("line", [b"<<<<<<< HEAD", b'{"a":1}}', b'{"a" 1, "b":2}', b'{"\xff":1}'])
def test_a_damaged_line_is_not_passed_over(tmp_path: Path, line: bytes) -> None:
    """No crash leaves such a line: what it held would be lost in silence."""
    path = tmp_path / "lines"
    path.write_bytes(b'{"a":1}\n' + line + b'\n{"a":2}\n')
    with pytest.raises(WorkspaceError, match=":2 is damaged"):
        list(read_jsonl(path))


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        st.lists,
    )
)
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
def test_no_beginning_of_a_line_is_called_damaged(tmp_path: Path, value: object) -> None:
    """Whatever is written can be cut anywhere."""
    path = tmp_path / "lines"
    path.unlink(missing_ok=True)
    append_jsonl(path, [{"value": value}])
    whole = path.read_bytes()
    for end in range(len(whole) - 1):
        path.write_bytes(whole[:end])
        assert list(read_jsonl(path)) == []
