"""Where releases are published to: a dataset on the Hub, or a folder."""

import re
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from galley.config import NetworkConfig
from galley.errors import ReleaseError
from galley.releases.plan import Confirm, Plan
from galley.releases.staging import Staged

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)


class Target(Protocol):
    """What releases can be published to.

    Each method asks `confirm` before it changes anything, and returns the plan.
    """

    def publish(self, staged: Staged, confirm: Confirm) -> Plan:
        """Make the release what is current there, and nameable for good."""

    def yank(self, version: str, confirm: Confirm) -> Plan:
        """Take the name of a version away."""

    def rollback(self, version: str, confirm: Confirm) -> Plan:
        """Make a version that was published current again."""


def open_target(text: str, network: NetworkConfig) -> Target:
    """Return the target that `ORG/NAME` or `file://DIR` stands for.

    Raises:
        ReleaseError: It stands for none.
    """
    if text.startswith("file:"):
        from galley.releases.folder import Folder  # noqa: PLC0415 - one of the two is used

        parts = urlsplit(text)
        path = unquote(parts.netloc + parts.path)
        if path:
            return Folder(Path(path).resolve())
    elif _NAME.fullmatch(text):
        from galley.releases.publish import HubTarget  # noqa: PLC0415 - it is slow to import

        return HubTarget(text, network)
    raise ReleaseError(
        f"{text!r} is nothing to publish to",
        code="target_invalid",
        hint="name a dataset on the Hub, ORG/NAME, or a folder, file://DIR",
    )
