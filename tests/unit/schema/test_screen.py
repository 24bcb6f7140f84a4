"""Many rows at once get the verdict that each gets by itself."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from galley.schema.arrow import arrow_schema
from galley.schema.check import Checker
from galley.schema.contract import Contract
from galley.schema.jsonl import JsonLines
from galley.schema.rules import UnknownRuleError
from galley.schema.screen import Screen
from galley.schema.validate import validate
from tests.factory import make_corrected, make_record
from tests.planted import make_full, plant

CONTRACT = Contract.default()
PLAIN = jsonschema.Draft202012Validator(CONTRACT.document)
GOOD = [make_full(), make_corrected(1), make_record(2, text="Größe 𝕏, длина.")]
PLANTED = list(plant(CONTRACT.document))
LINES = JsonLines(Path("lines.jsonl"), CONTRACT)
SCREEN = Screen(CONTRACT)


def bare(schema: pa.Schema) -> pa.Schema:
    """Return `schema` with nothing that keeps nulls out: what others write."""

    def loose(kind: Any) -> Any:
        if pa.types.is_struct(kind):
            return pa.struct([pa.field(part.name, loose(part.type)) for part in kind])
        return pa.list_(loose(kind.value_type)) if pa.types.is_list(kind) else kind

    return pa.schema([pa.field(field.name, loose(field.type)) for field in schema])


LOOSE = bare(arrow_schema(CONTRACT))


def line(record: Any) -> bytes:
    """Return a line of JSON."""
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def found(*lines: bytes) -> set[int]:
    """Return which lines, from 1, have issues."""
    return {number for number, _ in LINES.check(b"".join(lines), None).issues}


def suspects(*records: Any) -> list[int]:
    """Return which rows of a batch are suspect."""
    (batch,) = pa.Table.from_pylist(list(records), schema=LOOSE).to_batches()
    rows: list[int] = SCREEN.suspects(batch).tolist()
    return rows


def test_every_keyword_is_planted() -> None:
    """Some hundred errors, which jsonschema finds too, but for `$` before a last line end."""
    assert len(PLANTED) > 200
    keys = {name.rpartition(": ")[2] for name, _ in PLANTED}
    assert keys >= {"type", "required", "pattern", "minimum", "enum", "minItems", "uniqueItems"}
    accepted = [name for name, record in PLANTED if PLAIN.is_valid(record)]
    assert {name.rpartition(": ")[2] for name in accepted} == {"pattern"}
    assert not any(Checker(CONTRACT).accepts(record) for _, record in PLANTED)


def test_planted_errors_in_lines() -> None:
    """Each is found among right ones, in its line and no other."""
    good = [line(record) for record in GOOD]
    for name, record in PLANTED:
        assert found(*good, line(record), *good) == {4}, name


def test_planted_errors_in_columns() -> None:
    """Those that columns can hold are found where they are; what is right is passed."""
    assert suspects(*GOOD) == []
    held = 0
    for name, record in PLANTED:
        try:
            rows = suspects(*GOOD, record)
        except (pa.ArrowException, AttributeError, TypeError, OverflowError):
            continue  # no column of that type holds it
        back = pa.Table.from_pylist([record], schema=LOOSE).to_pylist()[0]
        assert rows == ([3] if list(Checker(CONTRACT).issues(back)) else []), name
        held += 1
    assert held > 100


def changed(record: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return `record` with `value` at `path`."""
    new = copy.deepcopy(record)
    holder = new
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return new


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("text_sha256",), "0" * 64),
        (("title",), "a\0b"),
        (("entities", 0, "text"), "Marlow\0Sound"),
        (("entities", 0, "start"), 0),
        (("entities", 0, "end"), 10**9),
        (("entities", 0, "start"), 10**9),
        (("entities", 1, "text"), "ada Quill"),
        (("entities", 1, "text"), "Ada Quill "),
        (("subheads", 0, "end"), 9999),
        (("subheads", 0, "start"), 99),
    ],
)
def test_what_a_schema_cannot_say(path: tuple[Any, ...], value: Any) -> None:
    """Characters, the hash and offsets, in lines and in columns."""
    bad = changed(make_full(), path, value)
    assert list(Checker(CONTRACT).issues(bad))
    assert suspects(*GOOD, bad, *GOOD) == [3]
    assert found(*map(line, [*GOOD, bad, *GOOD])) == {4}


def test_order_of_entities() -> None:
    """Two in the wrong order are found; two at one place, and the next record's, are not."""
    record = make_full()
    first, second = record["entities"]
    assert suspects({**record, "entities": [second, first]}, *GOOD) == [0]
    assert suspects({**record, "entities": [first, first, second]}, *GOOD) == []


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ('"deck": null, ', True),  # not there, which Arrow takes for null
        ('"taxonomy": "1"', True),
        (('"annotators": 1', '"annotators": 1.0'), False),
        (('"annotators": 1', '"annotators": 01'), True),
        (('"annotators": 1', '"annotators": 1e400'), True),
        (('"annotators": 1', '"annotators": NaN'), True),
        (('"annotators": 1', '"annotators" : 1'), False),
        (('"deck": null', '"deck": "\\ud800"'), True),
        (('"deck": null', '"deck": "\\u0000"'), True),
        (('"deck": null', '"deck": "\\"deck\\": 1"'), False),
        (('"deck": null', '"deck": "\\\\"'), False),
        (('"deck": null', '"deck": null, "deck": null'), False),
        (('"deck": null', '"deck": 1, "deck": null'), False),
        (('"deck": null', '"deck": null, "deck": 1'), True),
        (('"deck": null', '"deck": null, "url": "twice"'), False),
        (('"deck": null', '"deck": "\t"'), True),
        (('"deck": null', '"deck": null,'), True),
        (('{"id"', 'null {"id"'), True),
        (('{"id"', '{} {"id"'), True),
        (('{"id"', "[]\n{" + '"id"'), True),
        (('{"id"', "null\n{" + '"id"'), True),
        (('{"id"', "\ufeff{" + '"id"'), True),
        (('{"id"', "\r{" + '"id"'), False),
        (('{"id"', "\n\n{" + '"id"'), False),
        (('{"id"', "{\n" + '"id"'), True),
    ],
)
def test_what_json_says(text: str | tuple[str, str], bad: bool) -> None:  # noqa: FBT001 - a table
    """Arrow reads JSON in its own way; the verdict is that of who reads it as it is."""
    old, new = (text, "") if isinstance(text, str) else text
    whole = line({**make_full(), "url": None}).decode()
    assert old in whole
    lines = whole.replace(old, new, 1).encode()
    if old == '"taxonomy": "1"':
        lines = lines.replace(b', }, "sources"', b'}, "sources"')
    assert bool(found(line(GOOD[0]), lines, line(GOOD[1]))) == bad


@pytest.mark.parametrize("last", ["g", "A", "/", ":", "`", "\n", "", "00"])
def test_digits(last: str) -> None:
    """One character of an id that is none of its digits, or one too few or too many."""
    bad = make_record(3, id=make_record(3)["id"][:-1] + last)
    assert list(Checker(CONTRACT).issues(bad))
    assert suspects(*GOOD, bad, *GOOD) == [3]


def test_broken_utf8() -> None:
    """In a line, and in a column."""
    assert found(line(GOOD[0]), line(GOOD[1]).replace(b"Ada", b"A\xffa"), line(GOOD[2])) == {2}


def test_a_rule_that_no_column_test_stands_for(tmp_path: Path) -> None:
    """Then each row is looked at by itself, and nothing is passed that should not be."""
    document = copy.deepcopy(CONTRACT.document)
    document["properties"]["title"] = {"type": "string", "pattern": r"^\p{Lu}"}
    with pytest.raises(UnknownRuleError):
        Screen(Contract(document))
    rows = [make_record(1), make_record(2, title="small")]
    lines, table = tmp_path / "lines.jsonl", tmp_path / "table.parquet"
    lines.write_bytes(b"".join(map(line, rows)))
    pq.write_table(pa.Table.from_pylist(rows, schema=LOOSE), table)
    for path in (lines, table):
        (issue,) = validate(path, Contract(document)).issues
        assert issue.path == f"{path}:2: $.title"


def test_columns_as_others_store_them() -> None:
    """Dictionaries, large lists, columns of nulls; what is not known is suspect."""
    table = pa.Table.from_pylist([make_full(), make_full() | {"title": ""}], schema=LOOSE)
    title = table["title"].combine_chunks()
    for other, rows in ((title.dictionary_encode(), [1]), (title.cast(pa.string_view()), [0, 1])):
        (batch,) = table.set_column(2, "title", other).to_batches()
        assert SCREEN.suspects(batch).tolist() == rows
    (batch,) = table.set_column(7, "deck", pa.nulls(2)).to_batches()
    assert SCREEN.suspects(batch).tolist() == [1]
    (batch,) = table.set_column(2, "title", pa.nulls(2)).to_batches()
    assert SCREEN.suspects(batch).tolist() == [0, 1]
    tags = table["tags"].combine_chunks().cast(pa.large_list(pa.string()))
    (batch,) = table.set_column(table.schema.names.index("tags"), "tags", tags).to_batches()
    assert SCREEN.suspects(batch).tolist() == [1]
