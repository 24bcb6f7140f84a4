"""Hashes, and the one form in which JSON is hashed."""

import hashlib
import json
from pathlib import Path
from typing import Any

_AT_ONCE = 1 << 18  # bytes of a file
_CANONICAL = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def sha256_bytes(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8 as 64 hex digits.

    Raises:
        UnicodeEncodeError: `text` holds a lone surrogate.
    """
    return sha256_bytes(text.encode("utf-8"))


def sha256_file(path: Path | str) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces.

    Args:
        path: Of the file; as a text where there are thousands, and a `Path` for each takes time.
    """
    digest = hashlib.sha256()
    opened = open(path, "rb", buffering=0) if isinstance(path, str) else path.open("rb")  # noqa: PTH123, SIM115 - as above; closed below
    with opened as file:
        while data := file.read(_AT_ONCE):
            digest.update(data)
    return digest.hexdigest()


def canonical_json(value: Any) -> str:
    """Return `value` as JSON in one canonical form: sorted keys, no spaces, no NaN.

    Example:
        >>> canonical_json({"b": 1, "a": ["é"]})
        '{"a":["é"],"b":1}'
    """
    return _CANONICAL.encode(value)


def sha256_json(value: Any) -> str:
    """Return the SHA-256 of `value` in its canonical JSON form."""
    return sha256_text(canonical_json(value))
