"""JSON Lines, CSV and Parquet: every row an article, by the fields of its source."""

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galley.build.extract import extract
from galley.build.extraction import Extraction
from galley.build.source import Source, load_sources
from galley.errors import ConfigError
from galley.schema.check import Checker
from galley.schema.contract import Contract

CHECKER = Checker(Contract.default())
TEXT = "The quay was closed on Monday.\n\nA “whale” came, and stayed — for an hour."
FIELDS = {"title": "headline", "text": "story.body", "published": "date", "authors": "by.name"}
ROW = {
    "headline": "A whale",
    "story": {"body": TEXT},
    "date": "2024-05-03",
    "by": [{"name": "Ann Lee"}, {"name": "Bob Roe"}],
}


def read(name: str, data: bytes, fields: dict[str, Any] | None = None, **known: Any) -> Extraction:
    """Read a file; where rows have bytes, check that each byte has its place."""
    source = Source("test", fields=fields or {}, **known)
    found = extract(name, data, source=source, checker=CHECKER)
    position = 0
    for row in found.account if not name.endswith(".parquet") else ():
        assert row["byte_start"] == position < row["byte_end"]
        position = row["byte_end"]
    assert name.endswith(".parquet") or position == len(data)
    return found


def reasons(found: Extraction) -> list[str]:
    """Return why rows were quarantined, in order."""
    return [entry["reason"] for entry in found.quarantine]


def jsonl(*rows: Any) -> bytes:
    """Return rows as JSON Lines; strings as they are."""
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    return "".join(line + "\n" for line in lines).encode()


def parquet(**columns: Any) -> bytes:
    """Return columns as a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def test_json_lines() -> None:
    """Paths lead into objects and through lists; the record's bytes are its line."""
    data = jsonl({"no": "article"}, ROW)
    found = read("a.jsonl", data, FIELDS)
    (record,) = found.records
    assert (record["title"], record["text"]) == ("A whale", TEXT)
    assert (record["published"], record["authors"]) == ("2024-05-03", ["Ann Lee", "Bob Roe"])
    source = record["sources"][0]
    assert json.loads(data[source["byte_start"] : source["byte_end"]]) == ROW
    assert (source["layout"], source["encoding"]) == ("jsonl", "utf-8")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{broken", "row_invalid"),
        ("[1, 2]", "row_invalid"),
        ("[" * 100_000, "row_invalid"),
        ('{"headline": 1' + "0" * 5000 + "}", "row_invalid"),
        (ROW | {"story": {"body": " \n"}}, "row_no_text"),
        (ROW | {"story": "no object"}, "row_no_text"),
        (ROW | {"story": {"body": 7}}, "row_value"),
        (ROW | {"headline": ["two", "titles"]}, "row_value"),
        (ROW | {"headline": None}, "schema_minLength"),
        (ROW | {"date": 1714694400}, "row_value"),
        (ROW | {"date": "May the third"}, "row_value"),
        ('{"headline": "T", "story": {"body": "a\\ud800b"}}', "text_character"),
        ('{"headline": "T\\u0007", "story": {"body": "a"}}', "text_character"),
    ],
)
def test_a_bad_row_is_quarantined_alone(row: Any, reason: str) -> None:
    """Its neighbours are read."""
    found = read("a.jsonl", jsonl(ROW, row, "", ROW), FIELDS)
    assert (len(found.records), reasons(found)) == (2, [reason])


def test_fields_under_their_own_names() -> None:
    """Without `fields`, a row's names are those of the record; what is Galley's own is not read."""
    row = {
        "title": "T",
        "text": ["One.", "Two."],
        "source_tags": ["a", "b"],
        "id": "x",
        "tags": ["y"],
    }
    (record,) = read("a.jsonl", jsonl(row)).records
    assert (record["text"], record["source_tags"], record["tags"]) == (
        "One.\n\nTwo.",
        ["a", "b"],
        [],
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_csv(delimiter: str, encoding: str) -> None:
    """Cells may hold quotes, delimiters and line ends; each row has its bytes."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, delimiter=delimiter)
    tags = {"path": "tags", "separator": "/"}
    cells = [f'He said{delimiter}"no"', TEXT, "sea / air /"]
    writer.writerows([["headline", "body", "tags"], cells, [], ["no", "cells"], cells])
    data = sink.getvalue().encode(encoding)
    fields = {"title": "headline", "text": "body", "source_tags": tags}
    found = read("a.csv", data, fields, encoding="cp1252")
    assert (len(found.records), reasons(found)) == (2, ["row_invalid"])
    assert [row["part"] for row in found.account][:2] == ["page_header", "text"]
    for record in found.records:
        assert (record["title"], record["text"]) == (cells[0], TEXT)
        assert record["source_tags"] == ["sea", "air"]
        source = record["sources"][0]
        own = data[source["byte_start"] : source["byte_end"]].decode(source["encoding"])
        assert next(csv.reader(io.StringIO(own, newline=""), delimiter=delimiter)) == cells


def test_a_long_cell_and_a_broken_one() -> None:
    """Articles are longer than what Python expects of a cell; a stray quote breaks one row."""
    data = f'title,text\nA,"{"word " * 50_000}"\nB,"bad" quote\nC,text\n'.encode()
    found = read("a.csv", data)
    assert [record["title"] for record in found.records] == ["A", "C"]
    assert reasons(found) == ["row_invalid"]


def test_parquet() -> None:
    """Rows have no bytes of their own: null in the account, the whole file in the record."""
    moment = dt.datetime(2024, 5, 3, 14, 5, tzinfo=dt.UTC)
    data = parquet(
        headline=["A whale", "None", "Dated"],
        story=[{"body": TEXT}, {"body": None}, {"body": TEXT}],
        date=[moment, None, None],
        by=[[{"name": "Ann Lee"}], [], None],
    )
    found = read("a.parquet", data, FIELDS)
    first, second = found.records
    assert (first["text"], first["authors"], second["published"]) == (TEXT, ["Ann Lee"], None)
    assert first["published"] == "2024-05-03T14:05:00+00:00"
    assert {(row["byte_start"], row["byte_end"]) for row in found.account} == {(None, None)}
    assert [(s["byte_start"], s["byte_end"]) for s in first["sources"]] == [(0, len(data))]
    assert [entry["detail"] for entry in found.quarantine] == [
        "row 2: `story.body` is empty or missing"
    ]


def test_dates_and_numbers_of_parquet() -> None:
    """A date is a date; a number where text is expected is refused."""
    days = [dt.date(2024, 5, 3), dt.date(1, 1, 1)]
    found = read("a.parquet", parquet(title=["A", "B"], text=[TEXT] * 2, published=days))
    assert [record["published"] for record in found.records] == ["2024-05-03", "0001-01-01"]
    found = read("a.parquet", parquet(title=[1, 2], text=[TEXT] * 2))
    assert reasons(found) == ["row_value"] * 2
    nanoseconds = pa.array([1, 2**62 + 1], pa.timestamp("ns"))
    found = read("a.parquet", parquet(title=["A", "B"], text=[TEXT] * 2, published=nanoseconds))
    assert len(found.records) + len(found.quarantine) == 2


def test_a_field_that_the_schema_adds() -> None:
    """One edit of the schema, and rows can fill it, whatever its type."""
    document = Contract.default().document
    document["properties"]["words"] = {"type": ["integer", "null"], "description": "How many."}
    checker = Checker(Contract(document))
    source = Source("test", fields={"title": "t", "text": "x", "words": "n"})
    data = jsonl({"t": "T", "x": TEXT, "n": 14}, {"t": "T", "x": TEXT, "n": "many"})
    found = extract("a.jsonl", data, source=source, checker=checker)
    assert ([r["words"] for r in found.records], reasons(found)) == ([14], ["schema_type"])


@pytest.mark.parametrize(
    ("line", "code", "hint"),
    [
        ('fields = { titel = "a" }', "fields_unknown", "`title`"),
        ('fields = { sources = "a" }', "fields_unknown", "source_tags"),
        ("fields = { title = 3 }", "fields_invalid", "headline"),
        ('fields = { title = { path = "a", html = true } }', "fields_invalid", "path"),
        ("fields = 3", "sources_invalid", "table"),
        ('format = "xls"', "sources_invalid", "parquet"),
        ('encoding = "latin-999"', "sources_invalid", "windows-1252"),
        ('encoding = "base64"', "sources_invalid", "windows-1252"),
    ],
)
def test_sources_that_make_no_sense(line: str, code: str, hint: str, tmp_path: Path) -> None:
    """They are refused before anything is read, with the nearest that would do."""
    path = tmp_path / "sources.toml"
    path.write_text(f'[[source]]\nname = "a"\nfiles = ["*"]\n{line}\n')
    with pytest.raises(ConfigError) as caught:
        load_sources(path)
    assert caught.value.code == code
    assert hint in caught.value.hint


def test_sources_that_say_how_they_are_read(tmp_path: Path) -> None:
    """What they say is part of what a build depends on."""
    path = tmp_path / "sources.toml"
    path.write_text(
        '[[source]]\nname = "a"\nfiles = ["*"]\nencoding = "koi8-r"\nformat = "csv"\n'
        'fields = { title = "t", source_tags = { path = "k", separator = ";" } }\n'
    )
    (source,) = load_sources(path)
    assert source.describe()["fields"]["source_tags"] == {"path": "k", "separator": ";"}
    assert (source.encoding, source.format) == ("koi8-r", "csv")


@given(st.binary(max_size=300), st.sampled_from(["jsonl", "csv", "parquet"]))
@settings(max_examples=200)
def test_rubbish(data: bytes, form: str) -> None:
    """Random bytes are covered or refused, whatever they were said to be."""
    read(f"a.{form}", data, format=form)
    read(f"a.{form}", b'title,text\n"' + data, format=form)


@given(st.data())
@settings(max_examples=100)
def test_damaged_parquet(data: st.DataObject) -> None:
    """A byte that was changed anywhere is noticed, or does no harm."""
    whole = bytearray(parquet(title=["A", "B"], text=[TEXT, TEXT]))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    found = read("a.parquet", bytes(whole), format="parquet")
    assert len(found.records) + len(found.quarantine) >= 1


def test_a_name_that_stands_twice() -> None:
    """Which of two values counts is nobody's guess: every row is quarantined for it."""
    found = read("a.csv", b"title,text,title\nA,Long story.,B\nC,Another one.,D\n")
    assert reasons(found) == ["row_ambiguous", "row_ambiguous"]
    assert "`title`" in found.quarantine[0]["detail"]
    found = read(
        "a.jsonl",
        b'{"title": "A", "text": "Long story.", "title": "B"}\n'
        + jsonl({"title": "C", "text": "Story."}),
    )
    assert (reasons(found), len(found.records)) == (["row_ambiguous"], 1)
    table = pa.table([["A"], ["Long story."], ["B"]], names=["title", "text", "title"])
    sink = io.BytesIO()
    pq.write_table(table, sink)
    assert reasons(read("a.parquet", sink.getvalue())) == ["row_ambiguous"]


def test_other_columns_may_have_one_name() -> None:
    """Columns that no field is read from do not matter."""
    found = read("a.csv", b"title,text,x,x\nA,Long story.,1,2\n")
    assert [record["title"] for record in found.records] == ["A"]
