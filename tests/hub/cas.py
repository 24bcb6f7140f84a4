"""The part of a Xet server that uploads need, over HTTP: chunks come in xorbs, files in shards.

What was uploaded is put together at once, and read without Xet: faults are wanted on the way in.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.hub.reading import state_of
from tests.hub.xet import read_files

_LZ4 = pa.Codec("lz4")


async def chunks(request: Request) -> Response:
    """Know of no chunk of anybody else's."""
    del request
    return Response(status_code=404)


async def put_xorb(request: Request) -> Response:
    state = state_of(request)
    data = await request.body()
    known = state.xorbs.get(request.path_params["name"]) == data
    state.xorbs[request.path_params["name"]] = data
    state.received.append(len(data))
    return JSONResponse({"was_inserted": not known})


async def put_shard(request: Request) -> Response:
    state = state_of(request)
    for file in read_files(await request.body()):
        content = b"".join(
            b"".join(list(_unpack(state.xorbs[name]))[start:end])
            for name, start, end in file.segments
        )
        if state.blobs.put(content) != file.sha256:
            return JSONResponse({"error": "the chunks are not those of the file"}, 400)
    return JSONResponse({"result": 1})


def _unpack(xorb: bytes) -> Iterator[bytes]:
    """Yield the chunks: a version, two lengths of three bytes with what packs them between."""
    at = 0
    while at < len(xorb):
        packed, size = (int.from_bytes(xorb[at + k : at + k + 3], "little") for k in (1, 5))
        scheme, at = xorb[at + 4], at + 8
        chunk = xorb[at : at + packed]
        if scheme:
            chunk = _LZ4.decompress(chunk, decompressed_size=size, asbytes=True)
        yield _together(chunk) if scheme == 2 else chunk
        at += packed


def _together(chunk: bytes) -> bytes:
    """Return what was divided into every fourth byte each."""
    whole, start = np.empty(len(chunk), dtype=np.uint8), 0
    for first in range(4):
        size = len(whole[first::4])
        whole[first::4] = np.frombuffer(chunk, np.uint8, size, start)
        start += size
    return whole.tobytes()
