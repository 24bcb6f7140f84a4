"""Rows that wait on disk for their place in a release: memory does not grow with their number."""

import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import pyarrow as pa

# Rows in a batch: the unit of what is in memory.
BATCH = 1000


class Store:
    """Rows by number, in a nameless file that the system removes with the process.

    Args:
        batches: All of them; each but the last has `BATCH` rows.
        schema: Theirs.
    """

    def __init__(self, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> None:
        self._schema = schema
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when nobody has the store
        weakref.finalize(self, self._file.close)
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        sink = pa.PythonFile(self._file, "w")
        self._rows = 0
        with pa.ipc.new_file(sink, schema, options=options) as writer:
            for batch in batches:
                writer.write_batch(batch)
                self._rows += len(batch)
        self._reader = self._open()

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self._rows

    def take(self, numbers: Sequence[int]) -> pa.Table:
        """Return the rows of these numbers, in their order.

        Where the numbers ascend, each batch is read once.
        """
        runs = groupby(numbers, key=lambda number: number // BATCH)
        parts = [_take(self._reader.get_batch(at), at * BATCH, list(own)) for at, own in runs]
        return pa.Table.from_batches(parts, schema=self._schema)

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield some columns of all rows, in order."""
        reader = self._open(columns)
        yield from map(reader.get_batch, range(reader.num_record_batches))

    def _open(self, columns: Sequence[str] | None = None) -> pa.ipc.RecordBatchFileReader:
        names = columns if columns is not None else self._schema.names
        fields = [self._schema.get_field_index(name) for name in names]
        options = pa.ipc.IpcReadOptions(included_fields=fields)
        return pa.ipc.open_file(pa.PythonFile(self._file, "r"), options=options)


def _take(batch: Any, start: int, numbers: list[int]) -> Any:
    """Return the rows of `batch`, which begins with number `start`; all of them are not copied."""
    if numbers == list(range(start, start + len(batch))):
        return batch
    return batch.take(pa.array([number - start for number in numbers], pa.int64()))
