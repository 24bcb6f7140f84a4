"""The limit: four processes read, decode, and write Parquet with zstd-3; nothing else.

python -m benchmarks.rivals.limit RAW OUT
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_WORKERS = 4
_SCHEMA = pa.schema([("text", pa.large_string())])
_BATCH = 16 * 2**20  # characters of a row group


def write(paths: list[str], target: str) -> None:
    """Write the files at `paths` to a Parquet file, one row for each."""
    with pq.ParquetWriter(target, _SCHEMA, compression="zstd", compression_level=3) as writer:
        texts: list[str] = []
        size = 0
        for path in paths:
            texts.append(Path(path).read_bytes().decode("utf-8", errors="replace"))
            size += len(texts[-1])
            if size > _BATCH:
                _flush(writer, texts)
                size = 0
        _flush(writer, texts)


def _flush(writer: pq.ParquetWriter, texts: list[str]) -> None:
    writer.write_batch(pa.record_batch([pa.array(texts, pa.large_string())], schema=_SCHEMA))
    texts.clear()


def main(folder: str, out: str) -> None:
    """Write the files below `folder` to Parquet files in `out`."""
    Path(out).mkdir(parents=True)
    paths = sorted(str(path) for path in Path(folder).rglob("*.txt"))
    shares = [paths[place::_WORKERS] for place in range(_WORKERS)]
    targets = [f"{out}/{place}.parquet" for place in range(_WORKERS)]
    with ProcessPoolExecutor(_WORKERS) as pool:
        list(pool.map(write, shares, targets))


if __name__ == "__main__":
    main(*sys.argv[1:])
