"""A text cut into blocks and runs is still the text."""

from galley.report.marked import mark_blocks
from tests.factory import make_corrected, make_record


def test_blocks_are_the_text() -> None:
    """Nothing is lost or said twice; subheads and entities are marked where they stand."""
    record = make_corrected()
    blocks = list(mark_blocks(record, ["PER", "GPE"]))
    assert (
        "\n\n".join("".join(run.text for run in block.runs) for block in blocks) == record["text"]
    )
    assert [block.subhead for block in blocks] == [False, True, False]
    marked = [(run.text, run.label, run.hue) for block in blocks for run in block.runs if run.label]
    assert marked == [("Marlow Sound", "GPE", 1), ("Ada Quill", "PER", 0)]


def test_nested_entities_and_one_over_a_blank_line() -> None:
    """Of nested entities the outer is shown; one that runs over a block's end is cut there."""
    entities = [
        {"start": 0, "end": 8, "label": "ORG"},
        {"start": 2, "end": 4, "label": "PER"},
        {"start": 10, "end": 20, "label": "LOC"},
    ]
    record = make_record(text="Ann Lees on the\n\nquay", entities=entities, subheads=[])
    runs = [run for block in mark_blocks(record, ["ORG", "LOC"]) for run in block.runs]
    assert [run.text for run in runs] == ["Ann Lees", " o", "n the", "quay"]
