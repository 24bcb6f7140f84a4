"""Fill a spill: what a shard's files gave, a batch at a time."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from galley.build import spill
from galley.build.cover import COLUMNS, Row
from galley.build.extraction import Extraction
from galley.build.identity import keys_of
from galley.build.meter import Meter
from galley.build.shard import Shard
from galley.files import remove_tree, sync, write_json, write_jsonl
from galley.record import Record, mint_id
from galley.similarity import SKETCH, fold, sketch_all

_FLUSH = 2_000_000  # characters of text in a batch of records
_ROWS = 5_000  # of the account in a batch
_CODES = {part.value: code for code, part in enumerate(spill.PARTS)}


@contextmanager
def spilling(folder: Path, schema: pa.Schema, *, shard: Shard, meter: Meter) -> Iterator["Spiller"]:
    """Yield what fills the spill in `folder`; the summary, written last, makes it whole.

    Args:
        folder: Of the spill; what it holds is removed.
        schema: Of a record.
        shard: Decides what the spill will hold.
        meter: Measures what that takes.
    """
    remove_tree(folder)
    folder.mkdir(parents=True)
    with ExitStack() as files:
        spiller = Spiller(folder, schema, files, meter=meter, sketched=shard.sketched)
        yield spiller
        spiller.flush()
    for name in (spill.RECORDS, spill.ACCOUNT, spill.KEYS, spill.SKETCHES, spill.BANDS):
        sync(folder / name)  # the summary must not outlive them
    spiller.finish(shard)


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
        def table(name: str, schema: pa.Schema) -> Any:
            sink = files.enter_context((folder / name).open("wb"))
            return files.enter_context(pa.ipc.new_file(sink, schema, options=lz4))

        # The others are given when all files have been seen.
        fields = [item for item in schema if item.name not in {"id", "cluster"}]
        lz4 = pa.ipc.IpcWriteOptions(compression="lz4")
        self._folder, self._sketched, self._meter = folder, sketched, meter
        self._records = table(spill.RECORDS, pa.schema(fields))
        self._account = table(spill.ACCOUNT, spill.ACCOUNT_SCHEMA)
        self._keys = table(spill.KEYS, spill.KEYS_SCHEMA)
        self._sketches = files.enter_context((folder / spill.SKETCHES).open("wb"))
        self._bands = files.enter_context((folder / spill.BANDS).open("wb"))
        self._schema = pa.schema(fields)
        self._waiting: list[Record] = []
        self._known: list[Any] = []  # the sketches of these and of those to come
        self._size = 0  # of their texts
        self._lines: list[Row] = []
        self._owners: list[tuple[int, int, int]] = []  # how many rows, of which file
        self._quarantine: list[dict[str, Any]] = []
        self._files: dict[str, int] = {}
        self._sizes: list[int] = []
        self._batches: list[int] = []
        self._numbers: Counter[str] = Counter(quarantined=0, rejected=0, bytes=0)

    def add(self, name: str, extraction: Extraction, sketches: Any = None) -> None:
        """Take what the file `name` gave, and the sketches of its texts if they are known."""
        number, first = len(self._files), self._numbers["records"]
        self._files[name] = len(extraction.records)
        self._sizes.append(extraction.size)
        self._lines += extraction.account.rows
        self._owners.append((len(extraction.account), number, first))
        self._quarantine += extraction.quarantine
        self._numbers["records"] += len(extraction.records)
        self._numbers["quarantined"] += len(extraction.quarantine)
        self._numbers["rejected"] += bool(extraction.quarantine)
        self._numbers["bytes"] += extraction.size
        self._known += [None] * len(extraction.records) if sketches is None else list(sketches)
        for record in extraction.records:
            self._waiting.append(record)
            self._size += len(record["text"])
            if self._size >= _FLUSH:
                self._flush_records()
        if len(self._lines) >= _ROWS:
            self._flush_account()

    def flush(self) -> None:
        """Write what is still waiting."""
        self._flush_records()
        self._flush_account()

    def finish(self, shard: Shard) -> None:
        """Write the quarantine, and the summary last."""
        order = sorted(self._quarantine, key=_position)
        write_jsonl(self._folder / spill.QUARANTINE, order)
        del self._numbers["records"]
        summary = spill.Summary(
            shard.fingerprint,
            common=shard.common,
            files=list(self._files),
            keys=[shard.keys[name] for name in self._files],
            sizes=self._sizes,
            records=list(self._files.values()),
            batches=self._batches,
            sketched=self._sketched,
            **self._numbers,
        )
        write_json(self._folder / spill.SUMMARY, asdict(summary))

    def _flush_records(self) -> None:
        records, self._waiting = self._waiting, []
        size, self._size = self._size, 0
        if not records:
            return
        self._batches.append(len(records))
        with self._meter.measure("spill", size):
            self._records.write_batch(_batch(records, self._schema))
            self._keys.write_batch(_batch(list(map(_keys, records)), spill.KEYS_SCHEMA))
        if self._sketched:
            with self._meter.measure("sketch", size):
                sketches = _sketches(records, self._known[: len(records)])
                self._sketches.write(sketches.tobytes())
                self._bands.write(fold(sketches).tobytes())
        del self._known[: len(records)]

    def _flush_account(self) -> None:
        lines, self._lines = self._lines, []
        owners, self._owners = self._owners, []
        if not lines:
            return
        with self._meter.measure("spill"):
            self._account.write_batch(_account(lines, owners))


def _position(entry: dict[str, Any]) -> tuple[str, int]:
    return entry["source_file"], entry["byte_start"]


def _sketches(records: list[Record], known: list[Any]) -> Any:
    """Return the sketches of the texts of `records`; those that are not `known` are made."""
    found = np.empty((len(records), SKETCH), dtype=np.uint32)
    new = [number for number, sketch in enumerate(known) if sketch is None]
    found[new] = sketch_all(records[number]["text"] for number in new)
    for number, sketch in enumerate(known):
        if sketch is not None:
            found[number] = sketch
    return found


def _batch(records: Iterable[Record], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [pa.array([record[item.name] for record in records], item.type) for item in schema]
    return pa.record_batch(arrays, schema=schema)


def _keys(record: Record) -> Record:
    keys = keys_of(record)
    hashes = {name: key and bytes.fromhex(key) for name, key in keys._asdict().items()}
    minted = bytes.fromhex(mint_id(keys.text))
    return {"minted": minted, **hashes, "published": record["published"]}


def _account(lines: list[Row], owners: list[tuple[int, int, int]]) -> pa.RecordBatch:
    """Return rows of the account, with the number of their file and of their record."""
    columns: dict[str, Any] = dict(zip(COLUMNS, zip(*lines, strict=True), strict=True))
    sizes, files, firsts = zip(*owners, strict=True)
    columns["file"] = np.repeat(np.array(files, dtype=np.int32), sizes)
    columns["part"] = np.array([_CODES[part] for part in columns["part"]], dtype=np.uint8)
    records = pa.array(columns["record"], pa.int32())
    columns["record"] = pc.add(records, pa.array(np.repeat(np.array(firsts, np.int32), sizes)))
    schema = spill.ACCOUNT_SCHEMA
    arrays = [pa.array(columns[item.name], item.type) for item in schema]
    return pa.record_batch(arrays, schema=schema)
