"""Where releases are published to: a dataset on the Hub, or a folder."""

import re
from pathlib import Path
from typing import Protocol

from galley.config import NetworkConfig
from galley.errors import ReleaseError
from galley.files import local_path
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

        if text.removeprefix("file:").strip("/"):
            place = local_path(text).resolve()
            if place.exists() and not place.is_dir():
                raise ReleaseError(
                    f"{place} is a file", code="target_invalid", hint="name a folder"
                )
            return Folder(place)
    elif _NAME.fullmatch(text):
        from galley.releases.publish import HubTarget  # noqa: PLC0415 - it is slow to import

        return HubTarget(text, network)
    raise ReleaseError(
        f"{text!r} is nothing to publish to",
        code="target_invalid",
        hint=f"name a dataset on the Hub, ORG/NAME, or a folder, {_folder(text)}",
    )


def _folder(text: str) -> str:
    """Return how a folder is named: the one that a path stands for, if `text` looks like one."""
    like = text.startswith(("/", ".", "~")) or (text and Path(text).is_dir())
    return Path(text).expanduser().resolve().as_uri() if like else "file://DIR"
