"""Which raw files a pattern names."""

from pathlib import Path

import pytest

from galley.build.source import Source, find_files
from galley.errors import SourceError

_PATTERNS = (
    "raw/*/*.txt",
    "raw/*/b.txt",
    "raw/[ab]/?.txt",
    "raw/*/deep/*",
    "raw/linked/*.txt",
    "raw/*",
    "raw//a/./*.txt",
    "raw/**/*.txt",
    "raw/a/a.txt",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with files, hidden ones among them, folders and links that stay inside."""
    for name in ("a/a.txt", "a/.hidden.txt", "b/b.txt", "b/deep/c.txt", ".d/e.txt", "top.txt"):
        path = tmp_path / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (tmp_path / "raw" / "linked").symlink_to(tmp_path / "raw" / "a", target_is_directory=True)
    (tmp_path / "raw" / "b" / "l.txt").symlink_to(tmp_path / "raw" / "b" / "b.txt")
    return tmp_path


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_pattern_names_what_a_path_finds(
    folder: Path, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pattern means what `Path.glob` says, with or without a folder before it."""
    paths = {path for path in folder.glob(pattern) if path.is_file()}
    expected = sorted(path.relative_to(folder).as_posix() for path in paths)
    sources = [Source("a", (pattern,))]
    found = find_files(sources, folder)
    assert [file.name for file in found] == expected
    assert {file.path for file in found} == paths
    monkeypatch.chdir(folder)
    assert [file.name for file in find_files(sources, Path())] == expected


def test_link_that_leads_nowhere_is_no_file_of_its_name(folder: Path) -> None:
    """Named in full, it is missing, as a file that is not there."""
    (folder / "raw" / "gone.txt").symlink_to(folder / "nowhere")
    with pytest.raises(SourceError) as caught:
        find_files([Source("a", ("raw/gone.txt",))], folder)
    assert caught.value.code == "source_missing"
