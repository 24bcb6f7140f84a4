"""What the tests of the releases share: a workshop that cuts releases from records."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from galley.config import Config, ReleaseConfig
from galley.record import Record
from galley.releases.history import Release
from galley.releases.material import Material
from galley.releases.rebuild import rebuild
from galley.releases.stage import Outcome, Terms, cut
from tests.factory import LABELS, contract, make_corrected, make_record

HEAD = {"sha256": "0" * 64, "events": 0, "files": {}}


@dataclass(frozen=True)
class Workshop:
    """Cuts releases into one folder.

    Attributes:
        folder: `releases/`.
    """

    folder: Path

    def material(self, records: Iterable[Record], **changes: Any) -> Material:
        """Return what a release is made from: `records` and defaults."""
        shares = {"train": 0.6, "validation": 0.2, "test": 0.2}
        material = Material(
            records=iter(records),
            contract=contract(),
            labels=LABELS,
            config=Config(name="sample", release=ReleaseConfig(splits=shares)),
            datasheet="# Datasheet\n\nIt holds {{ facts.records }} records.\n",
            ledger=HEAD,
            date="2024-05-03",
        )
        return replace(material, **changes)

    def cut(
        self,
        records: Iterable[Record],
        wanted: str | None = None,
        *,
        allow_move: bool = False,
        **changes: Any,
    ) -> Outcome:
        """Cut a release."""
        material = self.material(records, **changes)
        return cut(self.folder, material, wanted, terms=Terms(allow_move=allow_move))

    def rebuild(self, release: Release, records: Iterable[Record], **changes: Any) -> Outcome:
        """Make the data of a release again."""
        return rebuild(release, self.material(records, **changes))


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Return a workshop without a release."""
    return Workshop(tmp_path / "releases")


@pytest.fixture
def records() -> list[Record]:
    """Return 16 records that people corrected and 4 that nobody looked at."""
    return [*map(make_corrected, range(16)), *map(make_record, range(16, 20))]
