"""The wire to a Label Studio server: one place for tokens, time-outs and errors.

Plain HTTP by httpx, which the SDK itself is built on. The SDK would cost its import at every
call, and sends an import again by itself after a failure whose outcome nobody knows.
"""

import time
from collections.abc import Generator
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NoReturn, Self
from urllib.parse import urlsplit

import httpx

from galley.annotations.access import Access
from galley.errors import ServerError

if TYPE_CHECKING:
    from datetime import datetime

# Seconds: to connect, and for an answer. An import of 1,000 long articles takes 3.
_CONNECT, _ANSWER = 10, 120
# The versions whose answers were measured; the next major one may answer otherwise.
_OLDEST, _TOO_NEW = (1, 23), (2,)
# A personal token buys access for five minutes; it is renewed before that.
_ACCESS_SECONDS = 240
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

# Codes of a ServerError after which nobody knows whether the request was carried out.
UNCLEAR = frozenset({"server_unreachable", "server_failed"})


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
        if time.monotonic() >= self._until:
            url, body = f"{self._access.url}/api/token/refresh/", {"refresh": self._access.token}
            answer = yield httpx.Request("POST", url, json=body)
            if not answer.is_success:
                return  # and the refusal stands for the answer to `request`
            self._bearer = answer.json().get("access", "")
            self._until = time.monotonic() + _ACCESS_SECONDS
        request.headers["Authorization"] = f"Bearer {self._bearer}"
        yield request


class Server:
    """A Label Studio that answers.

    Args:
        access: Where it is and what opens it.

    Attributes:
        url: Its address.
        moments: The times of its answers by its own clock, to the second, each once; there may
            be none.
    """

    def __init__(self, access: Access) -> None:
        self.url = access.url
        self.moments: list[datetime] = []
        self._token = access.token
        self._client = httpx.Client(
            base_url=access.url,
            auth=TokenAuth(access),
            timeout=httpx.Timeout(_ANSWER, connect=_CONNECT),
            # a proxy has no business between this machine and itself
            trust_env=urlsplit(access.url).hostname not in _LOOPBACK,
        )

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
        """Return the answer to a POST, which is sent once; bytes are JSON already."""
        if isinstance(body, bytes):
            headers = {"Content-Type": "application/json"}
            return self._send("POST", path, params=query, content=body, headers=headers)
        return self._send("POST", path, params=query, json=body)

    def patch(self, path: str, body: Any) -> Any:
        """Return the answer to a PATCH, which is sent once."""
        return self._send("PATCH", path, json=body)

    def delete(self, path: str) -> None:
        """Send a DELETE, once."""
        self._send("DELETE", path)

    def _send(self, method: str, path: str, **options: Any) -> Any:
        """Send one request and return its JSON.

        Raises:
            ServerError: No answer, a refusal, or an answer that is no JSON.
        """
        options = {name: value for name, value in options.items() if value is not None}
        try:
            response = self._client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise ServerError(
                f"Label Studio at {self.url} does not answer: {type(error).__name__}",
                code="server_unreachable",
                hint="is the address right, and does it run? `galley studio up` starts the "
                "embedded one",
            ) from error
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
        code = "server_failed" if status >= httpx.codes.INTERNAL_SERVER_ERROR else "server_refused"
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
