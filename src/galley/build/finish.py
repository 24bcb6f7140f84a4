"""Finish the records of a shard, now that all shards have been seen."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from galley.build.account import write_account
from galley.build.corpus import Place
from galley.build.meter import Meter
from galley.build.spill import RECORDS, Spill, hex_strings
from galley.build.splice import splice
from galley.build.verdict import Fate, Ruling, Verdict
from galley.files import expect
from galley.manifest import entry_of
from galley.parquet import encode, open_parquet
from galley.record import Record
from galley.schema.arrow import arrow_schema
from galley.schema.contract import Contract

ACCOUNT_NAME = "account.parquet"
_UNIONS = ("source_tags", "listing_tags", "sources")
_FACTS = ("publisher", "url", "published", "license")
_GROUP = 2  # batches of a spill in a row group: some hundred records
_AT_ONCE = 400  # articles of which all versions are read: 2 KB each


@dataclass(frozen=True)
class Finishing:
    """The records of a shard, and its account, to be finished.

    Attributes:
        spills: All of the build.
        number: Which of them is the shard's.
        ruling: What is held of the verdict, which waits beside the spill.
        contract: What a record is.
        path: Of the file of records, if any of them is kept.
        threads: How many may compress row groups: each needs two of them in memory.
    """

    spills: Sequence[Spill]
    number: int
    ruling: Ruling
    contract: Contract
    path: Path
    threads: int = 1

    @property
    def account(self) -> Path:
        """Of the shard's part of the account: it waits beside the spill."""
        return self.spills[self.number].folder / ACCOUNT_NAME


@dataclass(frozen=True)
class Written:
    """The files of a shard.

    Attributes:
        records: Hash and size of the records' file; None if no record is kept.
        account: Those of the account's.
        parts: The bytes of each part.
    """

    records: dict[str, Any] | None
    account: dict[str, Any]
    parts: dict[str, int]


def finish_shard(job: Finishing) -> tuple[Written, Meter]:
    """Write the account and the records of a shard, in the order of files and places.

    Returns:
        What was written, and what that took.
    """
    meter, spill = Meter(), job.spills[job.number]
    expect(spill.folder / RECORDS)
    verdict = Verdict.load(spill.folder)
    with meter.measure("account") as step:
        parts = write_account(job.account, spill, verdict)
        spill.forget()
        account = entry_of(job.account)
        step.bytes = account["bytes"]
    if not verdict.kept:
        return Written(None, account, parts), meter
    with meter.measure("write") as step:
        schema = arrow_schema(job.contract)
        tables = _tables(_finished(job, verdict), schema)
        if job.threads > 1:
            splice(job.path, _encoded(tables, job.threads))
        else:
            with open_parquet(job.path, schema, recurring=False) as writer:
                for table in tables:
                    writer.write_table(table, row_group_size=len(table))
                    del table  # before the next is made
        records = entry_of(job.path)
        step.bytes = records["bytes"]
    return Written(records, account, parts), meter


def _encoded(tables: Iterator[pa.Table], threads: int) -> Iterator[BytesIO]:
    """Yield each table as a Parquet file of its own; several at a time are made."""
    with ThreadPoolExecutor(threads) as pool:  # to compress leaves the interpreter to others
        waiting: deque[Future[BytesIO]] = deque()
        for table in tables:
            waiting.append(pool.submit(encode, table, recurring=False))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _tables(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    while waiting := list(islice(batches, _GROUP)):
        yield pa.Table.from_batches(waiting, schema)
        del waiting  # before the next are read


def _finished(job: Finishing, verdict: Verdict) -> Iterator[pa.RecordBatch]:
    """Yield the records that are kept, with their ids and clusters."""
    schema, merges, start = arrow_schema(job.contract), _Merges(job, verdict), 0

    def finish(batch: pa.RecordBatch) -> pa.RecordBatch:
        nonlocal start
        rows = slice(start, start := start + len(batch))
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        columns |= _replaced(columns, merges.of(rows)) | {
            "id": hex_strings(verdict.ids[rows]),
            "cluster": hex_strings(verdict.clusters[rows]),
        }
        whole = pa.record_batch([columns[name] for name in schema.names], schema=schema)
        return _only(whole, verdict.fates[rows] == Fate.KEPT)

    # Mapped: while one is written, nothing is left of what it was before.
    return filter(len, map(finish, job.spills[job.number].records()))


def _only(batch: pa.RecordBatch, kept: Any) -> pa.RecordBatch:
    """Return some rows of a batch: nearly all, so runs of them are copied, and not each row."""
    runs = np.flatnonzero(np.diff(kept, prepend=False, append=False)).reshape(-1, 2).tolist()
    pieces = [batch[start:stop] for start, stop in runs] or [batch[:0]]
    return pieces[0] if len(pieces) == 1 else pa.concat_batches(pieces)


def _replaced(columns: dict[str, pa.Array], merged: dict[int, Record]) -> dict[str, pa.Array]:
    """Return those columns of a batch that differ where other versions add to its records."""
    if not merged:
        return {}
    size, rows = len(columns["text"]), list(merged)
    order = np.arange(size)
    order[rows] = np.arange(size, size + len(rows))
    changed = {}
    for name in (*_UNIONS, *_FACTS):
        values = pa.array([merged[row][name] for row in rows], columns[name].type)
        changed[name] = pa.concat_arrays([columns[name], values]).take(pa.array(order))
    return changed


class _Merges:
    """What all versions of an article say, for each record of a shard that has several.

    They wait in all spills: to open each of them takes longer than to read some hundred there.
    """

    def __init__(self, job: Finishing, verdict: Verdict) -> None:
        self._spills, self._number = job.spills, job.number
        self._todo = sorted(verdict.versions.items(), reverse=True)
        self._known: dict[int, Record] = {}

    def of(self, rows: slice) -> dict[int, Record]:
        """Return it for the records `rows`, by their place among these; rows only go on."""
        while self._todo and self._todo[-1][0] < rows.stop:
            self._read()
        own = [row for row in self._known if row < rows.stop]
        return {row - rows.start: self._known.pop(row) for row in own}

    def _read(self) -> None:
        some, self._todo = self._todo[-_AT_ONCE:], self._todo[:-_AT_ONCE]
        known = _pick(self._spills, {place for _, places in some for place in places})
        for row, places in reversed(some):
            versions = [known[place] for place in places]
            self._known[row] = _merge(versions, known[self._number, row])


def _pick(spills: Sequence[Spill], places: set[Place]) -> dict[Place, Record]:
    found: dict[Place, Record] = {}
    for number in {spill for spill, _ in places}:
        rows = sorted(row for spill, row in places if spill == number)
        records = spills[number].pick(rows, [*_UNIONS, *_FACTS])
        found.update(((number, row), item) for row, item in zip(rows, records, strict=True))
    return found


def _merge(versions: list[Record], last: Record) -> Record:
    """Return what all versions of an article say, the `last` of them before the others."""
    merged: Record = {}
    for name in _UNIONS:
        merged[name] = []
        for version in versions:  # what one page says twice stays as it says it
            merged[name] += [item for item in version[name] if item not in merged[name]]
    for name in _FACTS:
        stated = [version[name] for version in versions if version[name] is not None]
        merged[name] = last[name] if last[name] is not None else (stated or [None])[-1]
    return merged
