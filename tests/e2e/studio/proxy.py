"""What stands between Galley and Label Studio in tests: it counts, and it loses answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx


@dataclass
class Proxy:
    """A proxy on loopback.

    Attributes:
        url: Its address.
        requests: Method, path and length of the body of each request.
        loses: Tells of a path whether its answer is lost: what was asked for is done all the
            same.
        drops: Tells of a path whether the request itself is lost.
        rewrites: Returns what is answered to a path instead of the server's answer.
    """

    url: str = ""
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    loses: Callable[[str], bool] = lambda _: False
    drops: Callable[[str], bool] = lambda _: False
    rewrites: Callable[[str, bytes], bytes] = lambda _, answer: answer


@contextmanager
def proxied(target: str) -> Iterator[Proxy]:
    """Yield a proxy to the server at `target`."""
    proxy = Proxy()
    client = httpx.Client(base_url=target, trust_env=False, timeout=60)

    class Handler(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            proxy.requests.append((self.command, self.path.split("?")[0], len(body)))
            if proxy.drops(self.path):
                self.close_connection = True
                return
            passed = {k: v for k, v in self.headers.items() if k.lower() != "host"}
            answer = client.request(self.command, self.path, content=body, headers=passed)
            if proxy.loses(self.path):
                self.close_connection = True
                return
            self.send_response_only(answer.status_code)
            for name in ("Content-Type", "Date"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            content = proxy.rewrites(self.path, answer.content)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _pass_on  # noqa: N815 - names of the library

        def log_message(self, *_: Any) -> None: ...

    with client, ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        proxy.url = f"http://127.0.0.1:{server.server_port}"
        yield proxy
        server.shutdown()
