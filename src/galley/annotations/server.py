"""The wire to a Label Studio server: one place for tokens, time-outs and errors.

Plain HTTP by httpx, which the SDK itself is built on. The SDK would cost its import at every
call, and sends an import again by itself after a failure whose outcome nobody knows.
"""

import time
from collections.abc import Generator
from contextlib import nullcontext
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, NoReturn, Self
from urllib.parse import urlsplit

import httpcore
import httpx

from galley.annotations.access import Access
from galley.config import NetworkConfig
from galley.errors import ServerError
from galley.network import asked_wait, pace, pauses

if TYPE_CHECKING:
    from datetime import datetime

# The versions whose answers were measured; the next major one may answer otherwise.
_OLDEST, _TOO_NEW = (1, 23), (2,)
# A personal token buys access for five minutes; it is renewed before that.
_ACCESS_SECONDS = 240
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

# Codes of a ServerError after which nobody knows whether the request was carried out; what
# stands before a server may answer in its place, before or behind its back.
UNCLEAR = frozenset({"server_unreachable", "server_failed", "server_answer"})
# Answers of what stands before a server that is busy or is being started.
_PASSING = frozenset({408, 502, 503, 504})


class TokenAuth(httpx.Auth):
    """Both kinds of token: a legacy one is sent as it is, a personal one buys access.

    Args:
        access: The server and the token.
    """

    requires_response_body = True

    def __init__(self, access: Access) -> None:
        self._access = access
        self._bearer = ""
        self._until = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Put the token onto `request`, buying access first where that is needed."""
        if "." not in self._access.token:  # a personal token is a JWT, in three parts
            request.headers["Authorization"] = f"Token {self._access.token}"
            yield request
            return
        fresh = time.monotonic() >= self._until
        if fresh and not (yield from self._renew()):
            return  # and the refusal stands for the answer to `request`
        request.headers["Authorization"] = f"Bearer {self._bearer}"
        response = yield request
        ended = response.status_code == httpx.codes.UNAUTHORIZED and not fresh
        if ended and (yield from self._renew()):  # as when a server is started again
            request.headers["Authorization"] = f"Bearer {self._bearer}"
            yield request

    def _renew(self) -> Generator[httpx.Request, httpx.Response, bool]:
        """Buy access, and return whether that was granted."""
        url, body = f"{self._access.url}/api/token/refresh/", {"refresh": self._access.token}
        answer = yield httpx.Request("POST", url, json=body)
        try:
            self._bearer = str(answer.json()["access"])
        except (ValueError, KeyError, TypeError):
            return False
        self._until = time.monotonic() + _ACCESS_SECONDS
        return True


class Server:
    """A Label Studio that answers.

    Args:
        access: Where it is and what opens it.
        network: How long it is waited for.

    Attributes:
        url: Its address.
        moments: The times of its answers by its own clock, to the second, each once; there may
            be none.
    """

    def __init__(self, access: Access, network: NetworkConfig | None = None) -> None:
        self.url = access.url
        self.moments: list[datetime] = []
        self._token = access.token
        # On SQLite a server loses what two writers send at once.
        self._writing = Lock()
        self._network = network or NetworkConfig()
        address = urlsplit(access.url)
        near = address.hostname in _LOOPBACK
        self._client = httpx.Client(
            base_url=access.url,
            auth=TokenAuth(access),
            timeout=httpx.Timeout(self._network.silence, connect=self._network.connect),
            # a proxy has no business between this machine and itself
            trust_env=not near,
            # nothing to verify without TLS: to load the authorities takes as long as a request
            verify=not (near and address.scheme == "http"),
        )
        ways = (self._client._transport, *self._client._mounts.values())  # noqa: SLF001 - see `pace`
        pace(ways, self._network, httpcore.ReadTimeout)

    def __enter__(self) -> Self:
        """Check that this is a Label Studio of a supported version."""
        try:
            self._check_version()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str, query: dict[str, Any] | None = None, *, body: Any = None) -> Any:
        """Return the answer to a GET; Label Studio reads long filters from its body."""
        return self._send("GET", path, params=query, json=body)

    def post(self, path: str, body: Any, *, query: dict[str, Any] | None = None) -> Any:
        """Return the answer to a POST, which takes effect once; bytes are JSON already."""
        if isinstance(body, bytes):
            headers = {"Content-Type": "application/json"}
            return self._send("POST", path, params=query, content=body, headers=headers)
        return self._send("POST", path, params=query, json=body)

    def patch(self, path: str, body: Any) -> Any:
        """Return the answer to a PATCH, which takes effect once."""
        return self._send("PATCH", path, json=body)

    def delete(self, path: str) -> None:
        """Send a DELETE, which takes effect once."""
        self._send("DELETE", path)

    def _send(self, method: str, path: str, **options: Any) -> Any:
        """Send a request, again where that can do no harm, and return its JSON.

        Raises:
            ServerError: No answer, a refusal, or an answer that is no JSON.
        """
        options = {name: value for name, value in options.items() if value is not None}
        with nullcontext() if method == "GET" else self._writing:
            return self._persist(method, path, **options)

    def _persist(self, method: str, path: str, **options: Any) -> Any:
        left = iter(pauses(self._network))
        while True:
            pause = next(left, None)
            try:
                response = self._client.request(method, path, **options)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                # nobody comes to listen within seconds; a connection may be cut by chance
                chance = isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError)
                lost = isinstance(error, httpx.ConnectError) or not chance
                if pause is None or method != "GET" or lost:
                    raise self._silence(error) from error
                time.sleep(pause)
                continue
            wait = self._pause(method, response, pause)
            if wait is None:
                return self._read(method, path, response)
            time.sleep(wait)

    def _pause(self, method: str, response: httpx.Response, pause: float | None) -> float | None:
        """Return the seconds after which to send a request again; None if it is answered."""
        if pause is None:
            return None
        asked = asked_wait(response.headers.get("Retry-After", ""))
        wait = pause if asked is None else asked
        busy = response.status_code == httpx.codes.TOO_MANY_REQUESTS  # nothing was done
        passing = method == "GET" and response.status_code in _PASSING
        return wait if (busy or passing) and wait <= self._network.patience else None

    def _silence(self, error: Exception) -> ServerError:
        return ServerError(
            f"Label Studio at {self.url} does not answer: {type(error).__name__}",
            code="server_unreachable",
            hint="is the address right, and does it run? `galley studio up` starts the "
            "embedded one",
        )

    def _read(self, method: str, path: str, response: httpx.Response) -> Any:
        """Return the JSON of an answer."""
        self._note_time(response.headers.get("date", ""))
        if not response.is_success:
            self._refuse(method, path, response)
        try:
            return response.json() if response.content else None
        except ValueError as error:
            raise ServerError(
                f"{method} {self.url}{path} did not answer with JSON",
                code="server_answer",
                hint="is this a Label Studio, and is its address complete?",
            ) from error

    def _note_time(self, date: str) -> None:
        try:
            now = parsedate_to_datetime(date)
        except ValueError:
            return
        if self.moments[-1:] != [now]:
            self.moments.append(now)

    def _refuse(self, method: str, path: str, response: httpx.Response) -> NoReturn:
        status = response.status_code
        if status == httpx.codes.UNAUTHORIZED:
            raise ServerError(
                f"Label Studio at {self.url} does not accept the token",
                code="server_token",
                hint="copy the access token of your account page there to LABEL_STUDIO_API_KEY",
            )
        what = f"{method} {self.url}{path} was answered with {status}: {self._detail(response)}"
        if status == httpx.codes.FORBIDDEN:
            raise ServerError(
                what,
                code="server_permission",
                hint="ask the server's owner to let the token's account into the project",
            )
        if response.is_redirect:  # followed, it would show the token to whoever it leads to
            raise ServerError(
                f"{what}: it leads to {urlsplit(response.headers['Location']).netloc or 'a page'}",
                code="server_moved",
                hint="if that is the server, name its address: LABEL_STUDIO_URL or studio.url",
            )
        if status == httpx.codes.TOO_MANY_REQUESTS:
            asked = response.headers.get("Retry-After", "later")
            raise ServerError(
                f"Label Studio at {self.url} has too much to do, and asks to come back: {asked}",
                code="server_throttled",
                hint="run the command again then; network.patience is how long it is waited for",
            )
        failed = status >= httpx.codes.INTERNAL_SERVER_ERROR or status in _PASSING
        code = "server_failed" if failed else "server_refused"
        raise ServerError(what, code=code, hint="its log says more; then run the command again")

    def _detail(self, response: httpx.Response) -> str:
        try:
            answer = response.json()
            detail = answer.get("validation_errors") or answer.get("detail") or answer
        except (ValueError, AttributeError):
            detail = response.reason_phrase
        return str(detail).replace(self._token, "…")[:300]

    def _version(self) -> Any:
        try:
            return self.get("/api/version")
        except ServerError as error:
            if error.code != "server_failed" or not self._answers_others():
                raise
        try:  # once may have been chance
            return self.get("/api/version")
        except ServerError as error:
            if error.code != "server_failed":
                raise
            # so it treats an account that is in no organisation any more
            raise ServerError(
                f"Label Studio at {self.url} fails for the token's account, and answers others",
                code="server_permission",
                hint="was the account taken out of the organisation? Its owner can invite it again",
            ) from error

    def _answers_others(self) -> bool:
        """Tell whether the server answers those who show no token."""
        try:
            return self._client.get("/api/version", auth=None).is_success
        except httpx.HTTPError:
            return False

    def _check_version(self) -> None:
        answer = self._version()
        release = str(answer.get("release", "")) if isinstance(answer, dict) else ""
        parts = tuple(int(part) for part in release.split(".")[:2] if part.isdigit())
        if not parts:
            raise ServerError(
                f"what answers at {self.url} does not say which Label Studio it is",
                code="server_answer",
                hint="is the address right?",
            )
        if not _OLDEST <= parts < _TOO_NEW:
            raise ServerError(
                f"Label Studio {release} at {self.url} is not supported: "
                "Galley needs 1.23 or later, below 2",
                code="server_version",
                hint="`galley studio up` runs a version that fits",
            )
