"""The format of a file is seen in its bytes; its name decides where they say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley.build.formats.format import detect_format

_FORMATS = {"text", "html", "feed", "warc", "jsonl", "csv", "parquet"}
_PROLOG = '<?xml version="1.0"?>\n<!-- a <rss> comment -->\n'


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"PAR1\x15\0\0\0PAR1", "parquet"),
        (b"PAR1", "text"),
        (b"WARC/1.1\r\nWARC-Type: warcinfo\r\n", "warc"),
        (b"<!DOCTYPE html>\n<p>x", "html"),
        (b"\xef\xbb\xbf\n <HTML lang=en>", "html"),
        (b"<!-- saved --><div class='a'>x</div>", "html"),
        ((_PROLOG + '<html xmlns="http://www.w3.org/1999/xhtml">').encode(), "html"),
        ((_PROLOG + '<rss version="2.0">').encode(), "feed"),
        ("\ufeff<feed xmlns='http://www.w3.org/2005/Atom'>".encode("utf-16"), "feed"),
        (b"<rdf:RDF xmlns:rdf='a'>", "feed"),
        (b"<atom:feed xmlns:atom='a'>", "feed"),
        (b'{"title": "a", "text": "b"}\n{"title": 1}', "jsonl"),
        (b"{not json}\n", "text"),
        (b"<3 is a heart\n\nA paragraph.", "text"),
        (b"A title\n\nSome text with a <p> tag in it.", "text"),
        (b"", "text"),
    ],
)
def test_the_bytes_decide(data: bytes, form: str) -> None:
    """Whatever the file is called."""
    assert detect_format("file", data) == detect_format("file.txt", data) == form
    assert form == "text" or detect_format("file.csv", data) == form


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.csv", "csv"), ("a.TSV", "csv"), ("a.csv.gz", "csv"), ("a.jsonl.zst", "jsonl"), ("a.xml", "feed"),
     ("a.rss", "feed"), ("a.parquet", "parquet"), ("a.warc.gz", "warc"), ("a.txt", "text"), ("2024.05.html", "text"), ("a.csv.bak", "text")],
)  # fmt: skip
def test_the_name_decides_where_the_bytes_do_not(name: str, form: str) -> None:
    """A page saved as text keeps its name, but has no tags."""
    assert detect_format(name, b"title,text\nA,B\n") == form


def test_a_page_needs_its_name_when_it_begins_with_text() -> None:
    """Tags after loose text are a page only where the file is called one."""
    assert detect_format("a.html", b"loose text <p>and a tag</p>") == "html"


@given(
    st.binary(max_size=80), st.sampled_from(["a", "a.html", "a.xml", ".gz", "", "a..", "a.json"])
)
def test_any_bytes_have_a_format(data: bytes, name: str) -> None:
    """Nothing raises."""
    for before in (b"", b"<", b"<!--", b"<!doctype [", b"{", b"\xff\xfe"):
        assert detect_format(name, before + data) in _FORMATS
