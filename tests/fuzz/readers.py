"""What is fuzzed of the build: every reader, packed files, encodings; and what must hold."""

import csv
import gzip
import io
import json
import warnings
from collections.abc import Callable
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from galley.build.extract import extract
from galley.build.extraction import Extraction
from galley.build.reasons import find_reason
from galley.build.source import Source
from galley.build.spiller import _batch
from galley.hashing import canonical_json
from galley.schema.arrow import arrow_schema
from tests.fuzz.mutator import VALUES, mutate, mutate_json, packed
from tests.fuzz.seeds import ATOM, CSV, DUMPS, HTML, PAGE_WORDS, ROW, RSS, WARC, WARC_WORDS
from tests.unit.build.pages import CHECKER

_CONTRACT = CHECKER.contract
_SCHEMA = arrow_schema(_CONTRACT)
_FIELDS = pa.schema([item for item in _SCHEMA if item.name not in {"id", "cluster"}])
_CODECS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp1251", "shift_jis", "gb18030"),
    *("big5", "euc_kr", "koi8-r", "iso2022_jp", "utf-7", "cp037", "hz", "cp1255", "mac_roman"),
)
_DECLARED = (None, *_CODECS, "ascii", "latin-1")
_SUFFIXES = (".txt", ".html", ".xml", ".warc", ".jsonl", ".csv", ".tsv", ".parquet", "", ".rss")


def check(name: str, data: bytes, *, size: int | None = None, **known: Any) -> Extraction:
    """Read a file, and hold what it gave against what is promised of any."""
    source = Source("fuzz", **known)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = extract(name, data, source=source, checker=CHECKER, max_bytes=1 << 22)
    for entry in found.quarantine:
        assert find_reason(entry["reason"]), entry["reason"]
        canonical_json(entry).encode("utf-8")
    if found.size == len(data) and (known.get("format") != "parquet"):
        _check_cover(found, len(data))
    for record in found.records:
        whole = {"id": "0" * 32, "cluster": "0" * 32} | record
        assert list(CHECKER.issues(whole)) == []
    _batch(found.records, _FIELDS)
    assert found.records or found.quarantine or found.account or not data
    return found


def _check_cover(found: Extraction, size: int) -> None:
    """Check that rows with bytes cover the file once, and in order."""
    last = 0
    for row in found.account:
        if row["byte_start"] is None:
            continue  # an entry that shares the bytes of the one before
        assert row["byte_start"] == last < row["byte_end"], (row, last)
        last = row["byte_end"]
    assert last in {size, 0}


def dump(chance: Random) -> tuple[str, bytes, dict[str, Any]]:
    """Return a text dump."""
    return "page.txt", mutate(chance, DUMPS, PAGE_WORDS), {"format": "text"}


def html(chance: Random) -> tuple[str, bytes, dict[str, Any]]:
    """Return a web page."""
    return "page.html", mutate(chance, HTML, PAGE_WORDS), {"format": "html"}


def feed(chance: Random) -> tuple[str, bytes, dict[str, Any]]:
    """Return a feed."""
    return "feed.xml", mutate(chance, [RSS, ATOM], PAGE_WORDS), {"format": "feed"}


def warc(chance: Random) -> tuple[str, bytes, dict[str, Any]]:
    """Return a web archive; its records keep their lengths in half of them."""
    if chance.random() < 0.5:
        return "a.warc", mutate(chance, WARC, WARC_WORDS), {"format": "warc"}
    head, _, body = chance.choice(WARC).partition(b"\r\n\r\n")
    body = mutate(chance, [body.rstrip(b"\r\n")], [*WARC_WORDS, *PAGE_WORDS])
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    lines.append(b"Content-Length: %d" % len(body))
    return "a.warc", b"\r\n".join([*lines, b"", body, b"", b""]), {"format": "warc"}


def jsonl(chance: Random) -> tuple[str, bytes, dict[str, Any]]:
    """Return JSON Lines: of changed values in half of them, else of changed bytes."""
    line = json.dumps(ROW).encode()
    if chance.random() < 0.4:
        return "a.jsonl", mutate(chance, [line + b"\n" + line, line]), {"format": "jsonl"}
    lines = [json.dumps(mutate_json(chance, ROW)) for _ in range(chance.randrange(1, 4))]
    fields = chance.choice(({}, {"title": "title", "text": "text", "authors": "by.name"}))
    return "a.jsonl", "\n".join(lines).encode(), {"format": "jsonl", "fields": fields}


def table(chance: Random) -> tuple[str, bytes, dict[str, Any]]:
    """Return a CSV: of hostile cells in half of them, else of changed bytes."""
    if chance.random() < 0.5:
        return "a.csv", mutate(chance, CSV), {"format": "csv"}
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=chance.choice(",;\t|"))
    writer.writerow(["title", "text", "published", "url"])
    for _ in range(chance.randrange(4)):
        cells = [ROW["title"], ROW["text"], ROW["published"], ROW["url"]]
        cells[chance.randrange(4)] = chance.choice([str(value) for value in VALUES])
        writer.writerow(cells)
    text = sheet.getvalue().encode("utf-8", "surrogatepass")
    return "a.csv", mutate(chance, [text]) if chance.random() < 0.5 else text, {"format": "csv"}


def parquet(chance: Random) -> tuple[str, bytes, dict[str, Any]]:
    """Return a Parquet file: of columns of odd types in half of them, else of changed bytes."""
    if chance.random() < 0.5:
        return "a.parquet", mutate(chance, [_PARQUET]), {"format": "parquet"}
    columns = {name: pa.array([value, value]) for name, value in ROW.items() if name != "by"}
    for _ in range(chance.randrange(1, 3)):
        columns[chance.choice(["title", "text", "published", "url", "authors"])] = _column(chance)
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return "a.parquet", sink.getvalue(), {"format": "parquet"}


def _column(chance: Random) -> Any:
    kinds: tuple[tuple[Any, Any], ...] = (
        *((pa.int64(), [1, -(2**63)]), (pa.float64(), [float("nan"), 1e308])),
        *((pa.binary(), [b"\xff", b"\0"]), (pa.string(), ["=1+1", "\0"]), (pa.bool_(), [True, None])),
        *((pa.timestamp("ns"), [2**63 - 1, 0]), (pa.timestamp("us"), [-(2**63) + 1, 2**62])),
        *((pa.date64(), [2**60 - 2**60 % 86_400_000, 0]), (pa.time32("s"), [0, 1]), (pa.null(), [None, None])),
        *((pa.list_(pa.string()), [["a", None], []]), (pa.list_(pa.list_(pa.int8())), [[[1]], None])),
        *((pa.struct([("a", pa.string())]), [{"a": "x"}, None]), (pa.decimal128(38, 2), [None, 1])),
        *((pa.map_(pa.string(), pa.string()), [[("a", "b")], []]), (pa.date32(), [2**30, -(2**30)])),
        *((pa.duration("s"), [2**62, 1]), (pa.large_string(), ["\u202e", ""]), (pa.uint64(), [2**64 - 1, 0])),
    )  # fmt: skip
    kind, values = chance.choice(kinds)
    return pa.array(values, kind)


def _table() -> bytes:
    sink = io.BytesIO()
    columns = {name: [value, value] for name, value in ROW.items() if name != "by"}
    pq.write_table(pa.table(columns), sink, compression="snappy")
    return sink.getvalue()


_PARQUET = _table()


def gz(chance: Random) -> tuple[str, bytes, dict[str, Any]]:
    """Return a file in gzip."""
    name, data, known = chance.choice((jsonl, table, dump, warc))(chance)
    return f"{name}.gz", packed(chance, data, lambda d: gzip.compress(d, mtime=0)), known


def zst(chance: Random) -> tuple[str, bytes, dict[str, Any]]:
    """Return a file in Zstandard."""
    name, data, known = chance.choice((jsonl, table, dump, warc))(chance)
    return f"{name}.zst", packed(chance, data, _zstd), known


def _zstd(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


def encoded(chance: Random) -> tuple[str, bytes, dict[str, Any]]:
    """Return a file in any encoding, with another one declared, and its format to be found out."""
    _, data, _ = chance.choice((dump, dump, jsonl, table, feed))(chance)
    text = data.decode("utf-8", "replace")
    codec = chance.choice(_CODECS)
    data = text.encode(codec, chance.choice(("replace", "ignore")))
    if chance.random() < 0.3:
        data = mutate(chance, [data])
    known = {"encoding": encoding} if (encoding := chance.choice(_DECLARED)) else {}
    return "page" + chance.choice(_SUFFIXES), data, known


def unknown(chance: Random) -> tuple[str, bytes, dict[str, Any]]:
    """Return a file of any format under any name."""
    makers = (dump, html, feed, warc, jsonl, table, parquet)
    _, data, _ = chance.choice(makers)(chance)
    return "page" + chance.choice(_SUFFIXES), data, {}


READERS: dict[str, Callable[[Random], tuple[str, bytes, dict[str, Any]]]] = {
    "dump": dump,
    "html": html,
    "feed": feed,
    "warc": warc,
    "jsonl": jsonl,
    "csv": table,
    "parquet": parquet,
    "gz": gz,
    "zst": zst,
    "encodings": encoded,
    "formats": unknown,
}
