"""Texts and entities of many records, held against each other at once, as one by one."""

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from galley.record import Record
from galley.schema.arrow import arrow_schema
from galley.schema.check import Checker
from galley.schema.contract import Contract
from galley.schema.screen import Screen
from tests.factory import make_record

CHECKER = Checker(Contract.default())
SCREEN = Screen(CHECKER.contract)
SCHEMA = arrow_schema(CHECKER.contract)
# Of one to four bytes, some of them in words as long as several that are compared at once.
PARTS = st.sampled_from(
    ["a", "b", "é", "д", "—", "漢", "🚢", "\n", "harbour ", "набережная ", "\0"]
)
TEXTS = st.lists(PARTS, min_size=1, max_size=60).map("".join)
NEAR = st.sampled_from([0, 0, 0, 0, 0, 0, 1, -1, 7, 70])


def near(draw: Any, number: int) -> int:
    """Return an offset, perhaps not quite the one it should be."""
    return max(number + draw(NEAR), 0)


@st.composite
def records(draw: Any) -> Record:
    """Draw a record of which most is right."""
    text = draw(TEXTS)
    points = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    entities = []
    for start, end in zip(points[::2], points[1::2], strict=False):
        surface = text[start:end] if draw(NEAR) == 0 else draw(TEXTS)
        if surface:
            place = {"start": near(draw, start), "end": max(near(draw, end), 1)}
            entities.append({**place, "label": "PER", "text": surface})
    if draw(NEAR):
        entities.reverse()
    subheads = [{"start": entity["start"], "end": entity["end"]} for entity in entities]
    record = make_record(1, text=text, entities=entities, subheads=subheads)
    return record if draw(NEAR) == 0 else record | {"text_sha256": "0" * 64}


@settings(max_examples=300)
@given(st.lists(records(), min_size=1, max_size=6), st.booleans())
def test_rows_get_the_verdict_that_each_gets_by_itself(rows: list[Record], cut: bool) -> None:  # noqa: FBT001 - drawn
    """In a batch, and in one that is a part of another."""
    table = pa.Table.from_pylist(rows, SCHEMA)
    file = io.BytesIO()
    pq.write_table(table, file)
    (batch,) = pq.ParquetFile(file).iter_batches(len(rows))
    wrong = [at for at, row in enumerate(rows) if list(CHECKER.issues(row))]
    assert SCREEN.suspects(batch).tolist() == wrong
    if cut:
        assert SCREEN.suspects(batch.slice(1)).tolist() == [at - 1 for at in wrong if at]
