"""Tables as others store them: no row is passed that is wrong by itself."""

import copy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from galley.schema.arrow import arrow_schema
from galley.schema.check import Checker
from galley.schema.contract import Contract
from galley.schema.rows import ParquetRows
from galley.schema.screen import Screen
from tests.factory import make_corrected, make_record
from tests.planted import make_full

CONTRACT = Contract.default()
CHECKER, SCREEN, SCHEMA = Checker(CONTRACT), Screen(CONTRACT), arrow_schema(CONTRACT)
GOOD = [make_full(), make_corrected(1), make_record(2, text="Größe 𝕏, длина."), make_record(3)]
STRINGS = ["", "a", "é", "aé", "ééé", "漢漢", "𝕏𝕏𝕏𝕏", "word", "a\n", "x\0", "2024", "0" * 64]
WHOLE = [-1, 0, 1, 2, 5, 70, 2**31 - 1, 2**53, 2**53 + 1, 2**63 - 1]
FLOATS = [-0.5, 0.0, 1.0, 2.0, 5.5, 1e300, float("nan"), float("inf")]
KEPT = {
    "string": [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int8(), pa.string()),
    ],
    "int64": [pa.int64(), pa.int32(), pa.uint64(), pa.float64()],
}
MANY = settings(max_examples=250, suppress_health_check=list(HealthCheck))


def stored(kind: pa.DataType, choose: Any) -> pa.DataType:
    """Return one of several Arrow types for the same values; nothing keeps nulls out of it."""
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(part.name, stored(part.type, choose)) for part in kind])
    if pa.types.is_list(kind):
        inner = stored(kind.value_type, choose)
        return choose([pa.list_(inner), pa.large_list(inner)])
    return choose([kind, *KEPT.get(str(kind).removeprefix("large_"), [])])


def first(options: list[pa.DataType]) -> pa.DataType:
    """Choose the type as it is."""
    return options[0]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in `value` but its own."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    inner = [((*path, key), item) for key, item in pairs]
    deeper = [p for at, item in inner if isinstance(item, dict | list) for p in places(item, at)]
    return [at for at, _ in inner] + deeper


@st.composite
def rows(draw: Any) -> Any:
    """Draw a record in which up to two values are others of the same type, or null."""
    record = copy.deepcopy(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        *path, last = draw(st.sampled_from(places(record)))
        holder = record
        for step in path:
            holder = holder[step]
        old = holder[last]
        like: list[Any] = [[]] if isinstance(old, list) else STRINGS
        like = WHOLE if isinstance(old, int) else like
        holder[last] = None if isinstance(old, dict) else draw(st.sampled_from([None, *like]))
        if None in (old, holder[last]) and path:
            break  # what was below is gone
    return record


def table(draw: Any, records: list[Any]) -> pa.Table:
    """Draw a table of the records, some of its columns stored in another way."""
    others = draw(st.lists(st.sampled_from(SCHEMA.names)))

    def any_of(options: list[pa.DataType]) -> Any:
        return draw(st.sampled_from(options))

    fields = [
        pa.field(field.name, stored(field.type, any_of if field.name in others else first))
        for field in SCHEMA
    ]
    try:
        return pa.Table.from_pylist(records, pa.schema(fields))
    except (pa.ArrowException, OverflowError):  # such a column does not hold them
        return pa.Table.from_pylist([], SCHEMA)


def wrong(records: list[Any], checker: Checker = CHECKER) -> list[int]:
    """Return which are wrong by themselves."""
    return [at for at, row in enumerate(records) if list(checker.issues(row))]


@MANY
@given(st.lists(rows(), max_size=6), st.data())
def test_no_row_is_passed_that_is_wrong(records: list[Any], data: Any) -> None:
    """Whatever holds the values; a part of a batch, too, or none of its rows."""
    whole = table(data.draw, records).combine_chunks()
    start = data.draw(st.integers(0, len(whole)))
    for batch in whole.to_batches():
        part = batch.slice(start, data.draw(st.integers(0, len(whole))))
        assert set(SCREEN.suspects(part).tolist()) >= set(wrong(part.to_pylist()))


@MANY
@given(st.lists(rows(), min_size=1, max_size=6), st.data())
def test_a_file_gets_the_verdict_of_each_row(records: list[Any], data: Any) -> None:
    """As Parquet, in groups of some rows, each issue is where the row has it and nowhere else."""
    whole, rows = table(data.draw, records), data.draw(st.integers(1, 6))
    with TemporaryDirectory() as folder:
        path = Path(folder, "rows.parquet")
        try:
            pq.write_table(whole, path, row_group_size=rows)
        except pa.ArrowNotImplementedError:
            return  # not every type can be written, inside of others
        read, file, done, found = ParquetRows(path, CONTRACT), pq.ParquetFile(path), 0, set()
        for group in range(-(-len(whole) // rows)):
            findings = read.check([group], None)
            found |= {done + line - 1 for line, _ in findings.issues}
            done += findings.lines
        assert done == len(whole)
        if not read.column_issues:  # else less of a row is looked at
            groups = map(file.read_row_group, range(file.num_row_groups))
            assert sorted(found) == wrong([row for group in groups for row in group.to_pylist()])


SIZES = st.integers(0, 4)
NODES = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just(["string", "null"])}, optional={"minLength": SIZES, "maxLength": SIZES}
    ),
    st.fixed_dictionaries(
        {"type": st.just(["string", "null"])},
        optional={
            "pattern": st.sampled_from(
                ["^[a-z]{1,4}$", "word|2024", "^[0-9]{4}$", "^[a-f0-9]{64}$", "a", "^(a|w)*"]
            ),
            "enum": st.sampled_from([["a", "é", None], ["word", "", "x\0"]]),
        },
    ),
    *(
        st.fixed_dictionaries(
            {"type": st.just([kind, "null"])},
            optional=dict.fromkeys(
                ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
                st.sampled_from([-1, 0, 1, 5, 2**53]),
            ),
        )
        for kind in ("integer", "number")
    ),
    *(
        st.fixed_dictionaries(
            {"type": st.just(["array", "null"]), "items": st.just({"type": [kind, "null"]})},
            optional={"minItems": SIZES, "maxItems": SIZES, "uniqueItems": st.just(value=True)},
        )
        for kind in ("string", "integer")
    ),
)
TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}
VALUES: dict[str, list[Any]] = {"string": STRINGS, "integer": WHOLE, "number": FLOATS}


@MANY
@given(NODES, st.data())
def test_every_keyword_that_a_column_test_stands_for(node: dict[str, Any], data: Any) -> None:
    """Finds the rows that the schema refuses and no other, also among nulls and in a slice."""
    document = copy.deepcopy(CONTRACT.document)
    document["properties"]["extra"] = node
    contract = Contract(document)
    kind = node["items"]["type"][0] if "items" in node else node["type"][0]
    values: Any = st.permutations([None, *VALUES[kind]])
    if "items" in node:
        some = st.lists(st.sampled_from([None, *VALUES[kind]]), max_size=5)
        values = st.lists(st.none() | some, min_size=1, max_size=12)
    drawn = data.draw(values)
    rows = [{**GOOD[at % 4], "extra": value} for at, value in enumerate(drawn)]
    type_ = pa.list_(TYPES[kind]) if "items" in node else TYPES[kind]
    schema = pa.schema([*SCHEMA, pa.field("extra", type_)])
    (batch,) = pa.Table.from_pylist(rows, schema).to_batches()
    part = batch.slice(data.draw(st.integers(0, len(rows))))
    assert Screen(contract).suspects(part).tolist() == wrong(part.to_pylist(), Checker(contract))


def test_what_lies_below_a_null() -> None:
    """Of a list, or an object, that is null is no value, whatever lies there."""
    (batch,) = pa.Table.from_pylist(GOOD[:2], SCHEMA).to_batches()
    for name in ("tags", "annotation", "sources", "entities"):
        place, column = SCHEMA.get_field_index(name), batch.column(name)
        kind, offsets = column.type, column.buffers()[1:2] if pa.types.is_list(column.type) else []
        inner = [column.values] if offsets else [column.field(n) for n in range(kind.num_fields)]
        second = pa.py_buffer(b"\x02")
        hidden = pa.Array.from_buffers(kind, 2, [second, *offsets], 1, children=inner)
        columns = [*batch.columns[:place], hidden, *batch.columns[place + 1 :]]
        odd = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
        assert set(SCREEN.suspects(odd).tolist()) >= set(wrong(odd.to_pylist())) == {0}, name
