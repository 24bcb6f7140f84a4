"""The dataset card and the datasheet: made from the data."""

from pathlib import Path

import pytest
import yaml

from galley.config import Config, ReleaseConfig
from galley.record import Record
from galley.releases.material import find_date
from galley.releases.text import row
from galley.schema.contract import Contract
from galley.schema.fields import list_fields
from tests.factory import make_record
from tests.unit.releases.conftest import Workshop

ROOT = Path(__file__).resolve().parents[3]


def card(
    workshop: Workshop, records: list[Record], **settings: str
) -> tuple[dict[str, object], str]:
    """Return head and body of the card of a release."""
    config = Config(name="sample", release=ReleaseConfig(**settings))  # type: ignore[arg-type]
    path = workshop.cut(records, config=config).release.path
    head, body = (path / "README.md").read_text().removeprefix("---\n").split("\n---\n", 1)
    return yaml.safe_load(head), body


def test_the_head_follows_from_the_data(workshop: Workshop) -> None:
    """Languages, size and title; `no` is Norwegian, not false."""
    records = [make_record(1, language="no"), make_record(2, language="und"), make_record(3)]
    head, _ = card(workshop, records, title="Ferries", license="CC-BY-4.0")
    assert head["language"] == ["en", "no"]
    assert (head["license"], head["pretty_name"]) == ("cc-by-4.0", "Ferries")
    assert head["size_categories"] == ["n<1K"]


def test_every_field_and_label_is_in_the_tables(workshop: Workshop, records: list[Record]) -> None:
    """With the schema's own words."""
    _, body = card(workshop, records)
    for field in list_fields(Contract.default()):
        assert f"| `{field.name}` | {field.type} | {row(field.description)} |" in body
    assert "| 0 | PER | 16 |" in body


def test_what_a_page_says_cannot_break_a_table(workshop: Workshop) -> None:
    """Pipes, line ends and markup come from outside."""
    _, body = card(workshop, [make_record(1, publisher="A|B\n<img src=x>")])
    assert "A\\|B &lt;img src=x> (1)" in body


@pytest.mark.parametrize("path", ["DATASHEET.md", "src/galley/template/DATASHEET.md"])
def test_the_datasheets_can_be_filled_in(
    workshop: Workshop, records: list[Record], path: str
) -> None:
    """With 57 questions, and no field left over."""
    source = (ROOT / path).read_text()
    text = (workshop.cut(records, datasheet=source).release.path / "DATASHEET.md").read_text()
    assert text.count("\n### ") == 57
    assert "{{" not in text
    assert "20 articles: en (20)" in text


def test_the_sample_answers_every_question() -> None:
    """The template does not, and says so."""
    assert "Not answered yet" not in (ROOT / "DATASHEET.md").read_text()


def test_the_date_is_of_the_epoch_or_of_the_newest_event() -> None:
    """Never of a clock."""
    times = ["2024-05-03T10:00:00.5Z", "2024-05-04T09:00:00Z"]
    assert find_date(times, {}) == "2024-05-04"
    assert find_date(times, {"SOURCE_DATE_EPOCH": "0"}) == "1970-01-01"
    assert find_date([], {}) is None
