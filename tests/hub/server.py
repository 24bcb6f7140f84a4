"""The hub as a server in a thread."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.hub import cas, reading, writing
from tests.hub.blobs import blob_oid, pointer
from tests.hub.faults import Faults
from tests.hub.repo import File, Repo
from tests.hub.state import TOKEN, State
from tests.hub.writing import LARGE

_API = "/api/datasets/{org}/{name}"
_ROUTES = [
    Route("/api/whoami-v2", writing.whoami),
    Route("/api/repos/create", writing.create, methods=["POST"]),
    Route("/api/validate-yaml", writing.validate_yaml, methods=["POST"]),
    Route("/cdn/{sha256}", reading.cdn),
    Route("/cdn/{sha256}", writing.lfs_put, methods=["PUT"]),
    Route("/lfs/verify", writing.lfs_verify, methods=["POST"]),
    Route("/datasets/{org}/{name}.git/info/lfs/objects/batch", writing.lfs_batch, methods=["POST"]),
    Route("/datasets/{org}/{name}/resolve/{revision}/{path:path}", reading.resolve),
    Route(_API, reading.info),
    Route(_API + "/revision/{revision}", reading.info),
    Route(_API + "/refs", reading.refs),
    Route(_API + "/commits/{revision}", reading.commits),
    Route(_API + "/tree/{revision}", reading.tree),
    Route(_API + "/tree/{revision}/{path:path}", reading.tree),
    Route(_API + "/paths-info/{revision}", reading.paths_info, methods=["POST"]),
    Route(_API + "/preupload/{revision}", writing.preupload, methods=["POST"]),
    Route(_API + "/xet-{kind}-token/{revision}", writing.xet_token),
    Route(_API + "/commit/{revision}", writing.commit, methods=["POST"]),
    Route(_API + "/tag/{revision}", writing.tag, methods=["POST"]),
    Route(_API + "/tag/{revision}", writing.delete_tag, methods=["DELETE"]),
]
_ROUTES += [
    Route("/cas/v1/chunks/default/{name}", cas.chunks),
    Route("/cas/v1/xorbs/default/{name}", cas.put_xorb, methods=["POST"]),
    Route("/cas/v1/shards", cas.put_shard, methods=["POST"]),
]
_WRITES = ("create", "commit", "tag", "xet-write-token", "preupload")


@dataclass(frozen=True)
class Hub:
    """A running hub.

    Attributes:
        state: What it holds.
        faults: What is to go wrong, and what was asked for.
    """

    state: State
    faults: Faults

    @property
    def url(self) -> str:
        """Return its address, for HF_ENDPOINT."""
        return self.state.url

    def repo(self, name: str) -> Repo:
        """Return a repository."""
        return self.state.repos[name]

    def put(self, name: str, files: Mapping[str, bytes], tag: str) -> None:
        """Put a commit with `files` on main of a dataset, and a tag on it."""
        self.state.create(name)
        tree = {".gitattributes": self.repo(name).tree("main")[".gitattributes"]}
        for path, data in files.items():
            digest, lfs = self.state.blobs.put(data), path.endswith(LARGE)
            oid = blob_oid(pointer(digest, len(data)) if lfs else data)
            tree[path] = File(digest, oid, len(data), lfs=lfs)
        repo = self.repo(name)
        repo.tags[tag] = repo.commit(tree, tag)

    def content(self, name: str, revision: str) -> dict[str, bytes]:
        """Return the files of a revision, the one that the Hub puts into each apart."""
        tree = self.repo(name).tree(revision)
        blobs = self.state.blobs
        return {path: blobs.get(f.sha256) for path, f in tree.items() if path != ".gitattributes"}


async def _missing(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, reading.Missing)
    return error.response


class _Guard:
    """Lets nobody write without the token."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        token = dict(scope.get("headers", ())).get(b"authorization", b"").decode()
        writes = any(f"/{word}" in scope.get("path", "") for word in _WRITES)
        if writes and scope["path"].startswith("/api/") and token != f"Bearer {TOKEN}":
            answer = JSONResponse({"error": "Invalid credentials"}, 401)
            return await answer(scope, receive, send)
        return await self.app(scope, receive, send)


@contextmanager
def run_hub(folder: Path) -> Iterator[Hub]:
    """Yield a hub that keeps its contents in `folder` and ends with the block."""
    state = State(folder)
    app = Starlette(routes=_ROUTES, exception_handlers={reading.Missing: _missing})
    app.state.hub = state
    faults = Faults(_Guard(app))
    # With its protocol: asyncio turns off the delay of small answers only where it is said.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    port = listener.getsockname()[1]
    state.url, state.cdn = f"http://127.0.0.1:{port}", f"http://localhost:{port}/cdn"
    server = uvicorn.Server(
        uvicorn.Config(faults, log_level="critical", lifespan="off", timeout_graceful_shutdown=2)
    )
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.005)
        yield Hub(state, faults)
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
