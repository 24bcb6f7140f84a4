"""What a workspace does with releases that are there: compare, check, hand out."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from galley.settings import load_config
from galley.workspace.advance import Advance, silent
from galley.workspace.reporting import Reporting

if TYPE_CHECKING:
    from galley.releases.comparison import Comparison
    from galley.releases.export import Export
    from galley.releases.snapshot import Snapshot
    from galley.releases.standoff import Rejoined
    from galley.schema.issue import Issue
    from galley.schema.validate import Report
    from galley.workspace.staged import StagedReport


class Reading(Reporting):
    """From releases to what others need of them."""

    def export(self, out: Path, form: str, version: str | None = None) -> "Export":
        """Write a release in the format of another program, one file for each split.

        Args:
            out: The folder to write to.
            form: `jsonl`, `conll`, `spacy` or `csv`.
            version: The release; None for the newest.

        Raises:
            ReleaseError: There is no such release, or its data files are not there.
        """
        from galley.releases.export import export  # noqa: PLC0415 - stages load lazily
        from galley.releases.history import find_release  # noqa: PLC0415

        release = find_release(self.layout.releases, version)
        return export(release, out, form=form, advance=self.advance)

    def standoff(self, out: Path, version: str | None = None) -> int:
        """Write a release without its texts into the folder `out`; return its records' number.

        Raises:
            ReleaseError: There is no such release, its data files are not there, or `out` holds
                something else.
        """
        from galley.releases.history import find_release  # noqa: PLC0415 - stages load lazily
        from galley.releases.standoff import write_standoff  # noqa: PLC0415

        return write_standoff(find_release(self.layout.releases, version), out)

    def rejoin(self, standoff: Path, out: Path) -> "Rejoined":
        """Put the labels of a standoff release onto the records as built here.

        Raises:
            ReleaseError: `standoff` holds no standoff release, or a damaged one.
        """
        from galley.releases.standoff import rejoin  # noqa: PLC0415 - stages load lazily

        return rejoin(standoff, self.records(), out)

    def diff(self, old: str | None = None, new: str = ".") -> "Comparison":
        """Return how two releases differ.

        Args:
            old: A version; `hf://datasets/ORG/NAME@REVISION`; `.` for what would be released now;
                None for the newest release, or nothing before the first.
            new: As `old`.

        Raises:
            ReleaseError: There is no such release.
        """
        from galley.releases.comparison import compare_snapshots  # noqa: PLC0415 - as above

        with ExitStack() as places:
            found = compare_snapshots(self._snapshot(old, places), self._snapshot(new, places))
        return replace(found, next=self._next(found) if new == "." else None)

    def _next(self, found: "Comparison") -> str | None:
        """Return the version that the working state would have as a release."""
        from galley.releases.history import list_releases  # noqa: PLC0415 - stages load lazily
        from galley.releases.version import FIRST, Level  # noqa: PLC0415

        releases, level = list_releases(self.layout.releases), found.change.level
        if not releases:
            return str(FIRST)
        newest = releases[-1].version
        if level is Level.NONE or found.old != str(newest):
            return None
        return str(newest.raised(level))

    def _snapshot(self, name: str | None, places: ExitStack) -> "Snapshot":
        """Return one side of a diff; what is downloaded for it goes with `places`."""
        from galley.releases.history import (  # noqa: PLC0415 - stages load lazily
            find_release,
            list_releases,
            open_release,
        )
        from galley.releases.snapshot import (  # noqa: PLC0415
            WORKING,
            of_draft,
            of_nothing,
            of_release,
        )
        from galley.releases.stage import make_draft  # noqa: PLC0415

        if name == WORKING:
            return of_draft(make_draft(self.layout.releases, self._material()))
        if name is None and not list_releases(self.layout.releases):
            return of_nothing()
        if name is not None and name.startswith("hf:"):
            from galley.releases.verify_hub import HubRevision, downloaded  # noqa: PLC0415

            folder, _ = places.enter_context(
                downloaded(HubRevision.parse(name), self.config.network)
            )
            return replace(of_release(open_release(folder)), name=name)
        return of_release(find_release(self.layout.releases, name))

    def sign(self, key: Path, version: str | None = None) -> Path:
        """Sign a release with a private Ed25519 key; return the path of the signature.

        Raises:
            ReleaseError: There is no such release, or `key` is no such key.
        """
        from galley.releases.history import find_release  # noqa: PLC0415 - stages load lazily
        from galley.releases.signature import sign  # noqa: PLC0415

        return sign(find_release(self.layout.releases, version).path, key)

    @staticmethod
    def verify(
        place: Path | str,
        key: Path | None = None,
        signature: Path | None = None,
        *,
        advance: Advance = silent,
    ) -> "list[Issue]":
        """Return what is wrong with a release; it needs no workspace.

        Args:
            place: The folder of one version, or `hf://datasets/ORG/NAME@vVERSION`.
            key: The public key that it must be signed with; None for no matter.
            signature: The signature; None for the one beside the folder.
            advance: Is told how many of how many rows are checked, of a folder.

        Raises:
            ReleaseError: There is no release at `place`, the Hub cannot be read, or `key` is no
                such key.
        """
        from galley.releases.signature import check_signature  # noqa: PLC0415 - as above

        def signed(folder: Path) -> "list[Issue]":
            return [] if key is None else [*check_signature(folder, key, signature)]

        if str(place).startswith("hf:"):
            from galley.releases.verify_hub import HubRevision, verify_hub  # noqa: PLC0415 - as above

            network = load_config(None).network
            return verify_hub(HubRevision.parse(str(place)), also=signed, network=network)
        from galley.releases.verify import verify  # noqa: PLC0415 - stages load lazily

        # Last: what is no release, or has no manifest to speak of, is found before.
        return verify(Path(place), advance=advance) or signed(Path(place))

    def validate(self, path: Path, *, limit: int | None = 20) -> "Report":
        """Check Parquet or JSON Lines against the schema of the workspace.

        Args:
            path: A file, or a folder of Parquet files.
            limit: How many issues to word; None for all.

        Raises:
            SourceError: There is nothing at `path`, or it cannot be read.
        """
        from galley.schema.validate import validate  # noqa: PLC0415 - it takes pyarrow along

        return validate(path, self.contract, limit=limit)

    @staticmethod
    def check_staged(folder: Path, since: str | None = None) -> "StagedReport":
        """Check what is staged in git of the workspace at `folder`, which need not be sound.

        Args:
            folder: The workspace.
            since: The branch that a pull request goes to; None to compare with the last commit.

        Raises:
            WorkspaceError: It lies in no git repository, or `since` is no commit.
        """
        from galley.workspace.staged import check_staged  # noqa: PLC0415 - as above

        return check_staged(folder, since)
