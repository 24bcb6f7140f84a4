"""The suggester `spacy`, with a pipeline that is trained here."""

import pickle
from pathlib import Path
from typing import Any

import pytest

from galley.annotations.suggesters.choose import teachers
from galley.annotations.suggesters.combine import combine
from galley.annotations.suggesters.proposal import Lesson, Suggester
from galley.config import SuggestConfig
from galley.errors import ConfigError
from galley.schema.vocabulary import Tag, Taxonomy
from tests.factory import LABELS, make_record

TAXONOMY = Taxonomy("1", (Tag("rail", "Rail"), Tag("food", "Food")))
_NAMES = ("Ada", "Boris", "Chloe", "Dilan", "Edda", "Farid")


def suggester(folder: Path, **labels: str) -> Suggester:
    """Return the suggester of the settings, for a pipeline in `folder`."""
    config = SuggestConfig(suggesters=["spacy"], spacy=folder.name, spacy_labels=labels)
    return teachers(config, folder.parent)["spacy"](Lesson([], TAXONOMY, LABELS))


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a pipeline that finds people, and tells trains from soups."""
    spacy: Any = pytest.importorskip("spacy")
    from spacy.training import Example

    nlp = spacy.blank("en")
    examples = []
    for number in range(60):
        name, rail = _NAMES[number % 6], number // 6 % 2
        text = f"🚢 {name} {'took the train' if rail else 'ate the soup'} today."
        said = {
            "entities": [(2, 2 + len(name), "PERSON")],
            "cats": {"rail": float(rail), "Meals": float(not rail)},
        }
        examples.append(Example.from_dict(nlp.make_doc(text), said))
    nlp.add_pipe("ner")
    nlp.add_pipe("textcat")
    spacy.util.fix_random_seed(0)
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(20):
        nlp.update(examples, sgd=optimizer)
    folder = tmp_path_factory.mktemp("models") / "news"
    nlp.to_disk(folder)
    return folder


@pytest.mark.spacy
def test_what_a_pipeline_finds(pipeline: Path) -> None:
    """Its labels and categories have our names; offsets count code points."""
    taught = suggester(pipeline, PERSON="PER", Meals="food")
    record = make_record(text="🚢 Boris ate the soup today.", source_tags=[])
    suggestion = combine([record], [pickle.loads(pickle.dumps(taught))])[0]  # noqa: S301 - our own
    assert suggestion
    assert [(e["text"], e["label"], e["start"]) for e in suggestion.entities] == [
        ("Boris", "PER", 2)
    ]
    assert suggestion.tags == ["food"]
    assert suggestion.model.startswith("spacy-en_pipeline-0.0.0.")


@pytest.mark.spacy
def test_what_is_not_in_the_vocabularies(pipeline: Path) -> None:
    """Labels and categories of other names are left out."""
    assert suggester(pipeline).propose(make_record(text="Boris ate the soup.")).marks == []


@pytest.mark.spacy
def test_no_pipeline(tmp_path: Path) -> None:
    """A folder that holds none is an error that says so."""
    pytest.importorskip("spacy")
    with pytest.raises(ConfigError) as caught:
        suggester(tmp_path).propose(make_record())
    assert caught.value.code == "spacy_unreadable"


def test_without_spacy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the error says what to install."""
    monkeypatch.setitem(__import__("sys").modules, "spacy", None)
    with pytest.raises(ConfigError) as caught:
        suggester(tmp_path).propose(make_record())
    assert "galley-data[spacy]" in caught.value.hint
