"""Check the rows of a release: against its index, its schema, their hashes and their splits."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from galley.record import Record
from galley.releases import index
from galley.releases.history import CONTRACT, Release
from galley.releases.index import TRAIN, Entry
from galley.releases.rows import hash_row
from galley.schema.check import Checker
from galley.schema.contract import Contract
from galley.schema.features import Codec
from galley.schema.issue import Issue

_BATCH = 1000


def check_index(release: Release) -> Iterator[Issue]:
    """Yield where the index is out of order, leaks between splits, or asks for other files."""
    splits: dict[str, str] = {}
    last = None
    for number, entry in enumerate(release.entries, 1):
        where = f"{index.FILE_NAME}:{number}"
        if last is not None and entry.order <= last:
            yield Issue(where, "index_order", f"after {last[1]}", entry.id)
        last = entry.order
        split = splits.setdefault(entry.cluster, entry.split)
        if split != entry.split:
            yield Issue(where, "split_leak", f"{entry.cluster} in {split} alone", entry.split)
        if "/corrected/" not in entry.file and entry.split != TRAIN:
            yield Issue(where, "split_guess", f"{entry.status} in {TRAIN}", entry.split)
    expected = sorted({entry.file for entry in release.entries})
    named = sorted(path for path in release.manifest.files if path.startswith("data/"))
    if named != expected:
        yield Issue("data", "index_files", ", ".join(expected), ", ".join(named))


def check_rows(
    release: Release, advance: Callable[[int, int], object] = lambda *_: None
) -> Iterator[Issue]:
    """Yield where rows are not what the index, the schema and the hashes say.

    Args:
        release: With its data files.
        advance: Is told how many of how many rows are checked.
    """
    done, total = count(1), len(release.entries)
    codec = load_codec(release)
    checker = Checker(codec.contract)
    files: dict[str, list[Entry]] = {}
    for entry in release.entries:
        files.setdefault(entry.file, []).append(entry)
    for path, entries in files.items():
        schema = pq.read_schema(release.path / path)
        # Parquet calls the items of a list `element`: names below a field are not compared.
        if not schema.equals(codec.schema) or schema.metadata != codec.schema.metadata:
            yield Issue(
                path, "parquet_schema", "the features of the schema", _difference(schema, codec)
            )
            continue
        for issues in _check_file(release.path, path, entries, codec=codec, checker=checker):
            yield from issues
            advance(next(done), total)


def load_codec(release: Release) -> Codec:
    """Return what decodes the rows of `release`: its own schema and labels."""
    contract = Contract.load(release.path / CONTRACT)
    return Codec(contract, tuple(_label_names(release.features)))


def _label_names(node: Any) -> list[str]:
    """Return the labels of the first ClassLabel in `node`."""
    if isinstance(node, dict):
        if node.get("_type") == "ClassLabel":
            return list(node["names"])
        return next(filter(None, map(_label_names, node.values())), [])
    return []


def _difference(schema: pa.Schema, codec: Codec) -> str:
    expected = {field.name: field for field in codec.schema}
    other = [field.name for field in schema if expected.get(field.name) != field]
    return f"other columns: {', '.join(other)}" if other else "other names, order or metadata"


def _check_file(
    folder: Path, path: str, entries: list[Entry], *, codec: Codec, checker: Checker
) -> Iterator[list[Issue]]:
    """Yield what is wrong with each row."""
    file = pq.ParquetFile(folder / path)
    if file.metadata.num_rows != len(entries):
        yield [Issue(path, "row_count", str(len(entries)), str(file.metadata.num_rows))]
        return
    expected = iter(entries)
    for batch in file.iter_batches(_BATCH, use_threads=False):
        for row in batch.to_pylist():
            entry = next(expected)
            try:
                record = codec.decode(row)
            except KeyError as error:
                yield [Issue(f"{path}: {entry.id}", "label_number", "a label", str(error.args[0]))]
                continue
            found = [*_check_row(record, entry), *checker.issues(record)]
            yield [replace(issue, path=f"{path}: {entry.id}: {issue.path}") for issue in found]


def _check_row(record: Record, entry: Entry) -> Iterator[Issue]:
    """Yield where `record` is not what its index entry says."""
    pairs = {
        "id": entry.id,
        "cluster": entry.cluster,
        "text_sha256": entry.text_sha256,
        "changed_in": entry.changed_in,
    }
    for name, expected in pairs.items():
        if record[name] != expected:
            yield Issue(f"$.{name}", "row_index", expected, str(record[name]))
    if record["annotation"]["status"] != entry.status:
        got = record["annotation"]["status"]
        yield Issue("$.annotation.status", "row_index", entry.status, got)
    digest = hash_row(record)
    if digest != entry.row_sha256:
        yield Issue("$", "row_hash", entry.row_sha256, digest)
