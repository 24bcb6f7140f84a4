"""The two real pages that Galley was made for, against a gold made by hand."""

import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from .gold import agreement, load, read

PARTS = {
    "paragraph_text": "text", "newline": "whitespace", "caption_credit_separator": "caption",
    "photo_credit": "caption", "illustration_credit": "caption", "author_bio": "byline",
    "contributor_line": "contributor", "breadcrumb_home": "breadcrumb",
    "breadcrumb_separator": "breadcrumb", "breadcrumb_title": "breadcrumb",
    "read_more_label": "read_more", "read_more_target_title": "read_more",
    "teaser_title": "teaser", "teaser_text": "teaser",
}  # fmt: skip


@pytest.mark.parametrize("name", ["000", "004"])
def test_seed_equals_gold(name: str, SHARED: Path) -> None:
    """Titles, tags and datelines are the gold's, and at least 99% of the bytes."""
    gold = load(SHARED / f"gold/{name}.json")
    found = read(SHARED / "seeds" / gold["file"])
    spans = [
        (span["byte_start"], span["byte_end"], PARTS.get(span["label"], span["label"]))
        for span in gold["spans"]
    ]
    assert agreement(found, spans) >= 0.99
    for record, article in zip(found.records, gold["articles"], strict=True):
        assert record["title"] == article["title"]
        assert record["source_tags"] == article["tags"]
        assert record["dateline"] == article.get("dateline")
        assert _f1(_without_subheads(record), article["expected_main_text"]) >= 0.99


def test_listing_tag_of_seed(SHARED: Path) -> None:
    """The ten articles of the listing know the tag of its head."""
    found = read(next((SHARED / "seeds").glob("000*")))
    assert [record["listing_tags"] for record in found.records] == [["Military"]] * 10


def _without_subheads(record: dict[str, Any]) -> str:
    text = record["text"]
    for span in reversed(record["subheads"]):
        text = text[: span["start"]] + text[span["end"] :]
    return str(text)


def _f1(one: str, other: str) -> float:
    one, other = re.sub(r"\s", "", one), re.sub(r"\s", "", other)
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return 2 * sum(block.size for block in blocks) / (len(one) + len(other))
