"""Which format a raw file has: what it begins with decides, its name where that says nothing."""

import re
from pathlib import PurePosixPath

from galley.build.nesting import load_json

FORMATS = frozenset({"text", "html", "feed", "warc", "jsonl", "csv", "parquet"})
_HEAD = 1 << 16  # bytes in which a mark-up file names its root
_MARK = b"\xef\xbb\xbf\xff\xfe"  # of the byte order marks, all bytes
# What may stand before a root element. An unclosed comment swallows the rest, as in a browser.
_PROLOG = re.compile(
    rb"\s+|<!--.*?(?:-->|\Z)|<\?.*?>|<!doctype\b[^>\[]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL
)
_ELEMENT = re.compile(rb"<([A-Za-z][\w.-]*)(?::([A-Za-z][\w.-]*))?[\s/>]")
_TAG = re.compile(rb"<[A-Za-z!/?]")
_DOCTYPE = re.compile(rb"<!doctype\s+html\b", re.IGNORECASE)
_FEEDS = {b"rss", b"feed", b"rdf", b"channel"}
# What a page may begin with where `html`, `head` and `body` are left out, as they may be.
_HTML = frozenset(
    b"html head body title meta link script style div span p a h1 h2 h3 main article section"
    b" header nav table ul ol center font img br hr form base noscript template h4 h5 h6 hgroup"
    b" aside footer blockquote figure picture pre dl address details iframe".split()
)
# The tags of words, and of elements that a site made up, may stand in a text: then only a block
# that ends makes a page of it.
_WORDS = frozenset(b"b i em strong small u s q cite code sub sup mark time abbr button".split())
_BLOCK = re.compile(rb"</(?:p|div|h[1-6]|[uo]l|table|article|section|body|html)\s*>", re.IGNORECASE)
_SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
    ".warc": "warc",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}
_COMPRESSED = {".gz", ".zst"}


def detect_format(name: str, data: bytes) -> str:
    """Return the format of the file `name`: `text` unless something speaks for another.

    Args:
        name: What records call the file; endings of compression are passed over.
        data: Its bytes, decompressed.

    Returns:
        One of `text`, `html`, `feed`, `warc`, `jsonl`, `csv`, `parquet`.
    """
    if data.startswith(b"PAR1") and data[8:].endswith(b"PAR1"):
        return "parquet"
    # Without its zero bytes, UTF-16 shows its ASCII.
    head = data[:_HEAD].replace(b"\0", b"").lstrip(_MARK)
    if head.startswith(b"WARC/"):
        return "warc"
    return _markup(head) or _rows(data) or _by_name(name, head)


def _markup(head: bytes) -> str | None:
    """Return the format that the root element of `head` stands for."""
    position, doctype = 0, False
    while found := _PROLOG.match(head, position):
        doctype = doctype or _DOCTYPE.match(found[0]) is not None
        position = found.end()
    root = _ELEMENT.match(head, position)
    names = {name.lower() for name in root.groups() if name} if root else set()
    if names & _FEEDS:
        return "feed"
    made_up = any(b"-" in name for name in names)
    loose = bool(names & _WORDS or made_up) and _BLOCK.search(head, position)
    return "html" if doctype or names & _HTML or loose else None


def _rows(data: bytes) -> str | None:
    """Return `jsonl` where the first line is a JSON object."""
    line = data.lstrip(_MARK).lstrip().split(b"\n", 1)[0].strip()
    if not line.startswith(b"{") or not line.endswith(b"}"):
        return None
    try:
        load_json(line.decode("utf-8", "surrogatepass"))
    except ValueError:
        return None
    return "jsonl"


def _by_name(name: str, head: bytes) -> str:
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes]
    while suffixes and suffixes[-1] in _COMPRESSED:
        suffixes.pop()
    named = _SUFFIXES.get(suffixes[-1], "text") if suffixes and head.strip() else "text"
    # A page that was saved as text often keeps its name.
    return "text" if named == "html" and not _TAG.search(head) else named
