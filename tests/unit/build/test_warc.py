"""Web archives: a record of the archive is an article, or says why it is none."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galley.build.extract import extract
from galley.build.reasons import find_reason
from galley.build.source import Source
from tests.unit.build.pages import CHECKER, PROSE, page, read

_DUMP = "Winter\n\n" + "\n\n".join(PROSE["en"] * 2) + "\n"


def record(kind: str, data: bytes, **headers: str) -> bytes:
    """Return a record of an archive (warcio's writer leaves its temporary files open)."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = ["WARC/1.0", f"WARC-Type: {kind}", *lines, f"Content-Length: {len(data)}"]
    return "\r\n".join([*head, "", ""]).encode() + data + b"\r\n\r\n"


def response(data: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """Return the record of an answer to HTTP."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    http = "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()
    named = {"WARC_Target_URI": "https://quay.example/a", "WARC_Date": "2020-01-02T03:04:05Z"}
    return record(
        "response", http + data, Content_Type="application/http; msgtype=response", **named
    )


def resource(data: bytes, content_type: str, kind: str = "resource") -> bytes:
    """Return a record without HTTP."""
    named = {"WARC_Target_URI": "<https://quay.example/b>", "Content_Type": content_type}
    return record(kind, data, **named)


def html(title: str) -> bytes:
    """Return the record of a page."""
    return response(page(title).encode(), Content_Type="text/html; charset=utf-8")


def archive(*records: bytes) -> bytes:
    """Return an archive that begins with its description."""
    return b"".join([record("warcinfo", b"software: test\r\n"), *records])


def test_each_page_is_an_article_with_its_record() -> None:
    """Records in order, each with its bytes, its address, and no date of the crawl."""
    data = archive(html("One"), resource(page("Two").encode(), "text/html"))
    found = read(data, "a.warc")
    assert [one["title"] for one in found.records] == ["One", "Two"]
    for one, letter in zip(found.records, "ab", strict=True):
        source = one["sources"][0]
        assert data[source["byte_start"] :].startswith(b"WARC/1.")
        assert data[: source["byte_end"]].endswith(b"</html>")
        assert one["url"] == f"https://quay.example/{letter}"
        assert (one["published"], source["layout"]) == (None, "warc")


def test_what_is_no_page_is_boilerplate() -> None:
    """Descriptions, requests, metadata, pictures and redirects are no articles and no errors."""
    named = {"WARC_Target_URI": "https://quay.example/a", "Content_Type": "application/http"}
    request = record("request", b"GET / HTTP/1.1\r\nHost: quay.example\r\n\r\n", **named)
    moved = response(b"", "301 Moved", Location="/1", Content_Type="text/html")
    picture = resource(b"\x89PNG\r\n\x1a\n\0", "image/png")
    data = archive(
        request, resource(b"a: b", "application/warc-fields", "metadata"), moved, picture
    )
    found = read(data, "a.warc")
    assert (found.records, found.quarantine) == ([], [])
    assert {row["part"] for row in found.account} == {"boilerplate", "whitespace"}


def test_what_http_says_of_the_encoding_counts() -> None:
    """A page that is silent about its encoding is decoded as the server declared it."""
    data = page("Зима", language="ru").encode("koi8-r", "xmlcharrefreplace")
    found = read(archive(response(data, Content_Type="text/html; charset=KOI8-R")), "a.warc")
    (one,) = found.records
    assert (one["title"], one["sources"][0]["encoding"]) == ("Зима", "koi8-r")


def test_transport_coatings_are_taken_off() -> None:
    """Chunked and gzipped bodies are read as what they hold."""
    packed = gzip.compress(page("Packed").encode())
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    kinds = {
        "Content_Type": "text/html",
        "Content_Encoding": "gzip",
        "Transfer_Encoding": "chunked",
    }
    (one,) = read(archive(response(chunked, **kinds)), "a.warc").records
    assert one["title"] == "Packed"


def test_a_page_saved_as_text_is_read_as_a_dump() -> None:
    """So is the text of a `conversion`, as large crawls publish it."""
    data = archive(
        *(resource(_DUMP.encode(), "text/plain", kind) for kind in ("resource", "conversion"))
    )
    found = read(data, "a.warc")
    assert [one["title"] for one in found.records] == ["Winter", "Winter"]
    assert {one["url"] for one in found.records} == {"https://quay.example/b"}


@pytest.mark.parametrize(
    ("damaged", "reason"),
    [
        (response(b"<html>gone", "404 Not Found", Content_Type="text/html"), "http_error"),
        (response(b"<html>", "503 Busy", Content_Type="text/html"), "http_error"),
        (
            response(b"\x0b\x02", Content_Type="text/html", Content_Encoding="br"),
            "content_encoding",
        ),
        (response(b"<html><body></body></html>", Content_Type="text/html"), "no_title"),
        (resource(b"one line", "text/plain"), "unknown_layout"),
        (resource(b"", "text/html"), "empty"),
    ],
)
def test_a_page_that_gives_no_article_is_quarantined(damaged: bytes, reason: str) -> None:
    """Alone: its neighbours are read."""
    found = read(archive(html("Before"), damaged, html("After")), "a.warc")
    assert [one["title"] for one in found.records] == ["Before", "After"]
    assert [entry["reason"] for entry in found.quarantine] == [reason]
    assert find_reason(reason) is not None


def test_what_was_read_stays_when_the_archive_breaks_off() -> None:
    """The bytes of the last record are quarantined, those before are not."""
    data = archive(html("One"), html("Two"))
    found = read(data[:-100], "a.warc")
    assert [one["title"] for one in found.records] == ["One"]
    (entry,) = found.quarantine
    assert (entry["reason"], entry["byte_end"]) == ("warc_truncated", len(data) - 100)
    assert data[entry["byte_start"] :].startswith(b"WARC/1.")


def test_a_record_that_lies_about_its_length_is_quarantined_with_the_rest() -> None:
    """Where the next record begins is then unknown."""
    data = archive(html("One"), html("Two"), html("Three"))
    cut = data.index(b"Two")
    found = read(data[:cut] + b"Twenty-" + data[cut:], "a.warc")
    assert [one["title"] for one in found.records] == ["One"]
    assert [entry["reason"] for entry in found.quarantine] == ["warc_malformed"]


_WHOLE = archive(html("One"), resource(_DUMP.encode(), "text/plain"), html("Two"))


@given(st.integers(0, len(_WHOLE)), st.integers(0, 400), st.binary(max_size=40))
@settings(max_examples=150)
def test_a_damaged_archive_is_accounted_for(start: int, length: int, other: bytes) -> None:
    """Whatever a stretch of it is replaced by: no crash, every byte once."""
    read(
        b"WARC/1.0\r\n"[: start % 11] + _WHOLE[:start] + other + _WHOLE[start + length :], "a.warc"
    )


def test_the_open_samples_are_the_same_from_an_archive(SHARED: Path) -> None:
    """Pages give the same text and title as files and as records of an archive."""
    folder = SHARED / "samples" / "web_pages_cc"
    names = sorted(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))[:8]
    pages = [(folder / "html" / f"{name}.html").read_bytes() for name in names]
    data = archive(*(response(one, Content_Type="text/html") for one in pages))
    found = [(one["title"], one["text"]) for one in read(data, "a.warc").records]
    assert found == [(one["title"], one["text"]) for raw in pages for one in read(raw).records]


FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>The Quay</title>{}'
    "</channel></rss>"
)
ITEM = "<item><title>{}</title><link>https://quay.example/{}</link><description>{}</description></item>"


@pytest.mark.parametrize("kind", ["application/rss+xml", "text/xml; charset=utf-8", ""])
@pytest.mark.parametrize("coating", [{}, {"Content_Encoding": "gzip"}])
def test_a_feed_is_read_as_one(kind: str, coating: dict[str, str]) -> None:
    """Every entry is an article, or refused, with the bytes of the record that holds them all."""
    items = [
        ITEM.format("One", 1, PROSE["en"][0]),
        ITEM.format("Two", 2, ""),
        ITEM.format("Three", 3, PROSE["fr"][0]),
    ]
    feed = FEED.format("".join(items)).encode()
    answer = response(gzip.compress(feed) if coating else feed, Content_Type=kind, **coating)
    data = archive(answer, html("Last"))
    found = extract("a.warc", data, source=Source("test"), checker=CHECKER)
    rows = [row for row in found.account if row["byte_start"] is not None]
    assert [row["byte_start"] for row in rows] == [0, *(row["byte_end"] for row in rows[:-1])]
    assert [one["title"] for one in found.records] == ["One", "Three", "Last"]
    assert found.records[0]["url"] == "https://quay.example/1"
    assert [entry["reason"] for entry in found.quarantine] == ["entry_no_text"]
    start = data.index(answer)
    for one in [*(record["sources"][0] for record in found.records[:2]), *found.quarantine]:
        assert start == one["byte_start"] < one["byte_end"] <= start + len(answer)
    assert found.records[1]["sources"][0]["extractor"].startswith("warc/2 ")


def test_a_broken_feed_is_quarantined() -> None:
    """It is no boilerplate, and nothing of the rest of the archive is lost."""
    data = archive(response(b"<rss><channel><item>", Content_Type="application/rss+xml"), html("B"))
    found = read(data, "a.warc")
    assert [entry["reason"] for entry in found.quarantine] == ["feed_malformed"]
    assert [one["title"] for one in found.records] == ["B"]
