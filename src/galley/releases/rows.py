"""The rows of a release: records checked, hashed and kept as Arrow on disk, each once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import pyarrow as pa

from galley.errors import ReleaseError
from galley.hashing import sha256_json, sha256_text
from galley.nearest import suggest
from galley.record import Record
from galley.releases.facts import MEASURED, Facts, measure
from galley.releases.index import Entry
from galley.releases.split import Candidate
from galley.releases.store import BATCH, Store
from galley.schema.check import Checker
from galley.schema.features import Codec

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
        store: Their rows, in the order in which they came.
        candidates: What the split needs to know of each, in the same order.
        hashes: The row hash of each, with its own cluster.
        built: The hash of what the build wrote of each, in the same order.
        lengths: The length of the text of each, in code points, in the same order.
        codec: What the rows were made with.
        measured: The last that was measured, by the records and their clusters.
    """

    store: Store
    candidates: list[Candidate]
    hashes: list[str]
    built: list[str]
    lengths: list[int]
    codec: Codec
    measured: dict[tuple[tuple[str, str], ...], Facts] = field(default_factory=dict)

    def entry_hash(self, number: int, cluster: str) -> str:
        """Return the row hash of row `number` when it is released in `cluster`."""
        if self.candidates[number].cluster == cluster:
            return self.hashes[number]
        row = self.store.take([number]).to_pylist()[0]
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
        table = self.store.take([self.numbers[entry.id] for entry in entries])
        for name in ("cluster", "changed_in"):
            values = pa.array([getattr(entry, name) for entry in entries], pa.string())
            number = table.schema.get_field_index(name)
            table = table.set_column(number, self.codec.schema.field(name), values)
        return table.cast(self.codec.schema)

    def measure(self, entries: list[Entry]) -> Facts:
        """Measure the rows of `entries`."""
        key = tuple((entry.id, entry.cluster) for entry in entries)
        if key not in self.measured:
            self.measured.clear()
            self.measured[key] = self._measure(entries)
        return self.measured[key]

    def _measure(self, entries: list[Entry]) -> Facts:
        numbers = [self.numbers[entry.id] for entry in entries]
        lengths = [self.lengths[number] for number in numbers]
        clusters = [entry.cluster for entry in entries]
        rows = self._picked(sorted(numbers))
        return measure(rows, clusters, names=self.codec.names, lengths=lengths)

    def _picked(self, numbers: list[int]) -> Iterator[pa.RecordBatch]:
        """Yield what is measured of the rows with these numbers, which ascend."""
        start, waiting = 0, iter(numbers)
        number = next(waiting, None)
        for batch in self.store.batches(MEASURED):
            own, start = [], start + len(batch)
            while number is not None and number < start:
                own.append(number - start + len(batch))
                number = next(waiting, None)
            yield batch if len(own) == len(batch) else batch.take(pa.array(own, pa.int64()))

    def texts(self) -> Iterator[str]:
        """Yield the texts of all rows, in order."""
        for batch in self.store.batches(["text"]):
            yield from batch["text"].to_pylist()


def collect_rows(records: Iterable[Record], codec: Codec) -> Rows:
    """Check and keep `records`.

    Raises:
        ReleaseError: A record breaks the schema, its spans do not fit its text, it has a label
            that is not in `entities.yaml`, or it comes twice.
    """
    candidates: list[Candidate] = []
    hashes: list[str] = []
    built: list[str] = []
    lengths: list[int] = []
    stream = _checked(records, codec)

    def batches() -> Iterator[pa.RecordBatch]:
        while chunk := list(islice(stream, BATCH)):
            candidates.extend(map(_candidate, chunk))
            hashes.extend(map(hash_row, chunk))
            built.extend(map(_hash_built, chunk))
            lengths.extend(len(record["text"]) for record in chunk)
            rows = [_encoded(record, codec) for record in chunk]
            yield pa.RecordBatch.from_pylist(rows, schema=codec.schema)

    return Rows(Store(batches(), codec.schema), candidates, hashes, built, lengths, codec)


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
            hint=f"add it at the end of schema/entities.yaml, or correct the record: "
            f"{suggest(str(error.args[0]), codec.names)}",
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
