"""Whatever stands where an address is expected, a build goes on, and no byte is lost."""

import json
from html import escape

from hypothesis import example, given, settings
from hypothesis import strategies as st

from galley.build.address import read_address
from galley.build.extract import extract
from galley.build.extraction import Extraction
from galley.build.identity import canonical_url, keys_of
from galley.build.source import Source
from galley.schema.check import Checker
from galley.schema.contract import Contract

CHECKER = Checker(Contract.default())
BROKEN = "http://[broken"
TEXT = "The ferry to the island will stop for the winter, the harbour office said on Tuesday."
_PIECE = st.sampled_from(["http://", "https:", "//", "[", "]", "::1", "@", ":", "％", "℀", ".", "/", "?", "#", "%zz", "a", "ø", "\t", " "])  # fmt: skip
_ADDRESS = st.lists(_PIECE | st.text(max_size=4), max_size=8).map("".join)


def run(name: str, data: str) -> Extraction:
    """Extract a file, check that its rows cover it, and make the keys of its records."""
    raw = data.encode("utf-8", "surrogatepass")
    found = extract(name, raw, source=Source("test"), checker=CHECKER)
    ends = [0, *(row["byte_end"] for row in found.account)]
    assert ends[:-1] == [row["byte_start"] for row in found.account]
    assert ends[-1] == len(raw)
    for record in found.records:
        keys_of(record)
    return found


@given(st.text() | _ADDRESS)
@example(BROKEN)
@example("https://exa℀mple.org")
def test_any_text_has_a_canonical_form(url: str) -> None:
    """Nothing raises; what is an address stays one, and its form is its form."""
    canonical = canonical_url(url)
    if read_address(url):
        assert read_address(canonical)
        assert canonical_url(canonical) == canonical


@settings(max_examples=60)
@given(_ADDRESS)
@example(BROKEN)
def test_rows(url: str) -> None:
    """A row's address is one, or the row is quarantined for it; no row is lost."""
    row = json.dumps({"title": "Ferry", "text": TEXT, "url": url})
    found = run("rows.jsonl", f"{row}\n{json.dumps({'title': 'Ferry', 'text': TEXT})}\n")
    assert len(found.records) + len(found.quarantine) == 2
    for record in found.records:
        assert record["url"] is None or read_address(record["url"])
    assert {entry["reason"] for entry in found.quarantine} <= {"row_value", "text_character"}


@settings(max_examples=40)
@given(_ADDRESS)
@example(BROKEN)
def test_pages(url: str) -> None:
    """A page whose links lead nowhere has a record without an address."""
    link = escape(url)
    found = run(
        "page.html",
        f'<!doctype html><html><head><title>Ferry</title><link rel="canonical" href="{link}">'
        f'<base href="{link}"></head><body><article><h1>The ferry stops</h1><p>{TEXT}</p>'
        f'<p><a href="{link}">{TEXT}</a></p><p>{TEXT} {TEXT}</p></article></body></html>',
    )
    assert all(record["url"] is None or read_address(record["url"]) for record in found.records)


@settings(max_examples=40)
@given(_ADDRESS)
@example(BROKEN)
def test_feeds(url: str) -> None:
    """An entry whose link leads nowhere has a record without an address."""
    link = "".join(char for char in escape(url) if char.isprintable())
    found = run(
        "feed.xml",
        f'<rss version="2.0"><channel><title>Quay</title><link>{link}</link><item><title>Ferry'
        f"</title><link>{link}</link><guid>{link}</guid><description>{TEXT}</description></item>"
        "</channel></rss>",
    )
    assert [record["title"] for record in found.records] == ["Ferry"]
    assert all(record["url"] is None or read_address(record["url"]) for record in found.records)
