"""A shard: the source files of one bucket.

A file's bucket follows from its name, so adding a file touches one shard and no other.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.metadata import distribution, requires, version
from operator import attrgetter
from pathlib import Path
from unicodedata import unidata_version

from galley.build.source import SourceFile
from galley.config import BuildConfig
from galley.hashing import sha256_file, sha256_json, sha256_text

_LARGE = 1 << 26  # bytes of raw files of a shard, unless there are as many as there may be
_MOST = 1 << 10
_SIZE = 32  # bytes of a hash
_PACKAGE = Path(__file__).parent.parent
_NAME = re.compile(r"[\w.-]+")
_VERSION = re.compile(r"^Version: *(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Shard:
    """Some of the files of a build.

    Attributes:
        number: From 0.
        files: By name.
        digests: The SHA-256 of each of them, 32 bytes each; none where whoever reads them finds
            them out.
        schema: The hash of the schema that records are held against.
        max_bytes: What a file may have, unpacked.
        sketched: Whether its texts are compared with others.
    """

    number: int
    files: tuple[SourceFile, ...]
    digests: bytes
    schema: str
    max_bytes: int
    sketched: bool

    @cached_property
    def fingerprint(self) -> str:
        """The hash of all that decides what is taken out of the files."""
        return sha256_json([self.common, self.keys()])

    @property
    def common(self) -> str:
        """The hash of what decides it of all files alike."""
        return sha256_json([code_version(), self.schema, self.max_bytes, self.sketched])

    def keys(self) -> dict[str, str]:
        """Return for each file, by name, what decides it of that file.

        It is not kept: the build holds all shards at once.
        """
        sources = {file.source.name: file.source for file in self.files}
        known = {name: sha256_json(source.describe()) for name, source in sources.items()}
        return {
            file.name: sha256_text(digest + known[file.source.name])[:32]
            for file, digest in zip(self.files, self.hashes(), strict=True)
        }

    def hashes(self) -> Iterator[str]:
        """Yield the SHA-256 of each file."""
        return split_digests(self.digests)

    def digest(self, file: SourceFile) -> str:
        """Return the SHA-256 of one of its files; an empty text if it is not known."""
        place = bisect_left(self.files, file.name, key=attrgetter("name"))
        return self.digests[_SIZE * place : _SIZE * (place + 1)].hex()

    def signed(self, hashes: Iterable[str]) -> "Shard":
        """Return the shard with the SHA-256 of each of its files."""
        return replace(self, digests=bytes.fromhex("".join(hashes)))

    @property
    def name(self) -> str:
        """What the shard's files are called by."""
        return f"{self.number:05}"


def split_digests(digests: bytes) -> Iterator[str]:
    """Yield hashes that stand one behind another, as hex digits."""
    return (digests[start : start + _SIZE].hex() for start in range(0, len(digests), _SIZE))


def make_shards(
    files: Iterable[SourceFile],
    hashes: dict[str, str],
    *,
    config: BuildConfig,
    schema: str,
    sketched: bool,
) -> list[Shard]:
    """Return the shards that hold a file, by number.

    Args:
        files: By name.
        hashes: The SHA-256 of each, by name; empty where whoever reads them finds
            them out.
        config: Says how many buckets there are, and how large a file may be.
        schema: The hash of the schema.
        sketched: Whether texts are compared with others.
    """
    buckets: dict[int, list[SourceFile]] = {}
    for file in files:
        buckets.setdefault(bucket(file.name, config.shards), []).append(file)
    shards: list[Shard] = []
    for index in sorted(buckets):
        shard = Shard(index, tuple(buckets[index]), b"", schema, config.max_bytes, sketched)
        own = (hashes[file.name] for file in shard.files) if hashes else ()
        shards.append(shard.signed(own))
    return shards


def count_buckets(size: int, *, least: int) -> int:
    """Return how many buckets keep a shard small, so that what is held of it does not grow.

    A corpus that has doubled is divided anew. Without an end, a terabyte would be thousands of
    files.

    Args:
        size: Of the raw files, in bytes.
        least: How many there are in any case.
    """
    number = least
    while number < _MOST and size > number * _LARGE:
        number *= 2
    return number


def bucket(name: str, number: int) -> int:
    """Return the bucket, 0 to `number` - 1, of the file `name`."""
    return int(sha256_text(name)[:8], 16) % number


@cache
def code_version() -> str:
    """Return the hash of all that decides, beside its inputs, what a build writes.

    The version of the package would not do: code changes between releases, libraries under it.
    """
    code = {path.relative_to(_PACKAGE).as_posix(): sha256_file(path) for path in _code()}
    return sha256_json([code, _libraries(), unidata_version])


def _code() -> list[Path]:
    names = ("hashing", "parquet", "record", "shingles", "similarity")
    shared = [_PACKAGE / f"{name}.py" for name in names]
    folders = [_PACKAGE / "build", _PACKAGE / "schema"]
    own = [path for folder in folders for path in folder.rglob("*")]
    return [*shared, *(path for path in own if path.suffix in {".py", ".toml", ".json"})]


def _libraries() -> dict[str, str]:
    """Return the versions of the libraries that Galley always asks for."""
    asked = [line for line in requires("galley-data") or () if ";" not in line]
    return {name: _version(name) for line in asked for name in _NAME.findall(line)[:1]}


def _version(name: str) -> str:
    """Return what `importlib.metadata.version` does, which parses all of a long text for it."""
    found = _VERSION.search(distribution(name).read_text("METADATA") or "")
    return found[1].strip() if found else version(name)
