"""Read one raw file, whatever its format.

A pure function of the file's bytes and what `sources.toml` says of it, so any number of
workers in any order give the same result.
"""

from collections.abc import Callable, Iterator
from importlib import import_module

from galley.build.dump import read_dump
from galley.build.extraction import Extraction, rejected
from galley.build.format import detect_format
from galley.build.item import Item, Refusal, Rest, Target, collect
from galley.build.page import Rejection, decode
from galley.build.source import Source
from galley.hashing import sha256_bytes
from galley.schema.check import Checker

Reader = Callable[[bytes, Target], Iterator[Item | Refusal | Rest]]

# For each format the module whose function `read_<format>` reads it. They are imported where
# they are used: each brings a library that takes long to load.
_MODULES = {
    "html": "html",
    "feed": "feed",
    "warc": "warc",
    "jsonl": "rows",
    "csv": "rows",
    "parquet": "rows",
}


def extract(name: str, data: bytes, *, source: Source, checker: Checker) -> Extraction:
    """Take the raw file `name` apart.

    A file that cannot be read is quarantined whole, an article that breaks the schema for its
    own bytes.
    """
    found = _extract(name, data, source, checker)
    if found.quarantine:
        found.sign(sha256_bytes(data), checker.contract.sha256)
    return found


def _extract(name: str, data: bytes, source: Source, checker: Checker) -> Extraction:
    form = detect_format(name, data)
    if form != "text":
        target = Target(name, sha256_bytes(data), len(data), source, checker)
        return collect(_reader(form)(data, target), target)
    page = decode(name, data)
    if isinstance(page, Rejection):
        return rejected(name, len(data), page)
    return read_dump(page, size=len(data), source=source, checker=checker)


def _reader(form: str) -> Reader:
    module = import_module(f"galley.build.{_MODULES[form]}")
    reader: Reader = getattr(module, f"read_{form}")
    return reader
