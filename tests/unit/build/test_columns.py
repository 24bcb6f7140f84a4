"""Columns of records: made by a shorter way, they hold what the long way gives."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley.build.finish import _only
from galley.build.spiller import _column

_BATCH = pa.record_batch(
    {
        "text": pa.array(["a", "", "é" * 9, "𝄞", "last"], pa.large_string()),
        "spans": pa.array([[{"start": n}] * n for n in range(5)]),
        "link": pa.array([None, "x", None, "y", "z"]),
    }
)


@given(st.lists(st.booleans(), min_size=5, max_size=5))
def test_some_rows_are_those_that_a_filter_leaves(kept: list[bool]) -> None:
    """None of them, all of them, the first, the last, every other."""
    assert _only(_BATCH, np.array(kept)).equals(_BATCH.filter(pa.array(kept)))


@pytest.mark.parametrize("texts", [[], [""], ["a", "", "é\U0001d11e", "z" * 5000], ["a", None, ""]])
def test_texts_are_a_column(texts: list[str | None]) -> None:
    """Empty ones, characters of all widths; where a schema lets one be missing, it is."""
    column = _column(texts, pa.large_string())
    column.validate(full=True)
    assert column.equals(pa.array(texts, pa.large_string()))
