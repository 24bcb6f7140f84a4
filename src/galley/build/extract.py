"""Read one raw file, whatever its format.

A pure function of the file's bytes and what `sources.toml` says of it, so any number of
workers in any order give the same result.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module

from galley.build.dump.layouts import read_dump
from galley.build.extraction import Extraction, rejected
from galley.build.formats.container import MAX_BYTES, unpack
from galley.build.formats.format import detect_format
from galley.build.formats.item import Item, Refusal, Rest, Target, collect
from galley.build.page import Rejection, decode
from galley.build.source import Source
from galley.hashing import sha256_bytes
from galley.schema.check import Checker

Reader = Callable[[bytes, Target], Iterator[Item | Refusal | Rest]]

# For each format the module whose function `read_<format>` reads it. They are imported where
# they are used: each brings a library that takes long to load.
_MODULES = {
    "html": "web.html",
    "feed": "formats.feed",
    "warc": "formats.warc",
    "jsonl": "formats.rows",
    "csv": "formats.rows",
    "parquet": "formats.rows",
}


def extract(
    name: str, data: bytes, *, source: Source, checker: Checker, max_bytes: int = MAX_BYTES
) -> Extraction:
    """Take the raw file `name` apart, see `take_apart`.

    Args:
        name: What records call the file.
        data: Its bytes, as they lie on disk; a compressed file is unpacked.
        source: What `sources.toml` says of it.
        checker: Holds records against the schema.
        max_bytes: How many bytes a file may have, unpacked.
    """
    return take_apart(data, Target(name, sha256_bytes(data), len(data), source, checker, max_bytes))


def take_apart(data: bytes, target: Target) -> Extraction:
    """Take a raw file apart whose hash is known.

    A file that cannot be read is quarantined whole, an article that breaks the schema for its
    own bytes.

    Args:
        data: Its bytes, as they lie on disk; a compressed file is unpacked.
        target: What is known of it.
    """
    content = unpack(data, target.max_bytes)
    if isinstance(content, Rejection):
        found = rejected(target.name, len(data), content)
    else:
        found = _extract(content, replace(target, size=len(content)))
    if found.quarantine:
        found.sign(target.sha256, target.checker.contract.sha256)
    return found


def _extract(data: bytes, target: Target) -> Extraction:
    form = target.source.format or detect_format(target.name, data)
    if form != "text":
        return collect(_reader(form)(data, target), target)
    declared = [target.source.encoding]
    page = decode(target.name, data, declared=declared, sha256=target.sha256)
    if isinstance(page, Rejection):
        return rejected(target.name, target.size, page)
    return read_dump(page, size=target.size, source=target.source, checker=target.checker)


def _reader(form: str) -> Reader:
    module = import_module(f"galley.build.{_MODULES[form]}")
    reader: Reader = getattr(module, f"read_{form}")
    return reader
