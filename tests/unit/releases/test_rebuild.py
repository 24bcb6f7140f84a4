"""The data of a committed release, made again."""

import shutil
from typing import Any

import pytest

from galley.errors import ReleaseError
from galley.manifest import list_files
from galley.record import Record
from galley.releases.history import Release, find_release
from galley.releases.verify import verify
from galley.schema.vocabulary import Label, Labels
from tests.factory import LABELS, make_record
from tests.unit.releases.conftest import Workshop


@pytest.fixture
def release(workshop: Workshop, records: list[Record]) -> Release:
    """Return a release as in a fresh clone: without its data."""
    release = workshop.cut(records).release
    shutil.rmtree(release.path / "data")
    return release


def refused(
    workshop: Workshop, release: Release, records: list[Record], **changes: Any
) -> ReleaseError:
    with pytest.raises(ReleaseError) as caught:
        workshop.rebuild(release, records, **changes)
    assert not (release.path / "data").exists()
    return caught.value


def test_the_same_records_give_the_same_data(
    workshop: Workshop, release: Release, records: list[Record]
) -> None:
    """Whatever was built since, and in whatever order they come."""
    outcome = workshop.rebuild(release, [make_record(99), *reversed(records)])
    assert (outcome.created, outcome.rebuilt) == (False, True)
    assert verify(release.path) == []


def test_later_releases_do_not_matter(
    workshop: Workshop, release: Release, records: list[Record]
) -> None:
    """The first release is rebuilt beside a second one."""
    workshop.cut([*records, make_record(99)])
    workshop.rebuild(release, [*records, make_record(99)])
    assert verify(release.path) == []


def test_a_changed_record_is_named(
    workshop: Workshop, release: Release, records: list[Record]
) -> None:
    """A changed title is the build's doing."""
    records[0]["title"] += "!"
    error = refused(workshop, release, records)
    assert error.code == "rebuild_differs"
    assert "records: expected" in error.message
    assert f"1 record ({records[0]['id']}) with another row" in error.message


def test_a_changed_annotation_is_not_the_builds_doing(
    workshop: Workshop, release: Release, records: list[Record]
) -> None:
    """Then it is the suggestions that differ: the ledger stands at the release's head."""
    records[-1]["tags"] = ["x"]
    error = refused(workshop, release, records, hashes={"suggestions": "a" * 64})
    assert "suggestions: expected None, got aaa" in error.message
    assert "records: " not in error.message


def test_a_record_that_is_gone_is_named(
    workshop: Workshop, release: Release, records: list[Record]
) -> None:
    """The release held it."""
    gone = records.pop()["id"]
    assert f"1 record ({gone}) not in the build" in refused(workshop, release, records).message


def test_another_vocabulary_is_named(
    workshop: Workshop, release: Release, records: list[Record]
) -> None:
    """A label at the end changes no row, but the features in the files."""
    more = Labels("1", (*LABELS.labels, Label("EVENT")))
    error = refused(workshop, release, records, labels=more)
    assert "with another row" not in error.message
    assert "data/corrected/train-00000-of-00001.parquet: expected" in error.message


def test_a_committed_file_that_was_changed_is_named(
    workshop: Workshop, release: Release, records: list[Record]
) -> None:
    """What stands around the data must be the release too."""
    (release.path / "README.md").write_text("mine")
    assert refused(workshop, release, records).code == "release_damaged"


def test_data_that_were_changed_are_replaced(
    workshop: Workshop, release: Release, records: list[Record]
) -> None:
    """They are generated: nobody's work is in them."""
    workshop.rebuild(release, records)
    (release.path / "data/stale.parquet").write_bytes(b"stale")
    workshop.rebuild(release, records)
    assert "data/stale.parquet" not in list_files(release.path)


def test_the_newest_release_is_found_by_number(workshop: Workshop, records: list[Record]) -> None:
    """0.10.0 is newer than 0.9.0; what is not there is an error that says what is."""
    for number, version in enumerate(["0.9.0", "0.10.0"]):
        workshop.cut([*records, make_record(90 + number)], version)
    assert str(find_release(workshop.folder, None).version) == "0.10.0"
    with pytest.raises(ReleaseError, match=r"0\.9\.0, 0\.10\.0"):
        find_release(workshop.folder, "0.1.0")
