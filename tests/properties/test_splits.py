"""Splits never move, whatever happens to the records between releases (invariant 7)."""

from hypothesis import given
from hypothesis import strategies as st

from galley.record import REVIEWED
from galley.releases.index import TRAIN, Entry
from galley.releases.split import Candidate, Draw, Place, assign
from tests.factory import make_id

DRAW = Draw({"train": 0.4, "validation": 0.3, "test": 0.3}, seed="")
IDS = [make_id(number) for number in range(8)]
# A release's worth of records: each is absent, or stands in a cluster with a status.
STATE = st.dictionaries(
    st.sampled_from(IDS),
    st.tuples(st.sampled_from(IDS), st.sampled_from(["source", "suggested", "corrected"])),
    min_size=1,
)


def entry(key: str, place: Place, status: str) -> Entry:
    """Return what the index says of a record."""
    digest = "0" * 64
    return Entry(key, place.cluster, place.split, "0.1.0", "0.1.0", digest, digest, status)


@given(st.lists(STATE, min_size=1, max_size=5))
def test_no_history_moves_a_record_or_lets_a_text_leak(
    states: list[dict[str, tuple[str, str]]],
) -> None:
    """Records come, go, are corrected and uncorrected, and clusters form and break up."""
    released: dict[str, Entry] = {}
    for state in states:
        candidates = [Candidate(key, *value, "0" * 64) for key, value in state.items()]
        found = assign(candidates, released, DRAW)
        index = {key: entry(key, place, state[key][1]) for key, place in found.places.items()}
        assert index.keys() | {issue.path for issue in found.withheld} == state.keys()
        assert all(item.split == released.get(key, item).split for key, item in index.items())
        assert all(i.split == TRAIN or i.status in REVIEWED for i in index.values())
        splits = {(item.cluster, item.split) for item in index.values()}
        assert len(splits) == len({cluster for cluster, _ in splits})
        released |= index


@given(st.lists(STATE, min_size=1, max_size=5))
def test_with_leave_to_move_all_that_is_alike_is_together(
    states: list[dict[str, tuple[str, str]]],
) -> None:
    """In one split, never out of train, and nothing moves that has nothing alike elsewhere."""
    released: dict[str, Entry] = {}
    for state in states:
        candidates = [Candidate(key, *value, "0" * 64) for key, value in state.items()]
        found = assign(candidates, released, DRAW, move=True)
        assert {issue.code for issue in found.withheld} <= {"leaks_split"}
        for key, place in found.places.items():
            alike = [other for other, value in state.items() if value[0] == state[key][0]]
            assert {found.places.get(other, place) for other in alike} == {place}
            assert place.split == TRAIN or state[key][1] in REVIEWED
            before = {released[other].split for other in alike if other in released}
            before |= {e.split for e in released.values() if e.cluster == place.cluster}
            assert not before or place.split in before
            assert TRAIN not in before or place.split == TRAIN
        released |= {key: entry(key, place, state[key][1]) for key, place in found.places.items()}
