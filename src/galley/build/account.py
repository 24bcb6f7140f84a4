"""The account: what every byte of every file is."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from galley.build.spill import PARTS, Spill, hex_strings
from galley.build.verdict import Fate, Verdict
from galley.parquet import open_parquet
from galley.record import Part

_FIELDS: list["pa.Field[Any]"] = [
    pa.field("source_file", pa.string(), nullable=False),
    pa.field("byte_start", pa.int64()),
    pa.field("byte_end", pa.int64()),
    pa.field("part", pa.string(), nullable=False),
    pa.field("record_id", pa.string()),
    pa.field("text_start", pa.int64()),
    pa.field("text_end", pa.int64()),
    pa.field("reason", pa.string()),
]
ACCOUNT = pa.schema(_FIELDS)
_NAMES = pa.array(np.array([part.value for part in PARTS], dtype=object), pa.string())


def write_account(path: Path, spill: Spill, verdict: Verdict) -> dict[str, int]:
    """Write the account of one shard, by file and position; `splice` joins those of all.

    Returns:
        The bytes of each part.
    """
    parts: Counter[str] = Counter()
    names = pa.array(np.array(spill.summary.files, dtype=object), pa.string())
    with open_parquet(path, ACCOUNT) as writer:
        for batch in spill.account():
            table = _account(batch, names, verdict, parts)
            writer.write_table(table, row_group_size=len(batch))
    return dict(parts)


def _account(
    batch: pa.RecordBatch, names: pa.Array, verdict: Verdict, parts: Counter[str]
) -> pa.Table:
    """Return rows of the account with ids for numbers; `parts` is added to."""
    owned = batch["record"].is_valid().to_numpy(zero_copy_only=False)
    rows = batch["record"].fill_null(0).to_numpy()
    fates = np.where(owned, verdict.fates[rows] if owned.any() else 0, Fate.KEPT)
    gone = fates == Fate.RETRACTED
    # The offsets of an older text count in one that no record has any more.
    blank = gone | (fates == Fate.OUTDATED)
    codes = np.where(gone, PARTS.index(Part.QUARANTINED), batch["part"].to_numpy())
    _count(batch, codes, parts)
    columns = {
        "source_file": names.take(batch["file"]),
        "part": _NAMES.take(pa.array(codes)),
        "record_id": _unless(gone, _ids(batch["record"], verdict)),
        "text_start": _unless(blank, batch["text_start"]),
        "text_end": _unless(blank, batch["text_end"]),
        "byte_start": batch["byte_start"],
        "byte_end": batch["byte_end"],
        "reason": _unless(gone, batch["reason"], "retracted"),
    }
    return pa.table([columns[name] for name in ACCOUNT.names], schema=ACCOUNT)


def _ids(records: pa.Array, verdict: Verdict) -> pa.Array:
    """Return the ids of records; those of one batch stand side by side."""
    known = records.drop_null().to_numpy()
    first = known.min(initial=len(verdict.ids))
    ids = hex_strings(verdict.ids[first : known.max(initial=-1) + 1])
    return ids.take(pc.subtract(records, pa.scalar(first, records.type)))


def _unless(mask: Any, values: pa.Array, other: str | None = None) -> pa.Array:
    """Return `values`, but `other` where the mask is set: nearly always nowhere."""
    return (
        pc.if_else(pa.array(mask), pa.scalar(other, values.type), values) if mask.any() else values
    )


def _count(batch: pa.RecordBatch, codes: Any, parts: Counter[str]) -> None:
    """Add to `parts` the bytes of a batch; rows of a Parquet file have none of their own."""
    known = batch["byte_end"].is_valid().to_numpy(zero_copy_only=False)
    ends, starts = batch["byte_end"].fill_null(0), batch["byte_start"].fill_null(0)
    sizes = (ends.to_numpy() - starts.to_numpy())[known]
    found = np.bincount(codes[known], sizes, len(PARTS))  # floats: exact up to 2^53
    for code in np.unique(codes[known]).tolist():
        parts[PARTS[code].value] += int(found[code])
