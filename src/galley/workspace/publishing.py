"""What a workspace does with places that others read: publish, withdraw, go back."""

import json
from typing import TYPE_CHECKING

from galley.errors import ReleaseError
from galley.files import local_path, write_json
from galley.settings import load_config
from galley.workspace.base import Base

if TYPE_CHECKING:
    from galley.releases.plan import Confirm, Plan

_NOTE = "published.json"


class Publishing(Base):
    """From releases to the Hub."""

    def publish(self, version: str | None = None, *, to: str, confirm: "Confirm") -> "Plan":
        """Publish a release on the Hub or into a folder.

        Args:
            version: The release; None for the newest.
            to: `ORG/NAME` on the Hub, or `file://DIR`.
            confirm: Is shown what would happen; nothing does if it returns False.

        Raises:
            ReleaseError: The release is not sound, is published with other content, or the Hub
                fails for too long.
        """
        from galley.releases.history import find_release  # noqa: PLC0415 - stages load lazily
        from galley.releases.staging import stage  # noqa: PLC0415
        from galley.releases.target import open_target  # noqa: PLC0415

        self._refuse_own(to)
        target = open_target(to, self.config.network)
        release = find_release(self.layout.releases, version)
        said: list[bool] = []

        def ask(plan: "Plan") -> bool:
            said.append(confirm(plan))
            return said[-1]

        with stage(release, licenses=self.config.release.publishable) as staged:
            plan = target.publish(staged, ask)
        if all(said):  # nobody is asked where it is published already
            self._note(to, plan.version)
        return plan

    def _refuse_own(self, to: str) -> None:
        """Refuse to publish over what releases are cut and published from."""
        root = self.layout.root
        if to.startswith("file:") and local_path(to).resolve().is_relative_to(self.layout.releases):
            raise ReleaseError(
                f"{to} is where releases are kept, not where they are published",
                code="target_invalid",
                hint=f"name a folder beside it: {(root / 'published').as_uri()}",
            )

    def published(self) -> dict[str, str]:
        """Return from each place to the version that was last published there from here."""
        try:
            found = json.loads((self.layout.private / _NOTE).read_text(encoding="utf-8"))
            return {str(place): str(version) for place, version in found.items()}
        except (OSError, ValueError, AttributeError):
            return {}

    def _note(self, place: str, version: str) -> None:
        """Keep on this machine what was published where."""
        known = self.published()
        if known.get(place) != version:
            write_json(self.layout.private / _NOTE, known | {place: version})

    @staticmethod
    def yank(version: str, *, to: str, confirm: "Confirm") -> "Plan":
        """Take a published version away; see `publish` for `to` and `confirm`.

        Raises:
            ReleaseError: There is no such version, or the Hub fails for too long.
        """
        from galley.releases.target import open_target  # noqa: PLC0415 - stages load lazily

        return open_target(to, load_config(None).network).yank(version, confirm)

    @staticmethod
    def rollback(version: str, *, to: str, confirm: "Confirm") -> "Plan":
        """Make a published version current again; see `publish` for `to` and `confirm`.

        Raises:
            ReleaseError: There is no such version, or the Hub fails for too long.
        """
        from galley.releases.target import open_target  # noqa: PLC0415 - stages load lazily

        return open_target(to, load_config(None).network).rollback(version, confirm)
