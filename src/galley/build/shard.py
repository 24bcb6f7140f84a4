"""A shard: the source files of one bucket, and what was taken out of them the last time.

A file's bucket follows from its name, so adding a file touches one shard and no other.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from importlib.metadata import requires, version
from pathlib import Path
from unicodedata import unidata_version

from galley.build.extraction import Extraction
from galley.build.source import SourceFile
from galley.config import BuildConfig
from galley.files import write_bytes
from galley.hashing import canonical_json, sha256_file, sha256_json, sha256_text
from galley.record import Record

_PACKAGE = Path(__file__).parent.parent
_NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class Shard:
    """Some of the files of a build.

    Attributes:
        number: From 0.
        files: By name.
        hashes: The SHA-256 of each of them, by name.
        schema: The hash of the schema that records are held against.
        max_bytes: What a file may have, unpacked.
    """

    number: int
    files: tuple[SourceFile, ...]
    hashes: dict[str, str]
    schema: str
    max_bytes: int

    @cached_property
    def fingerprint(self) -> str:
        """The hash of all that decides what is taken out of the files."""
        files = [[file.name, self.hashes[file.name], file.source.describe()] for file in self.files]
        return sha256_json([code_version(), self.schema, self.max_bytes, files])

    @property
    def name(self) -> str:
        """What the shard's files are called by."""
        return f"{self.number:05}"

    def load(self, cache: Path) -> list[Extraction] | None:
        """Return what was taken out of the same files before, or None if it is not there."""
        import pyarrow as pa  # noqa: PLC0415 - not needed when nothing changed

        path = self._path(cache)
        if not path.exists():
            return None
        try:
            with pa.input_stream(str(path), compression="zstd") as stream:
                first, *rest = stream.read().decode("utf-8").split("\n")[:-1]
        except (OSError, UnicodeDecodeError, ValueError):
            return None
        if json.loads(first) != self.fingerprint or len(rest) != len(self.files):
            return None
        return [Extraction(**json.loads(line)) for line in rest]

    def save(self, cache: Path, extractions: Iterable[Extraction]) -> None:
        """Keep what was taken out of the files."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        values = (self.fingerprint, *map(asdict, extractions))
        sink = pa.BufferOutputStream()
        with pa.CompressedOutputStream(sink, "zstd") as stream:
            stream.write("".join(canonical_json(value) + "\n" for value in values).encode())
        write_bytes(self._path(cache), sink.getvalue().to_pybytes())

    def _path(self, cache: Path) -> Path:
        return cache / f"{self.name}.jsonl.zst"


def make_shards(
    files: Iterable[SourceFile], hashes: dict[str, str], *, config: BuildConfig, schema: str
) -> list[Shard]:
    """Return the shards that hold a file, by number.

    Args:
        files: By name.
        hashes: The SHA-256 of each, by name.
        config: Says how many buckets there are, and how large a file may be.
        schema: The hash of the schema.
    """
    buckets: dict[int, list[SourceFile]] = {}
    for file in files:
        buckets.setdefault(bucket(file.name, config.shards), []).append(file)
    shards: list[Shard] = []
    for index in sorted(buckets):
        own = {file.name: hashes[file.name] for file in buckets[index]}
        shards.append(Shard(index, tuple(buckets[index]), own, schema, config.max_bytes))
    return shards


def bucket(name: str, number: int) -> int:
    """Return the bucket, 0 to `number` - 1, of the file `name`."""
    return int(sha256_text(name)[:8], 16) % number


def by_shard(records: Iterable[Record], number: int) -> dict[int, list[Record]]:
    """Return records by the bucket of the file that has their text, in their order."""
    shards: dict[int, list[Record]] = {}
    for record in records:
        shards.setdefault(bucket(record["sources"][-1]["file"], number), []).append(record)
    return shards


@cache
def code_version() -> str:
    """Return the hash of all that decides, beside its inputs, what a build writes.

    The version of the package would not do: code changes between releases, libraries under it.
    """
    code = {path.relative_to(_PACKAGE).as_posix(): sha256_file(path) for path in _code()}
    return sha256_json([code, _libraries(), unidata_version])


def _code() -> list[Path]:
    shared = [_PACKAGE / f"{name}.py" for name in ("hashing", "parquet", "record", "similarity")]
    folders = [_PACKAGE / "build", _PACKAGE / "schema"]
    own = [path for folder in folders for path in folder.iterdir()]
    return [*shared, *(path for path in own if path.suffix in {".py", ".toml"})]


def _libraries() -> dict[str, str]:
    """Return the versions of the libraries that Galley always asks for."""
    asked = [line for line in requires("galley-data") or () if ";" not in line]
    return {name: version(name) for line in asked for name in _NAME.findall(line)[:1]}
