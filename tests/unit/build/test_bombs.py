"""Files made to stall a reader, or to fill the memory: refused with a reason, soon and small."""

import gzip
import io
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fuzz.readers import check

_MARKS = "\u0301\u0323" * 60_000
_REFERENCES = "&#x301;&#x323;" * 60_000
_ESCAPED = r"\u0301\u0323" * 60_000
_HEAD = "<html><head><title>T</title></head><body><h1>T</h1>"
_FEED = '<rss version="2.0"><channel><item><title>x</title><description>{}</description></item></channel></rss>'
_WARC = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"


def zst(data: bytes) -> bytes:
    """Return `data` in Zstandard."""
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


def parquet(texts: list[str], **options: bool) -> bytes:
    """Return a table of texts."""
    sink = io.BytesIO()
    table = pa.table({"title": ["t"] * len(texts), "text": texts})
    pq.write_table(table, sink, compression="zstd", **options)
    return sink.getvalue()


def entities() -> bytes:
    """Return a feed whose entities stand for three billion letters."""
    names = "abcdefghij"
    lines = (f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    return f'<!DOCTYPE rss [<!ENTITY a "aaa">{"".join(lines)}]>{_FEED.format("&j;")}'.encode()


# What the file is called, how it is made, and the reason that it is refused with.
# ruff: noqa: PLW0108 - all are made alike, when they are asked for
_BOMBS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "gzip": ("a.txt.gz", lambda: gzip.compress(b"\0" * (1 << 27)), "too_large"),
    "zstd": ("a.txt.zst", lambda: zst(b" " * (1 << 27)), "too_large"),
    "nested": ("a.txt.gz", lambda: gzip.compress(gzip.compress(b"a" * (1 << 24))), "binary"),
    "members": ("a.txt.gz", lambda: gzip.compress(b"") * 20_000, "empty"),
    "lines": ("a.txt", lambda: b"x\n" * 1_000_000, "too_large"),
    "line": ("a.txt", lambda: b"word " * 800_000, "too_large"),
    "rows": ("a.jsonl", lambda: b'{"title":"a"}\n' + b"5\n" * 120_000, "too_large"),
    "cells": ("a.csv", lambda: b"title,text\n" + b"," * 2_000_000, "row_invalid"),
    "deep json": ("a.jsonl", lambda: b'{"title":"a"}\n' + b'{"a":' * 500_000, "row_invalid"),
    "long number": ("a.jsonl", lambda: b'{"title":' + b"9" * 500_000 + b"}", "row_invalid"),
    "records": ("a.warc", lambda: _WARC % (0, b"") * 120_000, "too_large"),
    "header": ("a.warc", lambda: b"WARC/1.0\r\n" + b"A: b\r\n" * 500_000, "warc_malformed"),
    "deep html": ("a.html", lambda: (_HEAD + "<div>" * 100_000).encode(), "too_large"),
    "attributes": ("a.html", lambda: (_HEAD + "<p" + " a" * 90_000).encode(), "too_large"),
    "marks": ("a.txt", lambda: f"Title\n\na{_MARKS}".encode(), "text_character"),
    "marks html": ("a.html", lambda: f"{_HEAD}<p>a{_REFERENCES}".encode(), "text_character"),
    "marks feed": ("a.xml", lambda: _FEED.format(f"a{_MARKS}").encode(), "text_character"),
    "marks twice": ("a.xml", lambda: _FEED.format(_REFERENCES.replace("&", "&amp;")).encode(), "text_character"),
    "marks json": ("a.jsonl", lambda: f'{{"title":"a","text":"a{_ESCAPED}"}}'.encode(), "text_character"),
    "deep feed": ("a.xml", lambda: b'<rss version="2.0">' + b"<x>" * 100_000, "feed_malformed"),
    "entities": ("a.xml", entities, "feed_malformed"),
    "file entity": ("a.xml", lambda: b'<!DOCTYPE rss [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + _FEED.format("&e;").encode(), "entry_no_text"),
    "long value": ("a.parquet", lambda: parquet(["a" * (1 << 27)], use_dictionary=False), "too_large"),
    "dictionary": ("a.parquet", lambda: parquet(["w " * 1_000_000] * 60), "too_large"),
}  # fmt: skip
_SECONDS, _MEGABYTES = 30, 400


@pytest.mark.parametrize("name", _BOMBS)
def test_refused(name: str) -> None:
    """Each is refused, and that within seconds on a busy machine."""
    file, make, reason = _BOMBS[name]
    data = make()
    began = time.process_time()
    found = check(file, data)
    assert reason in {entry["reason"] for entry in found.quarantine}
    assert time.process_time() - began < _SECONDS
    assert "root:" not in str(found.records)


def test_memory(tmp_path: Path) -> None:
    """All of them in a process that may have 2 GB of addresses, with what its libraries take."""
    for name, (file, make, _) in _BOMBS.items():
        (tmp_path / f"{name.replace(' ', '-')}-{file}").write_bytes(make())
    code = (
        "import pathlib, sys; from tests.fuzz.readers import check\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):\n"
        "    check(path.name, path.read_bytes())\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"
        "print(int(status.split('VmHWM:')[1].split()[0]) // 1024)"
    )
    limits = (2 << 30, 2 << 30)
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path],
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, limits),
    )
    assert int(done.stdout) < _MEGABYTES


_LONG = b"word " * 20_000_000
# A line of 100 MB in each format; what is read of it.
_HUNDRED: dict[str, tuple[bytes, str | None]] = {
    "a.txt": (b"Title\n\nSome words.\n\n%s", "too_large"),
    "a.html": (b"<html><body><p>%s", "too_large"),
    "a.jsonl": (b'{"title":"a","text":"%s"}\n', None),
    "a.csv": (b"title,text\na,%s\n", None),
    "a.xml": (b'<rss version="2.0"><channel><item><description>%s', "feed_malformed"),
}


@pytest.mark.torture
@pytest.mark.parametrize("name", _HUNDRED)
def test_a_line_of_100_mb(name: str, tmp_path: Path) -> None:
    """It is refused, or read where such a cell may be: within a minute, and in ten times as much."""
    form, reason = _HUNDRED[name]
    path = tmp_path / name
    path.write_bytes(form.replace(b"%s", _LONG))
    code = (
        "import pathlib, sys; from galley.build.extract import extract\n"
        "from galley.build.source import Source; from tests.unit.build.pages import CHECKER\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "found = extract(path.name, path.read_bytes(), source=Source('a'), checker=CHECKER)\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"
        "print(int(status.split('VmHWM:')[1].split()[0]) // 1024, len(found.records))\n"
        "print(*[entry['reason'] for entry in found.quarantine])"
    )
    words = [sys.executable, "-c", code, path]
    done = subprocess.run(words, check=True, capture_output=True, text=True, timeout=60)
    said, reasons = done.stdout.splitlines()
    memory, records = map(int, said.split())
    assert reasons.split() == ([reason] if reason else [])
    assert records == (0 if reason else 1)
    assert memory < 1_700


def test_what_is_long_and_no_bomb() -> None:
    """An inline image, a drawing, many accents, a hundred thousand rows less one: all read."""
    image = f'<img src="data:image/png;base64,{"abc/d" * 300_000}">'
    drawing = f'<svg><path d="{"M 1 2 " * 100_000}"></svg>'
    body = f"<p>The quay was closed on Monday, and nobody knew why.{image}{drawing}</p>"
    assert len(check("a.html", f"{_HEAD}{body * 1}".encode()).records) == 1
    accents = "e\u0301a\u0323 " * 5_000
    found = check("a.jsonl", f'{{"title":"a","text":"{accents}"}}'.encode())
    assert len(found.records) == 1
    rows = check("a.jsonl", b"\n" * 99_999)
    assert {entry["reason"] for entry in rows.quarantine} == {"empty"}
