"""Files made to stall or confuse their reader: each is read, or quarantined with its reason."""

import gzip
import os
import time
from pathlib import Path

import pytest

from galley.build.extract import extract
from galley.build.source import Source, expand_paths, find_files
from galley.errors import ConfigError, SourceError

from .pages import CHECKER, read

PROSE = "The council met on Monday and spoke for hours about the bridge over the river. "


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b"\xef\xbb\xbf", "empty"),
        ("a.txt", b"\xef\xbb\xbf\n\xc2\xa0\n", "empty"),
        ("a.txt", b" \t\xc2\xa0\xe3\x80\x80\n" * 1000, "empty"),
        ("a.txt.gz", gzip.compress(b"", mtime=0), "empty"),
        ("a.html.gz", gzip.compress(b"", mtime=0), "empty"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "empty"),
        ("a.txt.gz", b"\x1f\x8b\x08\0garbage", "container_corrupt"),
        ("a.txt.zst", b"\x28\xb5\x2f\xfdgarbage", "container_corrupt"),
        ("a.txt.gz", gzip.compress(gzip.compress(b"A title", mtime=0), mtime=0), "binary"),
        ("a.txt", b"A title\n\nText with \0 NUL.", "binary"),
        ("a.txt", "A title\n\nThe council".encode("utf-16") + b"x", "not_utf8"),
        ("a.txt", b"word " * 250_000, "too_large"),
        ("a.txt", b"A title\n" + b"x" * 1_200_000, "too_large"),
        ("a.txt", b"a\n" * 60_000, "too_large"),
        ("a.html", b"<div>" * 100_000, "too_large"),
        ("a.html", b"<!--" * 100_000, "not_html"),
        ("a.jsonl", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "row_invalid"),
        ("a.xml", b"<rss><channel><item>" + b"<a>" * 100_000, "feed_malformed"),
        ("a.parquet", b"PAR1" + b"x" * 100 + b"PAR1", "parquet_corrupt"),
        ("a.warc", b"WARC/1.0\r\nContent-Length: 99999999999\r\n\r\n", "warc_truncated"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(len(value)),
)
def test_what_cannot_be_read(name: str, data: bytes, reason: str) -> None:
    """The whole file has one reason, found out in a moment."""
    begun = time.process_time()
    if name.endswith("parquet"):
        found = extract(name, data, source=Source("test"), checker=CHECKER)
    else:
        found = read(data, name)
    assert {entry["reason"] for entry in found.quarantine} == {reason}
    assert found.records == []
    assert time.process_time() - begun < 20


_LINES = [
    *("A title | " * 5_000, "The quay. | Ann Lee/AFP " * 2_000, "(" * 50_000, "..." * 50_000),
    *(
        "1 May 2024 " * 5_000,
        "By " + "Ann Lee, " * 5_000,
        "A " * 50_000,
        "e" + "\u0301" * 100_000,
    ),
]


@pytest.mark.parametrize("line", _LINES, ids=range(len(_LINES)))
def test_lines_that_repeat_themselves(line: str) -> None:
    """Time grows with a line's length, not with its square."""
    begun = time.process_time()
    read(f"A title\n\n{line}\n\n{PROSE * 5}\n", "a.txt")
    assert time.process_time() - begun < 20


def test_line_ends_of_all_kinds() -> None:
    """CR, CRLF, LF and the others in one file part paragraphs."""
    ends = ["\r\n\r\n", "\r", "\n\n", "\u2028", "\r\n"]
    text = "A bridge too late\n\n" + "".join(
        f"{PROSE * 2}{number}.{end}" for number, end in enumerate(ends)
    )
    (record,) = read(text, "a.txt").records
    assert record["text"].count("\n\n") == len(ends) - 1


def test_names_that_are_no_text(tmp_path: Path) -> None:
    """Records could not say where they come from: the build does not begin."""
    (tmp_path / os.fsdecode(b"page\xff.txt")).write_bytes(b"A title")
    with pytest.raises(SourceError, match=r"page\\udcff.txt is no UTF-8"):
        expand_paths([tmp_path], out=tmp_path / "out")
    with pytest.raises(SourceError) as error:
        find_files([Source("a", ("*.txt",))], tmp_path)
    assert error.value.code == "name_unreadable"


@pytest.mark.parametrize("pattern", ["/etc/*.conf", "../*.txt", "a/../../*.txt", ""])
def test_patterns_that_lead_out(tmp_path: Path, pattern: str) -> None:
    """A pattern is relative to `build/` and stays below it."""
    (tmp_path / "build/a").mkdir(parents=True)
    (tmp_path / "page.txt").write_bytes(b"A title")
    with pytest.raises(ConfigError) as error:
        find_files([Source("a", (pattern,))], tmp_path / "build")
    assert error.value.code == "sources_invalid"
