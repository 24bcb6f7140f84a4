"""Parquet as Galley writes it: the same table gives the same bytes.

pyarrow writes identical bytes for identical tables, options and version, whatever the
chunking of the table: what could differ (row groups, number of write calls) is given by whoever
writes. Content-defined chunking lets the Hub store only what changed between versions.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from galley.errors import WorkspaceError
from galley.files import replacing


@contextmanager
def open_parquet(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """Yield what writes tables of `schema` to `path`, a row group each, whole or not at all.

    What stays on this machine needs no content-defined chunks, which cost 6 % in size.
    """
    with (
        replacing(path) as part,
        pq.ParquetWriter(part, schema, compression="zstd", compression_level=3) as writer,
    ):
        yield writer


def write_table(path: Path, table: pa.Table) -> None:
    """Write `table` to `path` as one row group, see `write_groups`."""
    write_groups(path, table.schema, [table])


def write_groups(path: Path, schema: pa.Schema, groups: Iterable[pa.Table]) -> None:
    """Write `groups` to `path`, a row group each, whole or not at all, in one way only."""
    with (
        replacing(path) as part,
        pq.ParquetWriter(
            part,
            schema,
            compression="zstd",
            compression_level=3,
            write_page_index=True,
            use_content_defined_chunking=True,
        ) as writer,
    ):
        for table in groups:
            writer.write_table(table.combine_chunks(), row_group_size=max(len(table), 1))


def read_table(path: Path) -> pa.Table:
    """Read one Parquet file, or all `*.parquet` of a folder in the order of their names.

    Raises:
        WorkspaceError: There is none, or one cannot be read.
    """
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files or not files[0].exists():
        raise WorkspaceError(
            f"no Parquet at {path}", code="no_records", hint="run `galley build` first"
        )
    try:
        return pa.concat_tables([pq.read_table(file, memory_map=False) for file in files])
    except (OSError, pa.ArrowException) as error:
        raise WorkspaceError(
            f"cannot read the Parquet at {path}: {error}",
            code="parquet_unreadable",
            hint="run the command that wrote it again, with --force",
        ) from error
