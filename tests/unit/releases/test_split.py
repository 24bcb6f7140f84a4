"""Splits: drawn once, never moved, never across a cluster."""

from collections import Counter
from dataclasses import replace

import pytest

from galley.releases.index import Entry
from galley.releases.split import Assignment, Candidate, Draw, Place, assign
from tests.factory import make_id

DRAW = Draw({"train": 0.6, "validation": 0.2, "test": 0.2}, seed="")
IDS = [make_id(number) for number in range(400)]


def drawn(split: str) -> str:
    """Return a record id that draws `split`."""
    return next(key for key in IDS if DRAW.split(key) == split)


def candidate(key: str, status: str = "corrected", cluster: str = "") -> Candidate:
    return Candidate(key, cluster or key, status, "0" * 64)


def entry(key: str, split: str, cluster: str = "") -> Entry:
    return Entry(key, cluster or key, split, "0.1.0", "0.1.0", "0" * 64, "0" * 64, "corrected")


def place(*candidates: Candidate, released: tuple[Entry, ...] = ()) -> Assignment:
    return assign(candidates, {item.id: item for item in released}, DRAW)


def codes(assignment: Assignment) -> dict[str, str]:
    return {issue.path: issue.code for issue in assignment.withheld}


def test_shares_are_kept() -> None:
    """Of 400 clusters about 60, 20 and 20 percent land in each split."""
    numbers = Counter(DRAW.split(key) for key in IDS)
    assert all(abs(numbers[name] / 400 - share) < 0.06 for name, share in DRAW.shares.items())


def test_the_seed_changes_the_draw_and_an_empty_share_gets_nothing() -> None:
    """Another seed draws differently; a share of 0 is no split."""
    other = Draw(DRAW.shares, seed="x")
    assert [DRAW.split(key) for key in IDS] != [other.split(key) for key in IDS]
    all_train = Draw({"test": 0.0, "train": 1.0}, seed="")
    assert {all_train.split(key) for key in IDS} == {"train"}


def test_a_cluster_shares_the_split_of_its_oldest_record() -> None:
    """Near-duplicates go where the cluster's id draws, whatever they would draw themselves."""
    test, train = drawn("test"), drawn("train")
    found = place(candidate(test), candidate(train, cluster=test))
    assert {item.split for item in found.places.values()} == {"test"}


def test_a_released_split_is_read_not_drawn() -> None:
    """A record that was released in test stays there, although it would draw train."""
    key = drawn("train")
    assert place(candidate(key), released=(entry(key, "test"),)).places[key].split == "test"


def test_an_uncorrected_record_is_settled_in_train() -> None:
    """It would draw test: it is published in train, and stays there once it is corrected."""
    key = drawn("test")
    assert place(candidate(key, "suggested")).places[key] == Place(key, "train")
    later = place(candidate(key), released=(entry(key, "train"),))
    assert later.places[key].split == "train"


def test_an_uncorrected_near_duplicate_of_a_test_record_is_withheld() -> None:
    """In train it would leak the test record's text."""
    key, twin = drawn("test"), make_id(1000)
    found = place(candidate(key), candidate(twin, "source", cluster=key))
    assert codes(found) == {twin: "leaks_split"}
    assert set(found.places) == {key}


def test_a_correction_that_is_taken_back_does_not_put_a_test_record_into_train() -> None:
    """It was released in test and is now uncorrected: it is in no file at all."""
    key = drawn("test")
    assert codes(place(candidate(key, "source"), released=(entry(key, "test"),))) == {
        key: "leaks_split"
    }


def test_a_record_between_two_splits_is_withheld_and_the_released_stay() -> None:
    """The new record is near both; they keep their splits and the clusters they had."""
    old, other, new = make_id(1), make_id(2), make_id(3)
    found = place(
        candidate(old),
        candidate(other, cluster=old),
        candidate(new, cluster=old),
        released=(entry(old, "train"), entry(other, "test")),
    )
    assert codes(found) == {new: "bridges_splits"}
    assert found.places == {old: Place(old, "train"), other: Place(other, "test")}
    assert not found.leaks


def test_released_near_duplicates_in_two_splits_are_named() -> None:
    """No new record explains why they are one cluster now."""
    old, other = make_id(1), make_id(2)
    found = place(
        candidate(old),
        candidate(other, cluster=old),
        released=(entry(old, "train"), entry(other, "test")),
    )
    assert found.leaks == [old]


def test_a_near_duplicate_of_a_record_that_left_joins_its_split() -> None:
    """The cluster's name is enough: its oldest record is in the index, not in the build."""
    gone, new = drawn("train"), make_id(1000)
    found = place(candidate(new, cluster=gone), released=(entry(gone, "test"),))
    assert found.places[new].split == "test"


@pytest.mark.parametrize(
    ("known", "split"),
    [(("train", "test"), "train"), (("test", "validation"), "validation")],
)
def test_what_is_alike_moves_into_one_split_where_it_may(
    known: tuple[str, str], split: str
) -> None:
    """Into train if any was there; the record between them comes along."""
    old, other, new = make_id(1), make_id(2), make_id(3)
    released = {old: entry(old, known[0]), other: entry(other, known[1])}
    members = [candidate(old), candidate(other, cluster=old), candidate(new, cluster=old)]
    found = assign(members, released, DRAW, move=True)
    assert set(found.places.values()) == {Place(old, split)}
    assert not found.withheld
    assert not found.leaks


def test_leave_to_move_moves_nothing_else() -> None:
    """A record that would draw another split now stays where it is."""
    key = drawn("train")
    found = assign([candidate(key)], {key: entry(key, "test")}, DRAW, move=True)
    assert found.places == {key: Place(key, "test")}


def test_a_publisher_draws_once_for_all_records() -> None:
    """Without a publisher a cluster draws for itself; near-duplicates follow the oldest."""
    draw = replace(DRAW, by="publisher")
    split = draw.split("The Courier")
    lone = next(key for key in IDS[20:] if draw.split(key) != split)
    twin = candidate(make_id(1000), cluster=IDS[1])
    by = [replace(candidate(key), publisher="The Courier") for key in IDS[:20]]
    found = assign([*by, candidate(lone), replace(twin, publisher="The Times")], {}, draw)
    assert {found.places[key].split for key in (*IDS[:20], twin.id)} == {split}
    assert found.places[lone].split != split


@pytest.mark.parametrize(
    ("days", "split"),
    [
        (["2023-12-31T23:00:00Z"], "train"),
        (["2024-01-01"], "validation"),
        (["2024-06-30T23:59:59Z", "2024-07"], "validation"),
        (["2024-07-01T00:00:00Z"], "test"),
        (["2025-01-01", "2023-01-01"], "train"),
        (["2024"], "train"),
        ([None], "train"),
    ],
)
def test_dates_decide_by_the_first_publication(days: list[str | None], split: str) -> None:
    """Of all near-duplicates; what is too imprecise counts as early, and undated is train."""
    dates = {"test": "2024-07-01", "validation": "2024-01-01"}
    keys = IDS[: len(days)]
    members = [
        replace(candidate(key, cluster=keys[0]), published=day)
        for key, day in zip(keys, days, strict=True)
    ]
    found = assign(members, {}, replace(DRAW, by="date", dates=dates))
    assert {place.split for place in found.places.values()} == {split}


def test_where_dates_decide_an_uncorrected_record_of_the_future_is_not_in_train() -> None:
    """It is withheld and in no index, so that it can be test data once it is corrected."""
    draw = replace(DRAW, by="date", dates={"test": "2024-07-01"})
    old, new = (
        replace(candidate(key, "source"), published=day)
        for key, day in ((IDS[0], "2024-06-30"), (IDS[1], "2024-08-01"))
    )
    found = assign([old, new], {}, draw)
    assert codes(found) == {IDS[1]: "leaks_split"}
    assert found.places == {IDS[0]: Place(IDS[0], "train")}
