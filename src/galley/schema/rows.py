"""Read somebody's Parquet file as records, in batches."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from galley.errors import SourceError
from galley.schema.check import Checker
from galley.schema.columns import Steps, compare_columns, feature_of, find_labels
from galley.schema.contract import Contract
from galley.schema.findings import Findings
from galley.schema.issue import Issue
from galley.schema.pool import keep
from galley.schema.rules import UnknownRuleError
from galley.schema.screen import Screen

_BATCH = 1000
_READ = 1 << 16  # bytes, if no page is larger
# What is looked at together: more of it would take more memory, and save little time.
_BYTES, _ROWS = 1 << 23, 4096
_LEAST, _PARTS = 1 << 20, 8


@dataclass(frozen=True)
class ParquetRows:
    """The rows of one Parquet file.

    Attributes:
        path: The file.
        contract: What it should hold.
    """

    path: Path
    contract: Contract

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """Go to another process without what was made here."""
        return keep, (ParquetRows, self.path, self.contract)

    @cached_property
    def _file(self) -> pq.ParquetFile:
        return self._open()

    @cached_property
    def _opened(self) -> threading.local:
        return threading.local()

    @property
    def _own(self) -> pq.ParquetFile:
        """The file, opened once more for each thread: one at a time can read from it."""
        if not hasattr(self._opened, "file"):
            self._opened.file = self._open(self._file.metadata)
        file: pq.ParquetFile = self._opened.file
        return file

    def _open(self, metadata: pq.FileMetaData | None = None) -> pq.ParquetFile:
        try:
            # Without a buffer whole column chunks are read, as large as their writer made them.
            return pq.ParquetFile(self.path, metadata=metadata, pre_buffer=False, buffer_size=_READ)
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(error) from error

    @cached_property
    def _features(self) -> Any:
        """The features that Hugging Face writes into the file: they name the labels' numbers."""
        metadata = (self._file.schema_arrow.metadata or {}).get(b"huggingface", b"{}")
        try:
            return json.loads(metadata)["info"]["features"]
        except (ValueError, KeyError, TypeError):
            return {}

    @cached_property
    def _differences(self) -> list[tuple[str, Issue]]:
        return list(compare_columns(self._file.schema_arrow, self.contract, self._features))

    @cached_property
    def _bad(self) -> set[str]:
        return {name for name, _ in self._differences}

    @property
    def column_issues(self) -> list[Issue]:
        """Which columns are missing, unknown, there twice or of another type."""
        return [issue for _, issue in self._differences]

    @cached_property
    def remaining(self) -> Contract:
        """The contract without the fields of such columns: what the rows are checked by."""
        document = self.contract.document
        fields = {k: node for k, node in self.contract.properties.items() if k not in self._bad}
        required = [name for name in document.get("required", ()) if name not in self._bad]
        return Contract({**document, "properties": fields, "required": required})

    @cached_property
    def _names(self) -> list[str]:
        """The columns that are as they should be."""
        return [name for name in self._file.schema_arrow.names if name not in self._bad]

    @cached_property
    def checker(self) -> Checker:
        """Checks a row."""
        return Checker(self.remaining)

    @cached_property
    def _screen(self) -> Screen | None:
        """Finds the rows that may be wrong, if it can be done for the contract."""
        try:
            return Screen(self.remaining, dict(self._labels(self._file.schema_arrow)))
        except UnknownRuleError:
            return None

    def prepare(self) -> None:
        """Make what each process would make for itself.

        Raises:
            SourceError: It is no Parquet.
        """
        _ = self._names, self._screen

    def pieces(self) -> Iterator[list[int]]:
        """Yield the numbers of some groups of rows at a time, enough to be worth a look."""
        groups = range(self._file.num_row_groups)
        sizes = [self._file.metadata.row_group(group).total_byte_size for group in groups]
        left = sum(sizes)
        waiting: list[int] = []
        rows = size = 0
        for group in groups:
            waiting.append(group)
            rows += self._file.metadata.row_group(group).num_rows
            size += sizes[group]
            # The last ones are small, so that all end at about the same time.
            if rows >= _ROWS or size >= min(max(left // _PARTS, _LEAST), _BYTES):
                yield waiting
                left -= size
                waiting, rows, size = [], 0, 0
        if waiting:
            yield waiting

    def _fitting(self, groups: list[int]) -> int:
        """Return how many rows of some groups to look at together."""
        parts = [self._file.metadata.row_group(group) for group in groups]
        rows = sum(part.num_rows for part in parts)
        size = sum(part.total_byte_size for part in parts)
        fit: int = rows if size < 2 * _BYTES else rows * _BYTES // size
        return min(max(fit, 1), _ROWS)

    def check(self, groups: list[int], limit: int | None) -> Findings:
        """Check the rows of some groups.

        Raises:
            SourceError: The file is damaged.
        """
        found = Findings(limit)
        try:
            for batch in self._own.iter_batches(
                self._fitting(groups), row_groups=groups, columns=self._names, use_threads=False
            ):
                self._check(batch, found)
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(error) from error
        return found

    def _check(self, batch: pa.RecordBatch, found: Findings) -> None:
        first = found.lines + 1
        found.lines += len(batch)
        found.rows += len(batch)
        chosen = np.arange(len(batch)) if self._screen is None else self._screen.suspects(batch)
        if len(chosen):
            rows = self._chosen(batch, chosen)
            found.check(zip((chosen + first).tolist(), rows, strict=True), self.checker)

    def _chosen(self, batch: pa.RecordBatch, chosen: Any) -> list[Any]:
        """Return some rows of a batch as records."""
        try:
            return self._records(batch.take(pa.array(chosen)))
        except pa.ArrowNotImplementedError:  # of strings that Arrow calls a view, it takes none
            return [row for at in chosen.tolist() for row in self._records(batch.slice(at, 1))]

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Yield `(row number from 1, record)`, the record without such columns, in order.

        The record of a row that holds text in no UTF-8 is the Issue that says so.

        Raises:
            SourceError: The file is damaged.
        """
        number = 0
        try:
            for batch in self._file.iter_batches(_BATCH, columns=self._names):
                for record in self._records(batch):
                    number += 1
                    yield number, record
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(error) from error

    def _records(self, batch: pa.RecordBatch) -> list[Any]:
        try:
            records: list[Any] = batch.to_pylist()
        except UnicodeDecodeError as error:
            if batch.num_rows == 1:
                return [Issue("", "not_utf8", "UTF-8", f"0x{error.object[error.start]:02x}")]
            return [row for i in range(len(batch)) for row in self._records(batch.slice(i, 1))]
        for path, names in self._labels(batch.schema):
            for record in records:
                _name_labels(record, path, names)
        return records

    def _labels(self, schema: pa.Schema) -> Iterator[tuple[Steps, dict[int, str]]]:
        for field in schema:
            feature = feature_of(self._features, field.name)
            yield from find_labels(field.type, feature, (field.name,))

    def _unreadable(self, error: Exception) -> SourceError:
        return SourceError(
            f"cannot read {self.path} as Parquet: {error}",
            code="unreadable",
            hint="check its permissions; if it is damaged or cut short, fetch it again",
        )


def _name_labels(holder: Any, path: Steps, names: dict[int, str]) -> None:
    """Replace the numbers at `path` in `holder` by their names; one that has none stays."""
    for key in range(len(holder)) if path[0] is None else path[:1]:
        if len(path) == 1:
            holder[key] = names.get(holder[key], holder[key])
        elif holder[key] is not None:
            _name_labels(holder[key], path[1:], names)
