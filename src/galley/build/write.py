"""Write what a build found: records, account, quarantine."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from galley.files import write_jsonl
from galley.parquet import write_table
from galley.record import Record

_FIELDS: list["pa.Field[Any]"] = [
    pa.field("source_file", pa.string(), nullable=False),
    pa.field("byte_start", pa.int64(), nullable=False),
    pa.field("byte_end", pa.int64(), nullable=False),
    pa.field("part", pa.string(), nullable=False),
    pa.field("record_id", pa.string()),
    pa.field("text_start", pa.int64()),
    pa.field("text_end", pa.int64()),
    pa.field("reason", pa.string()),
]
ACCOUNT = pa.schema(_FIELDS)


def write_records(folder: Path, records: list[Record], schema: pa.Schema) -> None:
    """Write `records` to `records/` below `folder`, in their order."""
    table = pa.Table.from_pylist(records, schema=schema)
    write_table(folder / "records" / "part-00000.parquet", table)


def write_account(folder: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write `account.parquet`: rows by file and position."""
    names = ACCOUNT.names
    plain = [{name: row.get(name) for name in names} for row in rows]
    write_table(folder / "account.parquet", pa.Table.from_pylist(plain, schema=ACCOUNT))


def write_quarantine(folder: Path, entries: Iterable[dict[str, Any]]) -> None:
    """Write `quarantine.jsonl`: entries by file and position."""
    order = sorted(entries, key=lambda entry: (entry["source_file"], entry["byte_start"]))
    write_jsonl(folder / "quarantine.jsonl", order)
