"""Fill a spill: what a shard's files gave, a batch at a time."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from galley.build import spill
from galley.build.cover import COLUMNS, Row
from galley.build.extraction import Extraction
from galley.build.identity import Keys, keys_of
from galley.build.meter import Meter
from galley.build.past import Batch, Stretch
from galley.build.shard import Shard
from galley.files import remove_tree, sync, write_json, write_jsonl
from galley.record import Record, mint_id
from galley.similarity import fold, sketch_all

_FLUSH = 2_000_000  # characters of text in a batch of records
_ROWS = 5_000  # of the account in a batch
_CODES = {part.value: code for code, part in enumerate(spill.PARTS)}


@contextmanager
def spilling(
    folder: Path, schema: pa.Schema, *, sketched: bool, meter: Meter
) -> Iterator["Spiller"]:
    """Yield what fills the spill in `folder`, and whose `finish` then makes it whole.

    Args:
        folder: Of the spill; what it holds is removed.
        schema: Of a record.
        sketched: Whether to keep a sketch of each text.
        meter: Measures what that takes.
    """
    remove_tree(folder)
    folder.mkdir(parents=True)
    with ExitStack() as files:
        spiller = Spiller(folder, schema, files, meter=meter, sketched=sketched)
        yield spiller
        spiller.flush()
    for name in (spill.RECORDS, spill.ACCOUNT, spill.KEYS, spill.SKETCHES, spill.BANDS):
        sync(folder / name)  # the summary must not outlive them


class Spiller:
    """Fills a spill.

    Args:
        folder: Of the spill.
        schema: Of a record.
        files: Closes the files.
        meter: Measures what that takes.
        sketched: Whether to keep a sketch of each text.
    """

    def __init__(
        self, folder: Path, schema: pa.Schema, files: ExitStack, *, meter: Meter, sketched: bool
    ) -> None:
        def table(name: str, schema: pa.Schema, codec: str | None = "lz4") -> Any:
            # To hand a column over to a thread takes a quarter as long as to compress it.
            options = pa.ipc.IpcWriteOptions(compression=codec, use_threads=False)
            sink = files.enter_context((folder / name).open("wb"))
            return files.enter_context(pa.ipc.new_file(sink, schema, options=options))

        # The others are given when all files have been seen.
        fields = [item for item in schema if item.name not in {"id", "cluster"}]
        self._folder, self._sketched, self._meter = folder, sketched, meter
        # Packed they would take 1.9 KB less each, for half the time of all that is done here, and
        # a buffer more of each text.
        self._records = table(spill.RECORDS, pa.schema(fields), codec=None)
        self._account = table(spill.ACCOUNT, spill.ACCOUNT_SCHEMA)
        self._keys = table(spill.KEYS, spill.KEYS_SCHEMA)
        self._sketches = files.enter_context((folder / spill.SKETCHES).open("wb"))
        self._bands = files.enter_context((folder / spill.BANDS).open("wb"))
        self._schema = pa.schema(fields)
        self._batch: list[Batch] = []  # what waits, and behind it the newest records
        self._waiting: list[Record] = []
        self._size = 0  # of the texts of both
        self._rows: list[pa.RecordBatch] = []  # of the account; so, too
        self._lines: list[Row] = []
        self._owners: list[tuple[int, int, int]] = []  # how many lines, of which file
        self._height = 0  # of the rows and the lines
        self._quarantine: list[dict[str, Any]] = []
        self._files: dict[str, int] = {}
        self._sizes: list[int] = []
        self._batches: list[int] = []
        self._numbers: Counter[str] = Counter(quarantined=0, rejected=0, bytes=0)

    def add(self, name: str, extraction: Extraction) -> None:
        """Take what the file `name` gave."""
        number, first = len(self._files), self._numbers["records"]
        self._count({name: len(extraction.records)}, [extraction.size], [extraction.quarantine])
        self._lines += extraction.account.rows
        self._owners.append((len(extraction.account), number, first))
        self._height += len(extraction.account)
        for record in extraction.records:
            self._waiting.append(record)
            self._size += len(record["text"])
            if self._size >= _FLUSH:
                self._flush_records()
        if self._height >= _ROWS:
            self._flush_account()

    def add_again(self, stretch: Stretch) -> None:
        """Take what some files gave before, as if each of them had been added."""
        number, first = len(self._files), self._numbers["records"]
        self._count(stretch.files, stretch.sizes, stretch.refused)
        for batch in stretch.records:
            self._add_records(batch)
        for rows in stretch.account:
            files = pc.add(rows["file"], number - stretch.number)
            records = pc.add(rows["record"], first - stretch.first)
            self._add_rows(_with(rows, file=files, record=records))

    def _count(
        self, files: dict[str, int], sizes: list[int], refused: list[list[dict[str, Any]]]
    ) -> None:
        self._files |= files
        self._sizes += sizes
        self._numbers["records"] += sum(files.values())
        self._numbers["bytes"] += sum(sizes)
        for entries in refused:
            self._quarantine += entries
            self._numbers["quarantined"] += len(entries)
            self._numbers["rejected"] += bool(entries)

    def _add_records(self, batch: Batch) -> None:
        """Take records; a batch ends where it would if they had come one by one."""
        self._settle_records()
        sizes = np.cumsum(pc.utf8_length(batch.records["text"]).to_numpy())
        start = before = 0
        while start < len(sizes):
            full = int(np.searchsorted(sizes, before + _FLUSH - self._size)) + 1
            stop = min(full, len(sizes))
            self._batch.append(batch.slice(start, stop))
            self._size += int(sizes[stop - 1]) - before
            start, before = stop, int(sizes[stop - 1])
            if self._size >= _FLUSH:
                self._flush_records()

    def _add_rows(self, rows: pa.RecordBatch) -> None:
        """Take rows of the account; a batch ends with a file, as if they had come one by one."""
        self._settle_account()
        ends = np.append(np.flatnonzero(np.diff(rows["file"].to_numpy())) + 1, len(rows))
        start = 0
        while start < len(rows):
            full = int(np.searchsorted(ends, start + _ROWS - self._height))
            stop = int(ends[min(full, len(ends) - 1)])
            self._rows.append(rows.slice(start, stop - start))
            self._height += stop - start
            start = stop
            if self._height >= _ROWS:
                self._flush_account()

    def flush(self) -> None:
        """Write what is still waiting."""
        self._flush_records()
        self._flush_account()

    def finish(self, shard: Shard) -> None:
        """Write the quarantine, and last the summary: it says what `shard` gave all this."""
        order, keys = sorted(self._quarantine, key=_position), shard.keys()
        write_jsonl(self._folder / spill.QUARANTINE, order)
        del self._numbers["records"]
        summary = spill.Summary(
            shard.fingerprint,
            common=shard.common,
            files=list(self._files),
            keys=[keys[name] for name in self._files],
            sizes=self._sizes,
            records=list(self._files.values()),
            batches=self._batches,
            sketched=self._sketched,
            parts=spill.Spill(self._folder).parts(),
            **self._numbers,
        )
        write_json(self._folder / spill.SUMMARY, vars(summary))

    def _settle_records(self) -> None:
        """Let the newest records wait as a batch."""
        records, self._waiting = self._waiting, []
        if not records:
            return
        with self._meter.measure("spill"):
            keys = _keys(records)
            batch = _batch(records, self._schema)
        sketches = None
        if self._sketched:
            texts = [record["text"] for record in records]
            with self._meter.measure("sketch", sum(map(len, texts))):
                sketches = sketch_all(texts)
        self._batch.append(Batch(batch, keys, sketches))

    def _flush_records(self) -> None:
        self._settle_records()
        batches, self._batch = self._batch, []
        size, self._size = self._size, 0
        if not batches:
            return
        with self._meter.measure("spill", size):
            records = _joined([batch.records for batch in batches])
            self._batches.append(len(records))
            self._records.write_batch(records)
            self._keys.write_batch(_joined([batch.keys for batch in batches]))
        if self._sketched:
            with self._meter.measure("sketch"):
                sketches = np.concatenate([batch.sketches for batch in batches])
                self._sketches.write(sketches.tobytes())
                self._bands.write(fold(sketches).tobytes())

    def _settle_account(self) -> None:
        lines, self._lines = self._lines, []
        owners, self._owners = self._owners, []
        if lines:
            self._rows.append(_account(lines, owners))

    def _flush_account(self) -> None:
        with self._meter.measure("spill"):
            self._settle_account()
            rows, self._rows, self._height = self._rows, [], 0
            if rows:
                self._account.write_batch(_joined(rows))


def _position(entry: dict[str, Any]) -> tuple[str, int]:
    return entry["source_file"], entry["byte_start"]


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    """Return batches as one; one alone, as nearly always, is not copied."""
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


def _with(batch: pa.RecordBatch, **columns: pa.Array) -> pa.RecordBatch:
    """Return a batch with other values in some columns."""
    arrays = [columns.get(name, batch[name]) for name in batch.schema.names]
    return pa.record_batch(arrays, schema=batch.schema)


def _batch(records: list[Record], schema: pa.Schema) -> pa.RecordBatch:
    return _filled({name: [record[name] for record in records] for name in schema.names}, schema)


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Return values as a column; pyarrow would let each long text keep a copy in UTF-8."""
    if not pa.types.is_large_string(kind) or None in values:
        return pa.array(values, kind)
    texts = [value.encode("utf-8") for value in values]
    offsets = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    buffers = pa.py_buffer(offsets), pa.py_buffer(b"".join(texts))
    return pa.LargeStringArray.from_buffers(len(texts), *buffers)


def _keys(records: list[Record]) -> pa.RecordBatch:
    """Return what the identity of each record is looked up by."""
    keys = [keys_of(record) for record in records]
    columns: dict[str, list[Any]] = {"minted": [bytes.fromhex(mint_id(key.text)) for key in keys]}
    for name, hashes in zip(Keys._fields, zip(*keys, strict=True), strict=True):
        columns[name] = [key and bytes.fromhex(key) for key in hashes]
    columns["published"] = [record["published"] for record in records]
    return _filled(columns, spill.KEYS_SCHEMA)


def _filled(columns: dict[str, Any], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [_column(columns[item.name], item.type) for item in schema]
    return pa.record_batch(arrays, schema=schema)


def _account(lines: list[Row], owners: list[tuple[int, int, int]]) -> pa.RecordBatch:
    """Return rows of the account, with the number of their file and of their record."""
    columns: dict[str, Any] = dict(zip(COLUMNS, zip(*lines, strict=True), strict=True))
    sizes, files, firsts = zip(*owners, strict=True)
    columns["file"] = np.repeat(np.array(files, dtype=np.int32), sizes)
    columns["part"] = np.array([_CODES[part] for part in columns["part"]], dtype=np.uint8)
    records = pa.array(columns["record"], pa.int32())
    columns["record"] = pc.add(records, pa.array(np.repeat(np.array(firsts, np.int32), sizes)))
    return _filled(columns, spill.ACCOUNT_SCHEMA)
