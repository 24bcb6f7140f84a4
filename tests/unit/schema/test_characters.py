"""Bytes of UTF-8 that are looked at many at a time, as Python reads them one by one."""

from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from galley.schema.characters import Characters
from galley.schema.utf8 import Utf8

# Both ends of every kind of byte, and what stands beside them.
ENDS = bytes.fromhex("00 7f 80 8f 90 9f a0 bf c0 c1 c2 df e0 e1 ec ed ee ef f0 f1 f3 f4 f5 ff")
LONG = 1 << 19  # more than is looked at in one run
TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("aé—𝕏"), max_size=90)


def is_utf8(data: bytes) -> bool:
    """Return what Python says."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def characters(data: bytes) -> Characters:
    """Return the characters of some bytes."""
    return Characters(np.frombuffer(data, np.uint8))


def strings(texts: list[Any]) -> Utf8:
    """Return a column of strings."""
    return Utf8.of(pa.array(texts, pa.string()))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_short_sequence(size: int) -> None:
    """Is UTF-8 where Python says so: by itself, and between others."""
    for codes in product(ENDS, repeat=size):
        data = bytes(codes)
        assert characters(data).is_valid == is_utf8(data), data
        assert characters("é".encode() + data + b"a").is_valid == is_utf8(data), data


def test_every_sequence_of_four() -> None:
    """Those that begin a character of four bytes, and what is one byte short or over."""
    for first, second, third in product(b"\xef\xf0\xf1\xf3\xf4\xf5", ENDS, b"\x41\x80\xbf\xc2"):
        for last in (b"", b"\x7f", b"\x80", b"\xbf", b"\xbf\xbf", b"\xf0"):
            data = bytes([first, second, third]) + last
            assert characters(data).is_valid == is_utf8(data), data


_CUT = [b"\xf0\x9d\x95", b"\xbf", b"\xe2\x80a", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc1\x80"]


@pytest.mark.parametrize("data", ["𝕏", "—", "é", "a", *_CUT])
def test_where_runs_meet(data: str | bytes) -> None:
    """A character may lie across two runs; one that is cut short there is found."""
    odd = data.encode() if isinstance(data, str) else data
    for before in range(LONG - 4, LONG + 2):
        both = characters(b"x" * before + odd + b"y" * 70)
        assert both.is_valid == is_utf8(odd)
        if both.is_valid:
            (place,) = both.count(np.array([before + len(odd)])).tolist()
            assert place == before + 1
            assert both.find(np.array([before, before + 1])).tolist() == [before, before + len(odd)]


def test_strings_that_are_whole_only_together() -> None:
    """Two halves of a character are no UTF-8, though one after the other they are."""
    halves = pa.array([b"a\xc3", b"\xa9", b"b"], pa.binary()).view(pa.string())
    assert not Utf8.of(halves).is_valid
    assert strings(["é", "", "é", None, ""]).is_valid
    assert strings([]).is_valid


@given(st.lists(TEXTS | st.none(), max_size=6), st.data())
@example([], None)
def test_places_of_characters(texts: list[str | None], data: Any) -> None:
    """Where a code point begins in the bytes, as if each text were encoded up to there."""
    known = strings(["𝕏", *texts, "é"])
    known = Utf8(known.data, known.bounds[1:])  # not from the first byte on
    whole = [text or "" for text in [*texts, "é"]]
    assert known.lengths.tolist() == [len(text) for text in whole]
    if data is None:
        return
    row = data.draw(st.integers(0, len(whole) - 1))
    point = data.draw(st.integers(0, max(len(whole[row]) - 1, 0)))
    before = len("".join(["𝕏", *whole[:row], whole[row][:point]]).encode())
    if whole[row]:
        assert known.places(np.array([row]), np.array([point])).tolist() == [before]


@given(st.binary(max_size=300), st.data())
def test_slices_that_differ(text: bytes, data: Any) -> None:
    """Each slice is held against each string whatever its length, to the last byte."""
    known = Utf8(np.frombuffer(text, np.uint8), np.array([0, len(text)]))
    starts = data.draw(st.lists(st.integers(0, len(text)), min_size=1, max_size=5))
    said = []
    for start in starts:
        part = bytearray(text[start : start + data.draw(st.integers(0, 200))])
        if part and data.draw(st.booleans()):
            part[data.draw(st.integers(0, len(part) - 1))] ^= 1
        said.append(bytes(part) + data.draw(st.sampled_from([b"", b"", b"x"])))
    bounds = np.cumsum([0, *map(len, said)])
    others = Utf8(np.frombuffer(b"".join(said), np.uint8), bounds)
    wanted = [text[at : at + len(part)] != part for at, part in zip(starts, said, strict=True)]
    assert known.differing(np.array(starts), others).tolist() == wanted
