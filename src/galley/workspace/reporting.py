"""What a workspace does for those who look: the report, of a release or of the present state."""

from pathlib import Path

from galley.workspace.releasing import Releasing


class Reporting(Releasing):
    """From records and corrections to a page."""

    def report(self, out: Path, version: str | None = None) -> Path:
        """Write one HTML file on a release, or on what would be released now.

        It holds everything that it shows and loads nothing. Without `version` it says what each
        annotator did, too, by pseudonym: that page is for this machine.

        Args:
            out: The file.
            version: The release, whose data files must be there; None for the present state.

        Raises:
            WorkspaceError: Nothing is built yet.
            ReleaseError: There is no such release, or its data files are not there.
        """
        from galley.files import write_text  # noqa: PLC0415 - stages load lazily
        from galley.releases.check_rows import load_codec  # noqa: PLC0415
        from galley.releases.edition import edition_of  # noqa: PLC0415
        from galley.releases.history import find_release  # noqa: PLC0415
        from galley.releases.rows import collect_rows  # noqa: PLC0415
        from galley.releases.snapshot import read_records  # noqa: PLC0415
        from galley.releases.stage import make_draft  # noqa: PLC0415

        if version is None:
            edition = make_draft(self.layout.releases, self._material()).present()
        else:
            release = find_release(self.layout.releases, version)
            edition = edition_of(release, collect_rows(read_records(release), load_codec(release)))
        write_text(out, self._page(edition, private=version is None))
        return out
