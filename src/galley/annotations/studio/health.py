"""Does a Label Studio answer, and does it take our token?"""

import http.client
from enum import StrEnum
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

# Seconds for one answer; a busy server on a small machine is slow, not dead.
_TIMEOUT = 10


class Health(StrEnum):
    """What a server's state is."""

    OK = "ok"
    REFUSED = "token refused"
    SILENT = "no answer"

    @classmethod
    def of(cls, url: str, token: str) -> "Health":
        """Ask the server at `url`, past any proxy."""
        try:
            if _get(f"{url}/health/") != 200:
                return cls.SILENT
            who = _get(f"{url}/api/current-user/whoami", {"Authorization": f"Token {token}"})
        except (OSError, http.client.HTTPException):
            return cls.SILENT
        return {200: cls.OK, 401: cls.REFUSED, 403: cls.REFUSED}.get(who, cls.SILENT)


def _get(url: str, headers: dict[str, str] | None = None) -> int:
    """Return the status of a GET."""
    opener = build_opener(ProxyHandler({}))
    request = Request(url, headers=headers or {})  # noqa: S310 - the scheme is ours
    try:
        with opener.open(request, timeout=_TIMEOUT) as answer:
            status: int = answer.status
            return status
    except HTTPError as error:
        error.close()
        return error.code
