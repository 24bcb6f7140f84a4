"""The plain script: a generator, `Dataset.from_generator`, `to_parquet`.

python -m benchmarks.rivals.naive RAW OUT
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from datasets import Dataset

from benchmarks.segment import Row, read, segment


def rows(folder: str) -> Iterator[Row]:
    """Yield the articles of all files."""
    for path in sorted(Path(folder).rglob("*.txt")):
        yield from segment(path.name, read(path))


def main(folder: str, out: str) -> None:
    """Write the articles of the files below `folder` to a Parquet file in `out`."""
    cache = Path(out) / "cache"
    dataset = Dataset.from_generator(rows, gen_kwargs={"folder": folder}, cache_dir=str(cache))
    dataset.to_parquet(Path(out) / "data.parquet")
    print(len(dataset))


if __name__ == "__main__":
    main(*sys.argv[1:])
