"""Cutting releases."""

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from galley.errors import ReleaseError
from galley.manifest import list_files
from galley.record import Record
from galley.releases.stage import Outcome
from galley.schema.vocabulary import Label, Labels
from tests.factory import LABELS, make_corrected, make_record
from tests.unit.releases.conftest import Workshop


def content(folder: Path) -> dict[str, bytes]:
    """Return all files below `folder`."""
    return {path: (folder / path).read_bytes() for path in list_files(folder)}


def splits(outcome: Outcome) -> dict[str, str]:
    return {entry.id: entry.split for entry in outcome.release.entries}


def test_the_first_release_is_0_1_0(workshop: Workshop, records: list[Record]) -> None:
    """`default` has the corrected records, `all` the others too, in train alone."""
    outcome = workshop.cut(records)
    assert (str(outcome.release.version), outcome.created) == ("0.1.0", True)
    default, every = outcome.configs["default"], outcome.configs["all"]
    assert sum(default.values()) == 16
    assert every == default | {"train": default["train"] + 4}
    assert list(outcome.configs) == ["default", "all"]
    assert not outcome.warnings


def test_while_nothing_is_corrected_all_is_the_default(workshop: Workshop) -> None:
    """There is one config with one split, and a warning."""
    outcome = workshop.cut(map(make_record, range(12)))
    assert outcome.configs == {"all": {"train": 12}}
    assert "nobody has corrected" in outcome.warnings[0]
    assert "default: true" in (outcome.release.path / "README.md").read_text()


def test_a_split_without_rows_is_neither_written_nor_named(workshop: Workshop) -> None:
    """One record has one split."""
    outcome = workshop.cut([make_corrected(1)])
    assert len(outcome.configs["default"]) == 1
    assert len(list(outcome.release.path.glob("data/**/*.parquet"))) == 1


def test_a_second_run_does_nothing(workshop: Workshop, records: list[Record]) -> None:
    """Not even on another day; no file is touched."""
    workshop.cut(records)
    before = content(workshop.folder)
    outcome = workshop.cut(records, date="2030-01-01")
    assert (str(outcome.release.version), outcome.created) == ("0.1.0", False)
    assert content(workshop.folder) == before


def test_the_order_of_the_input_does_not_matter(tmp_path: Path, records: list[Record]) -> None:
    """Two workshops, shuffled input: the same bytes in every file."""
    for name, seed in (("a", 1), ("b", 2)):
        for given in (records[:10], [*records, make_corrected(99)]):
            Workshop(tmp_path / name).cut(random.Random(seed).sample(given, len(given)))
    assert content(tmp_path / "a") == content(tmp_path / "b")


@pytest.mark.parametrize(
    ("change", "version"),
    [
        (lambda records: records[0].update(tags=["ferries"]), "0.1.1"),
        (lambda records: records.append(make_record(99)), "0.2.0"),
        (lambda records: records.pop(), "0.2.0"),
    ],
)
def test_the_version_follows_from_the_change(
    workshop: Workshop, records: list[Record], change: Any, version: str
) -> None:
    """A correction raises the third number, a record more or less the second."""
    workshop.cut(records)
    change(records)
    outcome = workshop.cut(records)
    assert (str(outcome.release.version), outcome.created) == (version, True)


def test_changed_words_are_a_patch_of_the_same_rows(
    workshop: Workshop, records: list[Record]
) -> None:
    """Another answer in the datasheet: the data files keep their bytes."""
    first = workshop.cut(records).release
    second = workshop.cut(records, datasheet="Another answer.").release
    assert str(second.version) == "0.1.1"
    assert content(second.path / "data") == content(first.path / "data")


def test_a_label_at_the_end_is_minor_and_one_less_is_major(
    workshop: Workshop, records: list[Record]
) -> None:
    """From 1.0.0 on the first number rises."""
    workshop.cut(records, "1.0.0")
    more = Labels("1", (*LABELS.labels, Label("EVENT")))
    assert str(workshop.cut(records, labels=more).release.version) == "1.1.0"
    assert str(workshop.cut(records, labels=LABELS).release.version) == "2.0.0"


@pytest.mark.parametrize(
    ("wanted", "code"), [("0.1.1", "version_low"), ("0.1.0", "version_exists")]
)
def test_a_version_too_low_or_taken_is_refused(
    workshop: Workshop, records: list[Record], wanted: str, code: str
) -> None:
    """A new record asks for 0.2.0."""
    workshop.cut(records)
    with pytest.raises(ReleaseError) as caught:
        workshop.cut([*records, make_record(99)], wanted)
    assert caught.value.code == code
    assert "0.2.0" in caught.value.hint


def test_a_version_above_is_taken_once(workshop: Workshop, records: list[Record]) -> None:
    """1.0.0 of the same rows is a release; a second time it is there already."""
    workshop.cut(records)
    assert workshop.cut(records, "1.0.0").created
    assert not workshop.cut(records, "1.0.0").created


def test_splits_and_first_releases_never_move(workshop: Workshop, records: list[Record]) -> None:
    """Corrections, removals and new records around it leave a record where it is."""
    first = workshop.cut(records)
    later = [make_corrected(number) for number in range(4, 60)]
    second = workshop.cut(later)
    assert {key: splits(first)[key] for key in splits(first) if key in splits(second)}.items() <= (
        splits(second).items()
    )
    assert workshop.cut([*records, *later[16:]]).created
    for entry in workshop.cut([*records, *later[16:]]).release.entries:
        assert entry.split == splits(first).get(entry.id, entry.split)


def test_changed_in_names_the_version_that_changed_the_row(
    workshop: Workshop, records: list[Record]
) -> None:
    """The others keep theirs; all keep the version that first held them."""
    workshop.cut(records)
    records[0]["tags"] = ["ferries"]
    entries = workshop.cut(records).release.entries
    assert {entry.id for entry in entries if entry.changed_in == "0.1.1"} == {records[0]["id"]}
    assert {entry.first_release for entry in entries} == {"0.1.0"}


def test_what_is_withheld_is_said(workshop: Workshop, records: list[Record]) -> None:
    """An uncorrected near-duplicate of a test record is in no file, and named."""
    first = workshop.cut(records)
    test = next(key for key, split in splits(first).items() if split == "test")
    outcome = workshop.cut([*records, make_record(99, cluster=test)])
    assert [issue.code for issue in outcome.withheld] == ["leaks_split"]
    assert not outcome.created


def test_nothing_to_release_is_an_error(workshop: Workshop) -> None:
    """With a hint, and no folder."""
    with pytest.raises(ReleaseError) as caught:
        workshop.cut([])
    assert caught.value.code == "nothing_to_release"
    assert not list(workshop.folder.glob("*"))


def test_a_field_that_is_not_there_stops_the_release(
    workshop: Workshop, records: list[Record]
) -> None:
    """The datasheet's mistake is named and nothing is left behind."""
    with pytest.raises(ReleaseError, match=r"DATASHEET\.md.*recrods"):
        workshop.cut(records, datasheet="{{ facts.recrods }}")
    assert not list(workshop.folder.glob("*"))


def test_a_killed_run_can_be_run_again(workshop: Workshop, records: list[Record]) -> None:
    """It left a part folder and the changelog entry of a release that never came."""
    workshop.cut(records)
    expected = content(workshop.folder)
    killed = workshop.cut([*records, make_record(99)]).release
    killed.path.rename(workshop.folder / ".release.part")
    records[0]["tags"] = ["ferries"]
    assert str(workshop.cut(records).release.version) == "0.1.1"
    assert "[0.2.0]" not in (workshop.folder / "CHANGELOG.md").read_text()
    assert not (workshop.folder / ".release.part").exists()
    assert expected.keys() < content(workshop.folder).keys()


def test_data_that_are_not_there_are_made_again(workshop: Workshop, records: list[Record]) -> None:
    """In a fresh clone the files of the newest release come back with the next run."""
    release = workshop.cut(records).release
    before = content(release.path)
    shutil.rmtree(release.path / "data")
    outcome = workshop.cut(records)
    assert (outcome.created, outcome.rebuilt) == (False, True)
    assert content(release.path) == before


def test_near_duplicates_move_into_one_split_only_where_they_may(
    workshop: Workshop, records: list[Record]
) -> None:
    """A first release has them in two; then they turn out to be alike. The move is MAJOR."""
    first = workshop.cut(records, "1.0.0")
    one, other = (
        next(key for key, split in splits(first).items() if split == name)
        for name in ("train", "test")
    )
    alike = [r | {"cluster": one} if r["id"] == other else r for r in records]
    stays = workshop.cut(alike)
    assert not stays.created
    assert "--allow-move" in stays.warnings[0]
    moved = workshop.cut(alike, allow_move=True)
    assert str(moved.release.version) == "2.0.0"
    assert moved.change is not None
    assert moved.change.moved == [other]
    assert splits(moved) == splits(first) | {other: "train"}
    assert "1 record in another split" in (workshop.folder / "CHANGELOG.md").read_text()
    assert not workshop.cut(alike).created
