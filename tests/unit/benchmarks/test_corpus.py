"""The corpus that speed is measured with holds what it says it holds."""

from pathlib import Path

import pyarrow.dataset as ds
import pytest

from benchmarks.corpus import Plan, generate, parse_size, render
from benchmarks.tongue import codes
from galley.workspace.building import build_paths


@pytest.mark.parametrize("layout", ["listing", "mixed"])
def test_a_build_finds_what_was_planted(tmp_path: Path, layout: str) -> None:
    """Records, near-duplicates and broken files are as many as the plan says."""
    plan = Plan(400_000, layout=layout, files=20, near=0.1, exact=0.1)
    facts = generate(plan, tmp_path, workers=1)
    summary, _ = build_paths([tmp_path / "raw"], out=tmp_path / "out")
    table = ds.dataset(tmp_path / "out" / "records").to_table()
    assert facts["records"] > facts["clusters"] > 50
    assert summary.files == facts["files"]
    assert summary.quarantined == facts["quarantined"] == 3
    assert table.num_rows == facts["records"]
    assert len(set(table["cluster"].to_pylist())) == facts["clusters"]
    assert set(table["language"].to_pylist()) == set(codes())


def test_the_same_options_give_the_same_bytes() -> None:
    """A file depends on the options and its number alone."""
    plan = Plan(10**6)
    assert render(plan, 9) == render(Plan(10**6), 9)
    assert render(plan, 9) != render(Plan(10**6, seed="1"), 9)
    assert render(plan, 9) != render(plan, 8)


def test_the_size_is_about_what_was_asked_for(tmp_path: Path) -> None:
    """A corpus of 3 MB has 3 MB."""
    facts = generate(Plan(3 * 10**6), tmp_path, workers=1)
    assert facts["bytes"] == pytest.approx(3e6, rel=0.1)
    assert facts["bytes"] == sum(path.stat().st_size for path in tmp_path.rglob("*.txt"))


def test_sizes() -> None:
    """Sizes are written as people write them."""
    assert (parse_size("200MB"), parse_size("1.5gb"), parse_size("7")) == (2 * 10**8, 15 * 10**8, 7)
    with pytest.raises(ValueError, match="no size"):
        parse_size("large")
