"""Compressed files are read as what is inside of them, or refused."""

import gzip
import tracemalloc
import zlib
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galley.build.extract import extract
from galley.build.extraction import Extraction
from galley.build.formats.container import unpack
from galley.build.page import Rejection
from galley.build.source import Source
from galley.hashing import sha256_bytes
from galley.schema.check import Checker
from galley.schema.contract import Contract

CHECKER = Checker(Contract.default())
LINE = b'{"title": "A whale", "text": "The quay was closed."}\n'
PACK = {"gz": gzip.compress, "zst": lambda data: pa.compress(data, codec="zstd", asbytes=True)}


def read(name: str, data: bytes, **options: Any) -> Extraction:
    """Read a file."""
    return extract(name, data, source=Source("test"), checker=CHECKER, **options)


@pytest.mark.parametrize("suffix", PACK)
def test_what_is_inside(suffix: str) -> None:
    """Byte ranges count what is inside; the hash is of the file on disk."""
    data = PACK[suffix](LINE * 3)
    found = read(f"a.jsonl.{suffix}", data)
    assert (len(found.records), found.size) == (3, 3 * len(LINE))
    assert found.account[-1]["byte_end"] == 3 * len(LINE)
    assert found.records[0]["sources"][0]["sha256"] == sha256_bytes(data)


@pytest.mark.parametrize("suffix", PACK)
def test_text_dump(suffix: str) -> None:
    """A text dump is one inside of a container, too."""
    prose = "The council of the old town met on Monday and spoke about the bridge. " * 8
    page = f"A bridge too late\n\n{prose}\n\n{prose}And it was late.\n".encode()
    data = PACK[suffix](page)
    (record,) = read(f"page.txt.{suffix}", data).records
    assert record["sources"][0]["sha256"] == sha256_bytes(data)
    assert read("page.txt", page).records[0]["text"] == record["text"]


@pytest.mark.parametrize("suffix", PACK)
def test_several_members(suffix: str) -> None:
    """Compressed files that were joined are one file, as for the tools that made them."""
    assert unpack(PACK[suffix](b"one ") + PACK[suffix](b"two")) == b"one two"


@pytest.mark.parametrize("suffix", PACK)
def test_damage(suffix: str) -> None:
    """A file that is cut short, or goes on as something else, is quarantined whole."""
    data = PACK[suffix](LINE * 50)
    for bad in (data[:-1], data[: len(data) // 2], data[:5], data + b"rubbish"):
        found = read(f"a.jsonl.{suffix}", bad)
        assert [entry["reason"] for entry in found.quarantine] == ["container_corrupt"]
        assert found.account[0]["byte_end"] == found.size == len(bad)


@pytest.mark.parametrize("suffix", PACK)
def test_bomb(suffix: str) -> None:
    """What grows beyond measure is refused before it fills the memory."""
    bomb = PACK[suffix](bytes(64 << 20))
    tracemalloc.start()
    found = unpack(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(found, Rejection)
    assert found.reason == "too_large"
    assert peak < 40 << 20


def test_limit() -> None:
    """A file that is too large is refused, packed or not; at the limit it is read."""
    for data in (LINE, gzip.compress(LINE)):
        assert len(read("a.jsonl", data, max_bytes=len(LINE)).records) == 1
        found = read("a.jsonl", data, max_bytes=len(LINE) - 1)
        assert [entry["reason"] for entry in found.quarantine] == ["too_large"]


def test_one_layer() -> None:
    """A container in a container is no text."""
    found = read("a.jsonl.gz.gz", gzip.compress(gzip.compress(LINE)))
    assert [entry["reason"] for entry in found.quarantine] == ["binary"]


@given(
    st.binary(max_size=200), st.sampled_from([b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x1f\x8b\x08\0"])
)
@settings(max_examples=200)
def test_rubbish(data: bytes, magic: bytes) -> None:
    """Random bytes behind a container's first ones are read or refused."""
    found = unpack(magic + data)
    assert isinstance(found, bytes) or found.reason == "container_corrupt"
    assert unpack(zlib.compress(data)) == zlib.compress(data)
