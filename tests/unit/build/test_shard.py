"""What a shard's cache is keyed by."""

from importlib.metadata import version

from galley.build import shard


def test_all_that_decides_about_a_record_counts() -> None:
    """The checks of a record are part of the code, and so are the libraries that read pages."""
    names = {path.relative_to(shard._PACKAGE).as_posix() for path in shard._code()}
    assert {"schema/check.py", "build/extract.py", "build/dump/lexicon.toml", "record.py"} <= names
    assert all(path.is_file() for path in shard._code())
    libraries = shard._libraries()
    assert libraries["trafilatura"] == version("trafilatura")
    assert {"rensa", "eld", "pyarrow", "jsonschema-rs"} <= libraries.keys()
