"""What a workspace does with places that others read: publish, withdraw, go back."""

from typing import TYPE_CHECKING

from galley.workspace.base import Base

if TYPE_CHECKING:
    from galley.releases.target import Confirm, Plan


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

        target = open_target(to)
        release = find_release(self.layout.releases, version)
        with stage(release, licenses=self.config.release.publishable) as staged:
            return target.publish(staged, confirm)

    @staticmethod
    def yank(version: str, *, to: str, confirm: "Confirm") -> "Plan":
        """Take a published version away; see `publish` for `to` and `confirm`.

        Raises:
            ReleaseError: There is no such version, or the Hub fails for too long.
        """
        from galley.releases.target import open_target  # noqa: PLC0415 - stages load lazily

        return open_target(to).yank(version, confirm)

    @staticmethod
    def rollback(version: str, *, to: str, confirm: "Confirm") -> "Plan":
        """Make a published version current again; see `publish` for `to` and `confirm`.

        Raises:
            ReleaseError: There is no such version, or the Hub fails for too long.
        """
        from galley.releases.target import open_target  # noqa: PLC0415 - stages load lazily

        return open_target(to).rollback(version, confirm)
