"""Write what a build found: records, account, quarantine."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from galley.errors import WorkspaceError
from galley.files import write_jsonl
from galley.parquet import read_table, write_table
from galley.record import Record

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


def write_records(folder: Path, shards: dict[int, list[Record]], schema: pa.Schema) -> None:
    """Write the records of each shard to `records/` below `folder`, in their order.

    A file that holds the same already is left alone; one of a shard that is gone is removed.
    """
    parts = folder / "records"
    wanted = {f"part-{number:05}.parquet": records for number, records in shards.items()}
    for path in parts.glob("*"):  # also what a killed build left half written
        if path.name not in wanted:
            path.unlink()
    for name, records in sorted(wanted.items()):
        table = pa.Table.from_pylist(records, schema=schema)
        if not _holds(parts / name, table):
            write_table(parts / name, table)


def _holds(path: Path, table: pa.Table) -> bool:
    try:
        return path.exists() and read_table(path).equals(table)
    except WorkspaceError:  # a broken file is written again
        return False


def write_account(folder: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write `account.parquet`: rows by file and position."""
    names = ACCOUNT.names
    plain = [{name: row.get(name) for name in names} for row in rows]
    write_table(folder / "account.parquet", pa.Table.from_pylist(plain, schema=ACCOUNT))


def write_quarantine(folder: Path, entries: Iterable[dict[str, Any]]) -> None:
    """Write `quarantine.jsonl`: entries by file and position."""
    order = sorted(entries, key=lambda entry: (entry["source_file"], entry["byte_start"]))
    write_jsonl(folder / "quarantine.jsonl", order)
