"""Records as people leave them: with thirty entities and two tags, to be validated.

    python -m benchmarks.annotated RECORDS OUT NUMBER

Writes the same records as JSON Lines and as Parquet, and prints how many there are.
"""

import json
import re
import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_ENTITIES = 30
_LABELS = ("PER", "ORG", "GPE")
_WORD = re.compile(r"\w{4,}")
_BATCH = 1000


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of the Parquet files in `folder`."""
    for path in sorted(folder.glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(_BATCH):
            yield from batch.to_pylist()


def annotate(record: dict[str, Any]) -> dict[str, Any]:
    """Return `record` with annotations."""
    words = islice(_WORD.finditer(record["text"]), _ENTITIES)
    entities = [
        {"start": word.start(), "end": word.end(), "label": _LABELS[place % 3], "text": word[0]}
        for place, word in enumerate(words)
    ]
    annotation = {"status": "corrected", "annotators": 1, "guideline": "1", "taxonomy": "1"}
    return record | {"entities": entities, "tags": ["Energy"], "annotation": annotation}


def main(folder: str, out: str, number: str) -> None:
    """Write `number` of the records below `folder`, again from the first if they are fewer."""
    Path(out).mkdir(parents=True, exist_ok=True)
    source = Path(folder)
    schema = pq.read_schema(next(source.glob("*.parquet")))
    rounds = chain.from_iterable(read(source) for _ in range(int(number)))
    records = map(annotate, islice(rounds, int(number)))
    written = 0
    with (
        Path(out, "records.jsonl").open("w", encoding="utf-8") as lines,
        pq.ParquetWriter(Path(out, "records.parquet"), schema, compression="zstd") as writer,
    ):
        while batch := list(islice(records, _BATCH)):
            lines.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in batch)
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            written += len(batch)
    print(json.dumps({"records": written}))


if __name__ == "__main__":
    main(*sys.argv[1:])
