"""What differs inside the rows of two releases."""

import shutil
from typing import Any

import pytest

from galley.record import Record
from galley.releases.comparison import Comparison, compare_snapshots
from galley.releases.narrative import tell, tell_markdown
from galley.releases.snapshot import of_draft, of_release, read_records
from galley.releases.spans import compare_spans
from galley.releases.stage import make_draft
from tests.factory import find_entity, make_corrected, make_record
from tests.unit.releases.conftest import Workshop

TEXT = make_record(0)["text"]


def entity(start: int, end: int, label: str) -> dict[str, Any]:
    return {"start": start, "end": end, "label": label, "text": TEXT[start:end]}


@pytest.mark.parametrize(
    ("before", "after", "same_text", "fates"),
    [
        ([entity(2, 5, "PER")], [entity(2, 5, "PER")], True, []),
        ([], [entity(2, 5, "PER")], True, ["added"]),
        ([entity(2, 5, "PER")], [], True, ["removed"]),
        ([entity(2, 5, "PER")], [entity(2, 5, "ORG")], True, ["relabelled"]),
        ([entity(2, 5, "PER")], [entity(4, 9, "PER")], True, ["moved"]),
        ([entity(2, 5, "PER")], [entity(4, 9, "PER")], False, ["added", "removed"]),
        ([entity(2, 5, "PER")], [entity(6, 9, "ORG")], True, ["removed", "added"]),
        ([entity(2, 5, "PER")], [entity(4, 9, "ORG")], True, ["removed", "added"]),
        (
            [entity(2, 9, "PER")],
            [entity(2, 5, "PER"), entity(6, 9, "PER")],
            True,
            ["moved", "added"],
        ),
    ],
)
def test_each_span_has_one_fate(
    before: list[Any], after: list[Any], *, same_text: bool, fates: list[str]
) -> None:
    """What became of it follows from bounds, label and words."""
    found = compare_spans(before, after, same_text=same_text)
    assert sorted(change.fate for change in found) == sorted(fates)


def test_the_same_words_in_another_text_have_moved() -> None:
    """A new text shifts all offsets: that is no removal."""
    old, new = make_record(0), make_record(0, text="New. " + TEXT)
    pair = [[find_entity(record, "Ada Quill", "PER")] for record in (old, new)]
    (change,) = compare_spans(*pair, same_text=False)
    assert change.fate == "moved"


def compare(workshop: Workshop, records: list[Record]) -> Comparison:
    """Return how `records` would change the newest release."""
    last = workshop.cut(workshop_records()).release
    draft = make_draft(workshop.folder, workshop.material(records))
    return compare_snapshots(of_release(last), of_draft(draft))


def workshop_records() -> list[Record]:
    return [make_corrected(number) for number in range(4)]


def test_the_detail_counts_what_changed(workshop: Workshop) -> None:
    """Fields, spans, tags and labels, and the records they are of."""
    records = workshop_records()
    records[0]["tags"] = ["ferries"]
    records[1]["title"] = "Another"
    records[1]["entities"][1]["label"] = "ORG"
    records[2] = make_corrected(2, text="Before. " + records[2]["text"])
    found = compare(workshop, [*records[:3], make_record(9)]).to_json()
    assert found["level"] == "minor"
    assert found["detail"]["fields"] == {
        "text": 1,
        "subheads": 1,
        "tags": 1,
        "title": 1,
        "entities": 2,
    }
    assert found["detail"]["spans"] == {"added": 0, "removed": 0, "relabelled": 1, "moved": 2}
    assert found["detail"]["tags"] == {"ferries": [0, 1], "shipping": [1, 0]}
    assert found["detail"]["labels"] == {"GPE": [4, 3], "ORG": [0, 1], "PER": [4, 2]}
    assert [len(found["change"][key]) for key in ("added", "removed", "changed")] == [1, 1, 3]


def test_without_parquet_the_indexes_speak(workshop: Workshop) -> None:
    """A fresh clone: the records that changed, and what was not compared and why."""
    first = workshop.cut(workshop_records()).release
    records = workshop_records()
    records[0]["tags"] = ["ferries"]
    second = workshop.cut(records).release
    shutil.rmtree(first.path / "data")
    found = compare_snapshots(of_release(first), of_release(second))
    assert found.change.changed == [records[0]["id"]]
    assert (found.detail, found.without_data) == (None, ["0.1.0"])
    assert "galley release --rebuild 0.1.0" in "\n".join(tell(found))


def test_what_a_page_says_cannot_break_out(workshop: Workshop) -> None:
    """A tag with a line break, a backtick and an escape stays inside its line and code."""
    records = workshop_records()
    records[0]["tags"] = ["a`b\n# c\x1b[2J"]
    found = compare(workshop, records)
    for lines in (list(tell(found)), list(tell_markdown(found))):
        (line,) = [line for line in lines if "a`b" in line and ": +1" in line]
        assert "`` a`b\\n# c\\x1b[2J ``" in line


def test_a_release_compared_with_itself_is_the_same(workshop: Workshop) -> None:
    """And what is read from it is what went in, but for `changed_in`."""
    release = workshop.cut(workshop_records()).release
    found = compare_snapshots(of_release(release), of_release(release))
    assert list(tell(found)) == ["0.1.0 → 0.1.0: nothing changed"]
    read = {record["id"]: record | {"changed_in": None} for record in read_records(release)}
    assert read == {record["id"]: record for record in workshop_records()}
