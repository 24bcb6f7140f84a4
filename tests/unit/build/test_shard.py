"""What a shard's cache is keyed by, and how many shards there are."""

from importlib.metadata import version
from pathlib import Path

import pytest

from galley.build import shard
from galley.build.plan import BuildPlan
from galley.build.source import expand_paths
from galley.build.stage import run_build
from galley.config import BuildConfig
from galley.schema.contract import Contract
from galley.workspace.advance import silent


def test_all_that_decides_about_a_record_counts() -> None:
    """The checks of a record are part of the code, and so are the libraries that read pages."""
    names = {path.relative_to(shard._PACKAGE).as_posix() for path in shard._code()}
    assert {"schema/check.py", "build/extract.py", "build/dump/lexicon.toml", "record.py"} <= names
    assert all(path.is_file() for path in shard._code())
    libraries = shard._libraries()
    assert libraries["trafilatura"] == version("trafilatura")
    assert {"rensa", "eld", "pyarrow", "jsonschema-rs"} <= libraries.keys()


@pytest.mark.parametrize(
    ("size", "least", "number"),
    [(0, 16, 16), (1 << 30, 16, 16), ((1 << 30) + 1, 16, 32), (1 << 40, 16, 1024), (9, 4, 4)],
)
def test_a_shard_stays_small(size: int, least: int, number: int) -> None:
    """There are more of them instead, as long as they are no thousand."""
    assert shard.count_buckets(size, least=least) == number


def test_a_corpus_that_outgrows_its_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is divided anew, with the records that it would have had at once."""
    monkeypatch.setattr(shard, "_LARGE", 4_000)
    raw, out, at_once = tmp_path / "raw", tmp_path / "out", tmp_path / "at_once"
    raw.mkdir()

    def build(to: Path) -> set[str]:
        files = expand_paths([raw], out=to)
        config = BuildConfig(workers=1, shards=2)
        run_build(BuildPlan(files, to, Contract.default(), config), silent)
        return {path.name for path in to.glob("records/*")}

    def add(numbers: range) -> None:
        for number in numbers:
            text = " ".join(f"Boat {number} came to pier {pier}." for pier in range(60))
            (raw / f"{number}.txt").write_text(f"Boat {number} has come\n\n{text}\n")

    add(range(4))
    few = build(out)
    add(range(4, 40))
    many = build(out)
    assert len(many) > 8 > len(few)
    assert build(at_once) == many
    for path in at_once.rglob("*.parquet"):
        assert (out / path.relative_to(at_once)).read_bytes() == path.read_bytes()
    assert {path.name for path in (out / ".cache").iterdir() if path.is_dir()} == {
        name.removeprefix("part-").removesuffix(".parquet") for name in many
    }
