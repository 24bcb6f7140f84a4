"""The sample corpus against its gold, which was written without a look at the extractor."""

from pathlib import Path

import pytest

from .gold import agreement, load, read

ROOT = Path(__file__).resolve().parents[3]
GOLD = sorted((ROOT / "tests/examples/corpus").rglob("*.json"))
FIELDS = {
    "title": "title", "text": "text", "language": "language", "deck": "deck", "dateline": "dateline",
    "authors": "authors", "contributors": "contributors", "captions": "captions",
    "credits": "credits", "tags": "source_tags",
}  # fmt: skip


@pytest.mark.parametrize("path", GOLD, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_file_equals_gold(path: Path) -> None:
    """Every article of a file has the gold's fields, and its bytes the gold's parts."""
    gold = load(path)
    found = read(ROOT / "build/raw" / gold["file"], languages=(gold["language"],))
    assert found.quarantine == []
    for record, article in zip(found.records, gold["articles"], strict=True):
        assert {name: record[name] for name in FIELDS.values()} == {
            name: article[key] for key, name in FIELDS.items()
        }
        subheads = [record["text"][s["start"] : s["end"]] for s in record["subheads"]]
        assert subheads == article["subheads"]
    assert agreement(found, gold["spans"]) >= 0.999
    assert found.records[0]["listing_tags"] == gold["listing_tags"]


def test_corpus_has_gold() -> None:
    """Every raw file of the corpus has a gold."""
    raw = {path.relative_to(ROOT / "build/raw") for path in (ROOT / "build/raw").rglob("*.txt")}
    assert raw == {Path(load(path)["file"]) for path in GOLD}
    assert sum(len(load(path)["articles"]) for path in GOLD) >= 24
