"""Data inside a page: packed, and in letters that mean nothing to a browser."""

import base64
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from galley.hashing import canonical_json

_BLOCK = re.compile(r'<script type="application/gzip" id="[a-z]+">([A-Za-z0-9+/=]*)</script>')


def pack(value: Any) -> str:
    """Return `value` as JSON, packed with gzip, in letters that mean nothing to a browser."""
    raw = canonical_json(value).encode("utf-8")
    packed = bytearray(pa.compress(raw, codec="gzip", asbytes=True))
    packed[4:10] = b"\0\0\0\0\0\xff"  # no time and no system: the same bytes everywhere
    return base64.b64encode(packed).decode("ascii")


def unpack(page: str) -> Iterator[str]:
    """Yield what is packed in a page, as JSON."""
    for block in _BLOCK.findall(page):
        packed = base64.b64decode(block)
        size = int.from_bytes(packed[-4:], "little")
        yield pa.decompress(packed, size, codec="gzip", asbytes=True).decode("utf-8")
