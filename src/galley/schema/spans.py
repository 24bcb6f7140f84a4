"""Hold text, hash and offsets of many records against each other at once."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.types as pt

from galley.schema.rules import Lists, UnknownRuleError, numbers
from galley.schema.utf8 import Utf8

Mark = Callable[[Any], None]


def mark_crossed(batch: pa.RecordBatch, mark: Mark, text: Utf8 | None = None) -> None:
    """Mark the rows whose hash is not the text's, or whose spans are not what they say.

    Args:
        batch: Of records that are what the schema says.
        mark: Is given for each row whether it is bad.
        text: The strings of the column `text`, if they are known.

    Raises:
        UnknownRuleError: The schema lets spans, or texts, be what is not known here.
    """
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    if "text" not in columns:
        return
    filled = _filled(columns["text"])
    text = text or Utf8.of(filled)
    if "text_sha256" in columns:
        mark(text.sha256().unlike(Utf8.of(_filled(columns["text_sha256"]))))
    for name in ("subheads", "entities"):
        if name in columns:
            rows, parts = _spans(columns[name])
            bad = np.zeros(len(batch), dtype=bool)
            bad[rows[_bad(text, rows, parts, surface=name == "entities")]] = True
            mark(bad)


def _filled(column: Any) -> Any:
    """Return a column of strings, none of them null."""
    if column.null_count or not (pt.is_string(column.type) or pt.is_large_string(column.type)):
        raise UnknownRuleError(str(column.type))
    return column


def _spans(column: Any) -> tuple[Any, dict[str, Any]]:
    """Return the row of each span, and its parts."""
    if column.null_count or not pt.is_list(column.type) or not pt.is_struct(column.type.value_type):
        raise UnknownRuleError(str(column.type))
    _, spans, rows = Lists.of(column)
    parts = dict(zip((field.name for field in spans.type), spans.flatten(), strict=True))
    return rows, parts


def _bad(text: Utf8, rows: Any, parts: dict[str, Any], *, surface: bool) -> Any:
    """Return which spans are outside of their text, or, with `surface`, of another one."""
    starts, stops = (_numbers(parts.get(name)) for name in ("start", "end"))
    bad = ~((starts >= 0) & (starts < stops) & (stops <= text.lengths[rows]))
    if surface:
        same = rows[1:] == rows[:-1]
        later = (starts[1:] > starts[:-1]) | (
            (starts[1:] == starts[:-1]) & (stops[1:] >= stops[:-1])
        )
        bad[1:] |= same & ~later
        said = _filled(parts["text"])
        good: Any = slice(None)
        if bad.any():
            good = np.flatnonzero(~bad)
            said = said.take(pa.array(good))
        said = Utf8.of(said)
        # So many code points that begin there and are the same bytes end there, too.
        unlike = text.differing(text.places(rows[good], starts[good]), said)
        bad[good] |= unlike | (said.lengths != stops[good] - starts[good])
    return bad


def _numbers(column: Any) -> Any:
    if column is None or column.null_count or not pt.is_integer(column.type):
        raise UnknownRuleError("offsets")
    if pt.is_int64(column.type):
        return numbers(column)
    return column.to_numpy(zero_copy_only=False).astype(np.int64)
