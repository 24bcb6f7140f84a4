"""Spills: what was taken out of a shard's files, on disk until all shards have been seen.

An id and a cluster need a look at the whole corpus, which must never be in memory. So each
shard's records wait in a folder of their own, in batches, beside the little of them that the
look needs: their keys and their sketches. The folder outlives the build; the next one takes
it as it is if the shard's fingerprint is the same.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa

from galley.build.extraction import Extraction
from galley.build.identity import keys_of
from galley.files import write_json, write_jsonl
from galley.record import Part, Record, mint_id
from galley.similarity import SKETCH, fold, sketch, sketch_all

_FLUSH = 2_000_000  # characters of text in a batch of records
_ROWS = 50_000  # of the account in a batch
PARTS = list(Part)
_CODES = {part.value: code for code, part in enumerate(PARTS)}
_ACCOUNT = pa.schema(
    [
        pa.field("file", pa.int32(), nullable=False),
        pa.field("byte_start", pa.int64()),
        pa.field("byte_end", pa.int64()),
        pa.field("part", pa.uint8(), nullable=False),
        pa.field("record", pa.int32()),
        pa.field("text_start", pa.int64()),
        pa.field("text_end", pa.int64()),
        pa.field("reason", pa.string()),
    ]
)
_KEYS = pa.schema(
    [
        pa.field("minted", pa.binary(16), nullable=False),
        pa.field("url", pa.binary(32)),
        pa.field("text", pa.binary(32), nullable=False),
        pa.field("title", pa.binary(32), nullable=False),
        pa.field("published", pa.string()),
    ]
)
BANDS = SKETCH // 4


@dataclass(frozen=True)
class Summary:
    """What a spill holds.

    Attributes:
        fingerprint: Of all that decided what is in it.
        files: The names of its files, sorted.
        records: How many each of them gave.
        batches: How many records each batch has.
        sketched: Whether there are sketches.
        quarantined: Entries of the quarantine.
        rejected: Files with one.
        bytes: Of all files.
    """

    fingerprint: str
    files: list[str] = field(default_factory=list)
    records: list[int] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    sketched: bool = True
    quarantined: int = 0
    rejected: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class Spill:
    """What was taken out of a shard's files.

    Attributes:
        folder: Where it is.
    """

    folder: Path

    @cached_property
    def summary(self) -> Summary:
        """What it holds.

        Raises:
            OSError: There is none, or it was not finished.
        """
        return Summary(**json.loads((self.folder / "summary.json").read_bytes()))

    def fits(self, fingerprint: str) -> bool:
        """Return whether it is whole, and has what `fingerprint` stands for."""
        try:
            return self.summary.fingerprint == fingerprint
        except (OSError, ValueError, TypeError):
            return False

    def __len__(self) -> int:
        """Return how many records it has."""
        return sum(self.summary.records)

    def records(self) -> Iterator[pa.RecordBatch]:
        """Yield the records, in batches, in the order of files and places."""
        yield from _read(self.folder / "records.arrow")

    def account(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the account, in batches, in the order of files and places."""
        yield from _read(self.folder / "account.arrow")

    def keys(self) -> pa.Table:
        """Return what the identity of each record is looked up by."""
        return pa.Table.from_batches(_read(self.folder / "keys.arrow"), schema=_KEYS)

    def quarantine(self) -> bytes:
        """Return the entries of the quarantine, as lines of JSON."""
        return (self.folder / "quarantine.jsonl").read_bytes()

    def pick(self, rows: list[int], columns: list[str]) -> list[Record]:
        """Return some fields of the records at `rows`, in that order."""
        found: dict[int, Record] = {}
        starts = np.cumsum([0, *self.summary.batches])
        options = pa.ipc.IpcReadOptions(included_fields=self._numbers(columns))
        with pa.ipc.open_file(str(self.folder / "records.arrow"), options=options) as reader:
            for number in sorted(set(np.searchsorted(starts, rows, side="right") - 1)):
                batch = reader.get_batch(int(number))
                start, stop = int(starts[number]), int(starts[number + 1])
                own = [row for row in rows if start <= row < stop]
                some = batch.take(pa.array(np.array(own) - start)).to_pylist()
                found.update(zip(own, some, strict=True))
        return [found[row] for row in rows]

    def _numbers(self, columns: list[str]) -> list[int]:
        with pa.ipc.open_file(str(self.folder / "records.arrow")) as reader:
            return [reader.schema.get_field_index(name) for name in columns]

    def sketch(self, row: int) -> tuple[int, ...]:
        """Return the sketch of a record's text; where none was kept, it is made."""
        if self.summary.sketched:
            return tuple(self.sketches(np.array([row]))[0].tolist())
        return sketch(self.pick([row], ["text"])[0]["text"])

    def sketches(self, rows: Any) -> Any:
        """Return the sketches at `rows`, one below another."""
        found = np.empty((len(rows), SKETCH), dtype=np.uint32)
        size = SKETCH * 4
        with (self.folder / "sketches").open("rb", buffering=0) as file:
            for place, row in enumerate(rows.tolist()):
                file.seek(row * size)
                found[place] = np.frombuffer(file.read(size), dtype=np.uint32)
        return found

    def band(self, number: int) -> Any:
        """Return one band of all sketches, each folded to a number."""
        pieces, place = [], 0
        with (self.folder / "bands").open("rb", buffering=0) as file:
            for size in self.summary.batches:
                file.seek((place * BANDS + number * size) * 8)
                pieces.append(np.frombuffer(file.read(size * 8), dtype=np.uint64))
                place += size
        return np.concatenate(pieces) if pieces else np.empty(0, dtype=np.uint64)


def _read(path: Path) -> Iterator[pa.RecordBatch]:
    with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as reader:
        for number in range(reader.num_record_batches):
            yield reader.get_batch(number)


@contextmanager
def spilling(folder: Path, schema: pa.Schema, *, sketched: bool) -> Iterator["Spiller"]:
    """Yield what fills a spill; only when it is full, it takes the place of `folder`.

    Args:
        folder: Where the spill will be.
        schema: Of its records.
        sketched: Whether to keep a sketch of each text.
    """
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        with Spiller(part, schema, sketched=sketched) as spiller:
            yield spiller
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


class Spiller:
    """Fills a spill, a batch at a time."""

    def __init__(self, folder: Path, schema: pa.Schema, *, sketched: bool) -> None:
        self._folder = folder
        # Given at the end, when the other files have been seen.
        fields = [item for item in schema if item.name not in {"id", "cluster"}]
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._schema = pa.schema(fields)
        self._records = pa.ipc.new_file(
            str(folder / "records.arrow"), self._schema, options=options
        )
        self._account = pa.ipc.new_file(str(folder / "account.arrow"), _ACCOUNT, options=options)
        self._keys = pa.ipc.new_file(str(folder / "keys.arrow"), _KEYS)
        self._rows = (folder / "sketches").open("wb")
        self._bands = (folder / "bands").open("wb")
        self._sketched = sketched
        self._waiting: list[Record] = []
        self._size = 0
        self._lines: list[tuple[int, int, dict[str, Any]]] = []
        self._quarantine: list[dict[str, Any]] = []
        self._summary = Summary("", sketched=sketched)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files."""
        for file in (self._records, self._account, self._keys, self._rows, self._bands):
            file.close()

    def add(self, name: str, extraction: Extraction) -> None:
        """Take what the file `name` gave."""
        first, number = sum(self._summary.records), len(self._summary.files)
        self._summary.files.append(name)
        self._summary.records.append(len(extraction.records))
        self._lines += [(number, first, row) for row in extraction.account]
        self._quarantine += extraction.quarantine
        self._count(extraction)
        for record in extraction.records:
            self._waiting.append(record)
            self._size += len(record["text"])
            if self._size >= _FLUSH:
                self._flush()
        if len(self._lines) >= _ROWS:
            self._flush_account()

    def _count(self, extraction: Extraction) -> None:
        known = self._summary
        self._summary = Summary(
            **{
                **vars(known),
                "quarantined": known.quarantined + len(extraction.quarantine),
                "rejected": known.rejected + bool(extraction.quarantine),
                "bytes": known.bytes + extraction.size,
            }
        )

    def finish(self, fingerprint: str) -> Summary:
        """Write what is left, and the summary last."""
        self._flush()
        self._flush_account()
        self.__exit__()
        order = sorted(self._quarantine, key=lambda e: (e["source_file"], e["byte_start"]))
        write_jsonl(self._folder / "quarantine.jsonl", order)
        summary = Summary(**{**vars(self._summary), "fingerprint": fingerprint})
        write_json(self._folder / "summary.json", asdict(summary))
        return summary

    def _flush(self) -> None:
        records, self._waiting, self._size = self._waiting, [], 0
        if not records:
            return
        self._summary.batches.append(len(records))
        self._records.write_batch(_batch(records, self._schema))
        self._keys.write_batch(_batch(list(map(_keys, records)), _KEYS))
        if self._sketched:
            rows = sketch_all(record["text"] for record in records)
            self._rows.write(rows.tobytes())
            self._bands.write(fold(rows).tobytes())

    def _flush_account(self) -> None:
        lines, self._lines = self._lines, []
        if not lines:
            return
        columns: dict[str, Any] = {
            "file": np.array([number for number, _, _ in lines], dtype=np.int32),
            "part": np.array([_CODES[row["part"]] for _, _, row in lines], dtype=np.uint8),
            "record": [
                None if row["record"] is None else first + row["record"] for _, first, row in lines
            ],
        }
        for name in ("byte_start", "byte_end", "text_start", "text_end", "reason"):
            columns[name] = [row[name] for _, _, row in lines]
        arrays = [pa.array(columns[item.name], item.type) for item in _ACCOUNT]
        self._account.write_batch(pa.record_batch(arrays, schema=_ACCOUNT))


def hex_strings(ids: Any) -> pa.Array:
    """Return ids of 16 bytes as 32 hex digits."""
    offsets = np.arange(len(ids) + 1, dtype=np.int32) * 32
    digits = ids.tobytes().hex().encode("ascii")
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(offsets), pa.py_buffer(digits))


def _batch(records: list[Record], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [pa.array([record[item.name] for record in records], item.type) for item in schema]
    return pa.record_batch(arrays, schema=schema)


def _keys(record: Record) -> dict[str, Any]:
    keys = keys_of(record)
    return {
        "minted": bytes.fromhex(mint_id(record["text_sha256"])),
        "url": bytes.fromhex(keys.url) if keys.url else None,
        "text": bytes.fromhex(keys.text),
        "title": bytes.fromhex(keys.title),
        "published": record["published"],
    }
