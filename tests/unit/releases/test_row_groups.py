"""Row groups: a change in one leaves the others as they are."""

import pyarrow.parquet as pq

from galley.releases.index import Entry
from galley.releases.write import row_groups
from tests.factory import make_corrected, make_id
from tests.unit.releases.conftest import Workshop


def entry(number: int) -> Entry:
    return Entry(make_id(number), "", "train", "0.1.0", "0.1.0", "", "", "corrected")


ENTRIES = [entry(number) for number in range(120_000)]


def test_groups_are_large_and_hold_all_rows_in_their_order() -> None:
    """Only the last may be small."""
    groups = list(row_groups(ENTRIES))
    assert [one for group in groups for one in group] == ENTRIES
    assert all(16_000 <= len(group) <= 32_000 for group in groups[:-1])


def test_one_row_less_or_more_changes_one_group() -> None:
    """Wherever it is, but for one at which a group ends."""
    groups = list(row_groups(ENTRIES))
    for number in (0, 50_000, 119_998):
        for changed in (
            [*ENTRIES[:number], *ENTRIES[number + 1 :]],
            [*ENTRIES[:number], entry(-1), *ENTRIES[number:]],
        ):
            found = list(row_groups(changed))
            assert sum(group not in found for group in groups) == 1
            assert len(found) == len(groups)


def test_ids_that_never_say_so_still_end_groups() -> None:
    """At 32,000 rows."""
    odd = [entry for entry in ENTRIES if int(entry.id, 16) % 4000]
    assert {len(group) for group in list(row_groups(odd))[:-1]} == {32_000}


def test_a_small_release_is_one_group(workshop: Workshop) -> None:
    """With a page index."""
    release = workshop.cut([make_corrected(1), make_corrected(2)]).release
    (path, *_) = release.path.glob("data/*/*.parquet")
    metadata = pq.ParquetFile(path).metadata
    assert metadata.num_row_groups == 1
    assert metadata.row_group(0).column(0).has_column_index
