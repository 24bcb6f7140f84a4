"""What a workspace does with releases that are there: compare, check, hand out."""

from pathlib import Path
from typing import TYPE_CHECKING

from galley.workspace.releasing import Releasing

if TYPE_CHECKING:
    from galley.releases.comparison import Comparison
    from galley.releases.export import Export
    from galley.releases.snapshot import Snapshot
    from galley.releases.standoff import Rejoined
    from galley.schema.issue import Issue


class Reading(Releasing):
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

        return export(find_release(self.layout.releases, version), out, form=form)

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
            old: A version; `.` for what would be released now; None for the newest release.
            new: As `old`.

        Raises:
            ReleaseError: There is no such release.
        """
        from galley.releases.comparison import compare_snapshots  # noqa: PLC0415 - as above

        return compare_snapshots(self._snapshot(old), self._snapshot(new))

    def _snapshot(self, name: str | None) -> "Snapshot":
        from galley.releases.history import find_release  # noqa: PLC0415 - stages load lazily
        from galley.releases.snapshot import WORKING, of_draft, of_release  # noqa: PLC0415
        from galley.releases.stage import make_draft  # noqa: PLC0415

        if name == WORKING:
            return of_draft(make_draft(self.layout.releases, self._material()))
        return of_release(find_release(self.layout.releases, name))

    @staticmethod
    def verify(place: Path | str) -> "list[Issue]":
        """Return what is wrong with a release; it needs no workspace.

        Args:
            place: The folder of one version, or `hf://datasets/ORG/NAME@vVERSION`.

        Raises:
            ReleaseError: There is no release at `place`, or the Hub cannot be read.
        """
        if str(place).startswith("hf:"):
            from galley.releases.verify_hub import HubRevision, verify_hub  # noqa: PLC0415 - as above

            return verify_hub(HubRevision.parse(str(place)))
        from galley.releases.verify import verify  # noqa: PLC0415 - stages load lazily

        return verify(Path(place))
