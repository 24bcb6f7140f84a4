"""datatrove: four tasks on four workers, plain segmentation, Parquet.

python -m benchmarks.rivals.trove RAW OUT
"""

import sys
from collections.abc import Iterator

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers.base import BaseDiskReader
from datatrove.pipeline.writers import ParquetWriter
from loguru import logger

from benchmarks.segment import segment

_WORKERS = 4


class Listings(BaseDiskReader):
    """Reads listing pages as the plain script does."""

    name = "listings"

    def read_file(self, filepath: str) -> Iterator:
        """Yield the articles of a file as documents."""
        with self.data_folder.open(filepath, "rb") as file:
            page = file.read().decode("utf-8", errors="replace")
        for place, row in enumerate(segment(filepath, page)):
            document = self.get_document_from_dict(row, filepath, place)
            if document:
                yield document


def main(folder: str, out: str) -> None:
    """Write the articles of the files below `folder` to Parquet files in `out`."""
    logger.remove()  # a line for every file is no part of the work
    LocalPipelineExecutor(
        pipeline=[
            Listings(folder, glob_pattern="**/*.txt", add_file_path=False),
            # zstd, not the default snappy, and rows as they are: its quickest small output.
            ParquetWriter(f"{out}/data", compression="zstd", batch_size=1000, expand_metadata=True),
        ],
        tasks=_WORKERS,
        workers=_WORKERS,
        logging_dir=f"{out}/logs",
        start_method="fork",  # quicker than its default, and it has no threads yet
    ).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
