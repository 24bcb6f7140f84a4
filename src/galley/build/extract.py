"""Read one raw file, whatever its format.

A pure function of the file's bytes and what `sources.toml` says of it, so any number of
workers in any order give the same result.
"""

from galley.build.dump import read_dump
from galley.build.extraction import Extraction, rejected
from galley.build.page import Rejection, decode
from galley.build.source import Source
from galley.schema.check import Checker


def extract(name: str, data: bytes, *, source: Source, checker: Checker) -> Extraction:
    """Take the raw file `name` apart.

    A file that cannot be read is quarantined whole, an article that breaks the schema for its
    own bytes.
    """
    page = decode(name, data)
    if isinstance(page, Rejection):
        return rejected(name, len(data), page)
    return read_dump(page, size=len(data), source=source, checker=checker)
