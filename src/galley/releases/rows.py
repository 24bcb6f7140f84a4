"""The rows of a release: records checked, hashed and kept as Arrow, each once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import pyarrow as pa

from galley.errors import ReleaseError
from galley.hashing import sha256_json, sha256_text
from galley.record import Record
from galley.releases.facts import Facts, measure
from galley.releases.index import Entry
from galley.releases.split import Candidate
from galley.schema.check import Checker
from galley.schema.features import Codec

_BATCH = 1000
# What people and machines set after the build; the rest of a record is as it was built.
_ANNOTATED = frozenset({"tags", "entities", "annotation", "changed_in"})


def hash_row(record: Record, *, cluster: str | None = None) -> str:
    """Return the hash of a record's row: its canonical JSON without `changed_in`.

    Labels count by name, so that the hash does not depend on how Parquet stores them.

    Args:
        record: The record.
        cluster: Stands in for the record's own cluster.
    """
    row = {key: value for key, value in record.items() if key != "changed_in"}
    return sha256_json(row if cluster is None else {**row, "cluster": cluster})


@dataclass(frozen=True)
class Rows:
    """All records that could be released.

    Attributes:
        table: Their rows, in the order in which they came.
        candidates: What the split needs to know of each, in the same order.
        hashes: The row hash of each, with its own cluster.
        built: The hash of what the build wrote of each, in the same order.
        lengths: The length of the text of each, in code points, in the same order.
        codec: What the rows were made with.
    """

    table: pa.Table
    candidates: list[Candidate]
    hashes: list[str]
    built: list[str]
    lengths: list[int]
    codec: Codec

    def entry_hash(self, number: int, cluster: str) -> str:
        """Return the row hash of row `number` when it is released in `cluster`."""
        if self.candidates[number].cluster == cluster:
            return self.hashes[number]
        row = self.table.slice(number, 1).to_pylist()[0]
        return hash_row(self.codec.decode(row), cluster=cluster)

    def built_hash(self, entries: list[Entry]) -> str:
        """Return one hash over what the build wrote of `entries`, whatever their order."""
        built = sorted(self.built[self.numbers[entry.id]] for entry in entries)
        return sha256_text("\n".join(built))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The row number of each record."""
        return {candidate.id: number for number, candidate in enumerate(self.candidates)}

    def select(self, entries: list[Entry]) -> pa.Table:
        """Return the rows of `entries`, in their order, as they are released."""
        numbers = [self.numbers[entry.id] for entry in entries]
        # `take` copies all texts that it may choose from: only those around the rows.
        first = min(numbers)
        part = self.table.slice(first, max(numbers) + 1 - first)
        table = part.take([number - first for number in numbers])
        for name in ("cluster", "changed_in"):
            values = pa.array([getattr(entry, name) for entry in entries], pa.string())
            number = table.schema.get_field_index(name)
            table = table.set_column(number, self.codec.schema.field(name), values)
        return table.cast(self.codec.schema)

    def measure(self, entries: list[Entry]) -> Facts:
        """Measure the rows of `entries`."""
        numbers = [self.numbers[entry.id] for entry in entries]
        table = self.table.drop_columns("text").take(numbers)  # the texts would double the memory
        lengths = [self.lengths[number] for number in numbers]
        return measure(table, entries, names=self.codec.names, lengths=lengths)


def collect_rows(records: Iterable[Record], codec: Codec) -> Rows:
    """Check and keep `records`.

    Raises:
        ReleaseError: A record breaks the schema, its spans do not fit its text, it has a label
            that is not in `entities.yaml`, or it comes twice.
    """
    batches: list[pa.RecordBatch] = []
    candidates: list[Candidate] = []
    hashes: list[str] = []
    built: list[str] = []
    lengths: list[int] = []
    stream = _checked(records, codec)
    while chunk := list(islice(stream, _BATCH)):
        rows = [_encoded(record, codec) for record in chunk]
        batches.append(pa.RecordBatch.from_pylist(rows, schema=codec.schema))
        candidates.extend(_candidate(record) for record in chunk)
        hashes.extend(hash_row(record) for record in chunk)
        built.extend(_hash_built(record) for record in chunk)
        lengths.extend(len(record["text"]) for record in chunk)
    table = pa.Table.from_batches(batches, schema=codec.schema)
    return Rows(table, candidates, hashes, built, lengths, codec)


def _checked(records: Iterable[Record], codec: Codec) -> Iterator[Record]:
    checker = Checker(codec.contract)
    seen: set[str] = set()
    for record in records:
        for issue in checker.issues(record):
            raise ReleaseError(
                f"the record {record.get('id')} breaks the schema at {issue.path} ({issue.code}): "
                f"expected {issue.expected}, got {issue.got}",
                code="record_invalid",
                hint="run `galley build` again if the schema changed since the last build",
            )
        if record["id"] in seen:
            raise ReleaseError(
                f"the record {record['id']} comes twice",
                code="record_twice",
                hint="run `galley build --force`",
            )
        seen.add(record["id"])
        yield record


def _encoded(record: Record, codec: Codec) -> Record:
    try:
        return codec.encode(record)
    except KeyError as error:
        raise ReleaseError(
            f"the record {record['id']} has an entity labelled {error.args[0]!r}, which is not in "
            f"schema/entities.yaml: it knows {', '.join(codec.names) or 'none'}",
            code="label_unknown",
            hint="add the label at the end of schema/entities.yaml, or correct the record",
        ) from error


def _candidate(record: Record) -> Candidate:
    status = record["annotation"]["status"]
    return Candidate(
        id=record["id"],
        cluster=record["cluster"],
        status=status,
        text_sha256=record["text_sha256"],
        publisher=record.get("publisher"),
        published=record.get("published"),
    )


def _hash_built(record: Record) -> str:
    return sha256_json({key: value for key, value in record.items() if key not in _ANNOTATED})
