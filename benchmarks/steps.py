"""What each step of a build costs, for each record, on one core.

    .venv/bin/python -m benchmarks.steps

Prints one JSON object; `make bench ONLY=steps` makes a table of it. docs/scale.md counts with
these figures.
"""

import gc
import io
import json
import time
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.corpus import Plan, render
from galley.build.extract import extract
from galley.build.language import Detector
from galley.build.page import decode
from galley.build.source import Source
from galley.hashing import sha256_bytes, sha256_text
from galley.record import normalise
from galley.schema.arrow import arrow_schema
from galley.schema.check import Checker
from galley.schema.contract import Contract
from galley.similarity import group, sketch_all

_FILES, _ROUNDS = 120, 5


def main() -> None:
    """Time each step on the same records, the least of several rounds, and print it."""
    plan = Plan(_FILES * 100_000)
    pages = [render(plan, index) for index in range(_FILES)]
    checker, source = Checker(Contract.default()), Source("bench")
    found = [extract(name, data, source=source, checker=checker) for name, data in pages]
    records = [record for extraction in found for record in extraction.records]
    texts = [record["text"] for record in records]
    texts_of_pages = [[item["text"] for item in extraction.records] for extraction in found]
    whole = [{"id": "0" * 32, "cluster": "0" * 32} | record for record in records]
    schema = arrow_schema(Contract.default())
    batch = _batch(whole, schema)
    sketches = [tuple(row) for row in sketch_all(texts).tolist()]
    steps: dict[str, Callable[[], object]] = {
        "hash of the files": lambda: [sha256_bytes(data) for _, data in pages],
        "of it decode": lambda: [decode(name, data) for name, data in pages],
        "everything that reads a file": lambda: [
            extract(name, data, source=source, checker=checker) for name, data in pages
        ],
        "of it language": lambda: list(map(Detector().detect_all, texts_of_pages)),
        "of it NFC and line ends": lambda: list(map(normalise, texts)),
        "of it hash of the text": lambda: list(map(sha256_text, texts)),
        "of it validation": lambda: [list(checker.issues(record)) for record in whole],
        "sketch": lambda: sketch_all(texts),
        "look for near-duplicates": lambda: group(sketches, threshold=0.7),
        "Arrow": lambda: _batch(whole, schema),
        "Parquet with zstd-5": lambda: _parquet(batch),
    }
    costs = {name: _least(step) / len(records) for name, step in steps.items()}
    sizes = {
        "text": sum(len(text.encode()) for text in texts) / len(texts),
        "Parquet": len(_parquet(batch)) / len(records),
        "sketch": 4 * len(sketches[0]),
    }
    print(json.dumps({"records": len(records), "seconds": costs, "bytes": sizes}))


def _batch(records: list[dict[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [pa.array([record[item.name] for record in records], item.type) for item in schema]
    return pa.record_batch(arrays, schema=schema)


def _parquet(batch: pa.RecordBatch) -> bytes:
    sink = io.BytesIO()
    table = pa.Table.from_batches([batch])
    pq.write_table(table, sink, compression="zstd", compression_level=5)
    return sink.getvalue()


def _least(step: Callable[[], object]) -> float:
    """Return the seconds of processor of the quickest of several rounds."""
    times = []
    for _ in range(_ROUNDS):
        gc.collect()
        begun = time.process_time()
        step()
        times.append(time.process_time() - begun)
    return min(times)


if __name__ == "__main__":
    main()
