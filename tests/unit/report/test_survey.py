"""What the report counts."""

from galley.report.survey import Survey
from tests.factory import make_record


def survey(*days: str | None) -> Survey:
    """Return the survey of records that were published on `days`."""
    return Survey.take(make_record(number, published=day) for number, day in enumerate(days))


def test_periods_have_no_gaps() -> None:
    """Months without a record stand between those with some; the undated are left out."""
    found = survey("2024-01-30", "2024-03", "2024-03-02T10:00:00Z", None).periods()
    assert {name: sum(counts.values()) for name, counts in found.items()} == {
        "2024-01": 1,
        "2024-02": 0,
        "2024-03": 2,
    }


def test_long_times_are_in_years() -> None:
    """Where months would be too many, years are counted; a bare year counts there only."""
    found = survey("1999-05-01", "2024-03-02", "2020").periods()
    assert next(iter(found)) == "1999"
    assert (len(found), found["2020"].total()) == (26, 1)


def test_pairs_and_surfaces() -> None:
    """Tags of one record are paired once, and entities are counted by their words."""
    entity = {"start": 0, "end": 1, "label": "PER", "text": "Ada"}
    record = make_record(tags=["b", "a", "c"], entities=[entity, entity])
    found = Survey.take([record])
    assert found.pairs == {("a", "b"): 1, ("a", "c"): 1, ("b", "c"): 1}
    assert found.surfaces == {"PER": {"Ada": 2}}
