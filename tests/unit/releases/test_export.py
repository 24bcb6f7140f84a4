"""Releases in the formats of other programs: every offset comes out as it went in."""

import csv
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley.errors import ReleaseError
from galley.files import read_jsonl
from galley.record import Record, Span, make_entity
from galley.releases.export import export
from galley.releases.formats import FORMATS, csv_head, to_conll, to_csv, to_spacy
from galley.releases.standoff import rejoin, write_standoff
from galley.releases.tokens import flatten, label_tokens, tokenise
from tests.factory import make_corrected, make_record
from tests.unit.releases.conftest import Workshop

TEXTS = st.text(st.sampled_from("ab é’.-\n中文🚢𝕏\u0301\u200b#\t"), min_size=1, max_size=40)


@st.composite
def marked(draw: Any) -> tuple[str, list[dict[str, Any]]]:
    """Draw a text with entities anywhere in it."""
    text = draw(TEXTS)
    pairs = draw(st.lists(st.tuples(*[st.integers(0, len(text))] * 2), max_size=4))
    spans = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    entities = [make_entity(text, Span(*span), label="PER") for span in spans]
    return text, [item for item in entities if item["text"].strip()]


@given(marked())
def test_tokens_and_entities_tell_the_same(case: tuple[str, list[dict[str, Any]]]) -> None:
    """Between tokens is white space alone; from the labels the entities can be read again."""
    text, entities = case
    entities = flatten(entities)
    tokens = list(tokenise(text, entities))
    assert "".join(text[a:b] for a, b in tokens) == "".join(text.split())
    found: list[list[int]] = []
    for token, label in zip(tokens, label_tokens(tokens, entities), strict=True):
        if label.startswith("B-"):
            found.append([*token])
        elif label.startswith("I-"):
            found[-1][1] = token.end
    assert found == [
        [
            item["start"] + len(word) - len(word.lstrip()),
            item["end"] - len(word) + len(word.rstrip()),
        ]
        for item in entities
        for word in [item["text"]]
    ]


@given(marked())
def test_of_entities_that_overlap_the_longest_stay(case: tuple[str, list[Any]]) -> None:
    kept = flatten(case[1])
    assert all(a["end"] <= b["start"] for a, b in pairwise(kept))
    for item in case[1]:
        rivals = [e for e in kept if e["start"] < item["end"] and item["start"] < e["end"]]
        assert (
            item in kept
            or max(e["end"] - e["start"] for e in rivals) >= item["end"] - item["start"]
        )


def test_conll_has_a_line_a_token() -> None:
    """Characters outside the first plane stand before the entities."""
    lines = to_conll(make_corrected(1)).splitlines()
    assert lines[:3] == [f"# id = {make_corrected(1)['id']}", "-DOCSTART-\tO", ""]
    start = lines.index("Marlow\tB-GPE")
    assert lines[start + 1] == "Sound\tI-GPE"
    assert lines[lines.index("TIMES\tO") - 1] == ""
    assert all(line.count("\t") == 1 for line in lines if line and not line.startswith("# id"))


def test_spacy_takes_offsets_into_the_text() -> None:
    found = json.loads(to_spacy(make_corrected(1)))
    assert [found["text"][a:b] for a, b, _ in found["entities"]] == ["Marlow Sound", "Ada Quill"]
    assert found["cats"] == {"shipping": 1.0}


@pytest.mark.parametrize(
    "title", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", "'quoted", "a=1", ""]
)
def test_no_cell_is_a_formula(title: str) -> None:
    """And the value comes back whole: at most the first apostrophe is ours."""
    record = make_record(1, title=title)
    (row,) = csv.DictReader([csv_head(list(record)), to_csv(record)], strict=True)
    assert row["title"][:1] not in {"=", "+", "-", "@", "\t", "＝"}
    assert row["title"].removeprefix("'") == title.removeprefix("'") or row["title"][1:] == title
    assert row["text"] == record["text"]
    assert json.loads(row["sources"]) == record["sources"]


@pytest.mark.parametrize("form", ["conll", "spacy"])
def test_an_offset_that_is_wrong_stops_it(form: str) -> None:
    record = make_corrected(1)
    record["entities"][0]["start"] += 1
    with pytest.raises(ValueError, match="does not stand at its offsets"):
        FORMATS[form](record)


def test_a_file_a_split_of_what_people_corrected(
    workshop: Workshop, records: list[Record], tmp_path: Path
) -> None:
    """`all` has the others too, in train; what is written is what was released."""
    release = workshop.cut(records).release
    found = export(release, tmp_path / "a", form="jsonl")
    assert sum(found.files.values()) == 16
    every = export(release, tmp_path / "b", form="jsonl", config="all")
    assert every.files == found.files | {"train.jsonl": found.files["train.jsonl"] + 4}
    lines = [line for path in (tmp_path / "b").iterdir() for _, line in read_jsonl(path)]
    assert {line["id"]: line | {"changed_in": None} for line in lines} == {
        record["id"]: record for record in records
    }
    with pytest.raises(ReleaseError, match="no config"):
        export(release, tmp_path / "c", form="jsonl", config="none")


def test_what_is_left_out_is_counted(workshop: Workshop, tmp_path: Path) -> None:
    record = make_corrected(1)
    start, end = record["entities"][0]["start"], record["entities"][0]["end"]
    record["entities"].insert(0, make_entity(record["text"], Span(start, end - 6), label="LOC"))
    release = workshop.cut([record]).release
    found = export(release, tmp_path / "a", form="conll")
    assert (found.entities, found.overlapping) == (2, 1)


def test_standoff_has_no_words_and_comes_back(
    workshop: Workshop, records: list[Record], tmp_path: Path
) -> None:
    """Onto the same texts under other ids; what has another text is named."""
    records[0]["deck"] = "A deck"
    release = workshop.cut(records).release
    assert write_standoff(release, tmp_path / "s") == 20
    words = "".join(path.read_text() for path in (tmp_path / "s").iterdir())
    for word in ("Marlow", "Quill", "ferry", "Ferry", 'deck"', "courier", "Shipping"):
        assert word not in words
    own = [
        record | make_record(n, id=f"{n:032x}", text=record["text"])
        for n, record in enumerate(records)
    ]
    found = rejoin(tmp_path / "s", own[1:], tmp_path / "out.jsonl")
    assert (found.records, [issue.path for issue in found.missing]) == (19, [records[0]["id"]])
    joined = {line["id"]: line for line in (line for _, line in read_jsonl(tmp_path / "out.jsonl"))}
    for record in records[1:]:
        for name in ("text", "entities", "tags", "annotation", "title"):
            expected = (
                make_record(records.index(record))["title"] if name == "title" else record[name]
            )
            assert joined[record["id"]][name] == expected


def test_a_damaged_standoff_is_refused(
    workshop: Workshop, records: list[Record], tmp_path: Path
) -> None:
    write_standoff(workshop.cut(records).release, tmp_path / "s")
    path = tmp_path / "s/standoff.jsonl"
    path.write_text(path.read_text().replace('"start":', '"start":1', 1))
    with pytest.raises(ReleaseError, match="damaged"):
        rejoin(tmp_path / "s", records, tmp_path / "out.jsonl")
