"""Compressed raw files: `.gz` and `.zst`, unpacked within bounds."""

import gzip
import io
import zlib
from typing import IO, Any

from galley.build.page import Rejection

MAX_BYTES = 1 << 30  # of one file, decompressed: the default of `build.max_bytes`
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_PIECE = 1 << 20
# Text shrinks to a tenth; what grows more than this is made to fill the memory.
_RATIO, _HARMLESS = 250, 16 << 20


def unpack(data: bytes, max_bytes: int = MAX_BYTES) -> bytes | Rejection:
    """Return the content of a compressed file, any other as it is.

    Args:
        data: The file.
        max_bytes: How many bytes it may have.

    Returns:
        A rejection has one of the reasons `container_corrupt`, `too_large`.
    """
    most = max_bytes
    if data.startswith((_GZIP, _ZSTD)):
        most = allowance(len(data), max_bytes)
        try:
            with _open(data) as stream:
                content = _read(stream, most)
        except (OSError, EOFError, zlib.error) as error:
            return Rejection("container_corrupt", str(error)[:200])
    else:
        content = data
    if len(content) <= most:
        return content
    return Rejection("too_large", f"more than {most} bytes, unpacked from {len(data)}")


def allowance(size: int, max_bytes: int) -> int:
    """Return how many bytes `size` bytes may become when they are unpacked."""
    return min(max_bytes, max(_HARMLESS, _RATIO * size))


def _open(data: bytes) -> Any:
    if data.startswith(_GZIP):
        return gzip.GzipFile(fileobj=io.BytesIO(data))
    import pyarrow as pa  # noqa: PLC0415 - only where a file is so compressed

    return pa.CompressedInputStream(pa.BufferReader(data), "zstd")


def _read(stream: IO[bytes], most: int) -> bytes:
    """Return what `stream` holds, or somewhat more than `most` bytes of it."""
    content = io.BytesIO()
    while content.tell() <= most and (piece := stream.read(_PIECE)):
        content.write(piece)
    return content.getvalue()
