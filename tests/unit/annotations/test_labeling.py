"""The annotators' screen, and the predictions for it, judged by Label Studio's own library."""

import warnings
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from galley.annotations.result import Reader
from galley.annotations.screen import check_config
from galley.annotations.suggestion import Suggestion
from galley.annotations.task import Task
from galley.errors import SchemaError
from galley.schema.labeling import labeling_config
from galley.schema.vocabulary import Label, Labels, Tag, Taxonomy, load_labels, load_taxonomy
from tests.conftest import ROOT
from tests.factory import LABELS, make_corrected, make_record

TAXONOMY = Taxonomy(
    "1",
    (Tag("transport", "Transport & “roads”"), Tag("shipping", "Ships", (), "transport")),
)


@pytest.fixture(scope="module")
def judge() -> Any:
    """Return Label Studio's own reader of labeling configs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from label_studio_sdk.label_interface import LabelInterface

    return LabelInterface(labeling_config(TAXONOMY, LABELS))


def parse(config: str) -> ET.Element:
    """Return the root of a labeling config."""
    return ET.fromstring(config)  # noqa: S314 - we wrote it


def test_committed_screen_is_fresh() -> None:
    """`annotations/labeling_config.xml` is what the vocabularies give (`galley push` writes it)."""
    schema = ROOT / "schema"
    taxonomy, labels = load_taxonomy(schema / "tags.yaml"), load_labels(schema / "entities.yaml")
    committed = (ROOT / "annotations/labeling_config.xml").read_text(encoding="utf-8")
    assert committed == labeling_config(taxonomy, labels)


def test_predictions_are_valid(judge: Any) -> None:
    """Label Studio finds nothing wrong with a prediction made from a record."""
    record = make_corrected()
    key = (record["id"], record["text_sha256"])
    task = Task(record, Suggestion(*key, "m", record["tags"], record["entities"]), TAXONOMY)
    assert judge.validate_prediction(task.prediction, return_errors=True) == []
    assert task.results[-1]["value"] == {"taxonomy": [["transport", "shipping"]]}
    assert task.issues(Reader(TAXONOMY, LABELS)) == []


def test_names_and_order() -> None:
    """Labels keep their order, colours and hotkeys; tags come back as slugs."""
    root = parse(labeling_config(TAXONOMY, LABELS))
    labels = [(item.get("value"), item.get("hotkey")) for item in root.iter("Label")]
    assert labels == [("PER", "1"), ("ORG", "2"), ("GPE", "3"), ("LOC", "4")]
    assert [item.get("alias") for item in root.iter("Choice")] == ["transport", "shipping"]
    assert root.find(".//Choice/Choice") is not None


def test_more_labels_than_digits() -> None:
    """The eleventh label has no hotkey rather than another's."""
    labels = Labels("1", tuple(Label(f"L{number}") for number in range(11)))
    root = parse(labeling_config(TAXONOMY, labels))
    assert [item.get("hotkey") for item in root.iter("Label")] == [*"1234567890", None]


def test_selection() -> None:
    """Any stretch of the text can be marked: `Unesco` in `l’Unesco` is not a word of its own."""
    text = parse(labeling_config(TAXONOMY, LABELS)).find(".//Text")
    assert text is not None
    assert (text.get("granularity"), text.get("value")) == ("symbol", "$text")


def test_scraped_text_is_no_markup() -> None:
    """Whatever a page says of itself is escaped, and only a web address becomes a link."""
    record = make_record(publisher="<img src=//evil>", url="javascript:alert(1)")
    link = Task(record, None, TAXONOMY).data["link"]
    assert "<" not in link
    assert "javascript" not in link
    record = make_record(url='https://example.org/?a="b"&c')
    assert (
        'href="https://example.org/?a=&quot;b&quot;&amp;c"'
        in Task(record, None, TAXONOMY).data["link"]
    )


@pytest.mark.parametrize(
    "config", ["<View><Labels", '<View><Labels name="l" toName="gone"/></View>']
)
def test_a_screen_that_label_studio_refuses(config: str, judge: Any) -> None:
    """The SDK judges the screen before a server sees it."""
    with pytest.raises(SchemaError) as caught:
        check_config(config)
    assert caught.value.code == "labeling_config"
