"""The index of a release: one line for each record, committed where the data are not.

A fresh clone without any Parquet can compute the next version, read the released splits and
rebuild the data from it. Its order, by (first release, id), is the row order of the data.
"""

import io
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pyarrow as pa

from galley.errors import ReleaseError
from galley.files import replacing
from galley.hashing import canonical_json
from galley.record import REVIEWED
from galley.releases.version import Version

FILE_NAME = "index.jsonl.zst"
TRAIN = "train"
_PIECE = 1 << 20  # bytes that are read at a time


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a release.

    Attributes:
        id: The record.
        cluster: Its near-duplicates, as released.
        split: Where it belongs, in this and in all later releases.
        first_release: The version that first held it.
        changed_in: The version that last changed its row.
        text_sha256: The hash of its text.
        row_sha256: The hash of its row, `changed_in` aside: see `galley.releases.rows`.
        status: Its `annotation.status`.
    """

    id: str
    cluster: str
    split: str
    first_release: str
    changed_in: str
    text_sha256: str
    row_sha256: str
    status: str

    @property
    def order(self) -> tuple[Version, str]:
        """The entry's place in the index and in its file."""
        return Version.parse(self.first_release), self.id

    @property
    def file(self) -> str:
        """The release's data file that holds the row."""
        return data_file("corrected" if self.status in REVIEWED else "suggested", self.split)


def data_file(folder: str, split: str) -> str:
    """Return the path of a data file in a release."""
    return f"data/{folder}/{split}-00000-of-00001.parquet"


def write_index(path: Path, entries: Iterable[Entry]) -> None:
    """Write `entries`, which are in order, as canonical JSON Lines in one zstd frame."""
    with replacing(path) as part, pa.output_stream(str(part), compression="zstd") as stream:
        for entry in entries:
            stream.write(f"{canonical_json(asdict(entry))}\n".encode())


def read_index(path: Path) -> list[Entry]:
    """Return the entries of an index, in its order.

    Raises:
        ReleaseError: The file is missing or damaged.
    """
    names = [field.name for field in fields(Entry)]
    try:
        with pa.input_stream(str(path), compression="zstd") as stream:
            lines = map(json.loads, io.BufferedReader(stream, _PIECE))
            entries = [Entry(*map(sys.intern, (line[name] for name in names))) for line in lines]
        if not entries:
            raise ValueError("it is empty")  # noqa: TRY301 - one message for all that may be wrong
        return entries  # noqa: TRY300 - as above
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise ReleaseError(
            f"cannot read the index {path}: {error!r}",
            code="index_unreadable",
            hint="the index is committed: restore it from git",
        ) from error
