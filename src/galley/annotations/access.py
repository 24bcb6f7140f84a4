"""Which Label Studio to speak to, and with which token."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from galley.errors import ServerError

_TOKEN = re.compile(r"[\w.~+/=-]+", re.ASCII)
URL, TOKEN = "LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"


# Where secrets stand: variables, and files below the private folder.
_VARIABLES = (TOKEN, "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "GALLEY_ANNOTATOR_KEY")
_FILES = ("annotator.key", "studio/token", "studio/password")


@dataclass(frozen=True)
class Access:
    """An address and what opens it.

    Attributes:
        url: Without a final slash.
        token: A legacy or a personal access token; it is never printed.
    """

    url: str
    token: str = field(repr=False)


def named_url(url: str, *, environ: Mapping[str, str] = os.environ) -> str:
    """Return the address of LABEL_STUDIO_URL, else `url`, which may be empty."""
    return environ.get(URL) or url


def find_access(
    embedded: Callable[[], Access | None], url: str, *, environ: Mapping[str, str] = os.environ
) -> Access:
    """Return the server of LABEL_STUDIO_URL, else of the config, else the embedded one.

    Args:
        embedded: Finds the embedded server, if it runs.
        url: `studio.url` of the config; empty for the embedded server.
        environ: The environment.

    Raises:
        ServerError: The server named has no token, or the embedded one does not run.
    """
    named = named_url(url, environ=environ)
    if named:
        return _named(named, environ.get(TOKEN, ""))
    found = embedded()
    if found is None:
        raise ServerError(
            "the embedded Label Studio does not run",
            code="server_down",
            hint=f"`galley studio up` starts it; {URL} and {TOKEN} name another server",
        )
    return found


def find_secrets(private: Path, *, environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """Return the secrets that this workspace and its environment hold, for who looks for them.

    Args:
        private: The folder that never leaves the machine.
        environ: The environment.
    """
    files = (private / name for name in _FILES)
    said = [path.read_text(encoding="utf-8") for path in files if path.is_file()]
    said += [environ.get(name, "") for name in _VARIABLES]
    return frozenset(word.strip() for word in said if word.strip())


def _named(url: str, token: str) -> Access:
    if not url.startswith(("http://", "https://")):
        raise ServerError(
            f"{URL} must start with http:// or https://, not {url!r}",
            code="server_url",
            hint="for example http://127.0.0.1:8080",
        )
    if not token.strip():
        raise ServerError(
            f"there is no token for Label Studio at {url}",
            code="server_token",
            hint=f"set {TOKEN} to the access token of your account page there",
        )
    if not _TOKEN.fullmatch(token.strip()):
        raise ServerError(
            f"{TOKEN} holds characters that no token has",
            code="server_token",
            hint="copy it again, without quotation marks and line breaks",
        )
    return Access(url.rstrip("/"), token.strip())
