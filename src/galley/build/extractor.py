"""Take the files of a build apart: only those of shards that changed, in several processes."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import ClassVar

from galley.build.extract import extract
from galley.build.extraction import Extraction, rejected
from galley.build.page import Rejection
from galley.build.shard import Shard
from galley.build.source import SourceFile
from galley.config import BuildConfig
from galley.hashing import sha256_file
from galley.schema.check import Checker
from galley.schema.contract import Contract
from galley.similarity import sketch

_WORTH_A_POOL = 64  # files: starting processes takes as long as reading these


@dataclass(frozen=True)
class Extractor:
    """Takes files apart, and keeps what it took.

    Attributes:
        cache: Where it is kept.
        contract: What a record is.
        config: Says how many processes there are, and how large a file may be.
        advance: Is told how many of how many files are done.
    """

    cache: Path
    contract: Contract
    config: BuildConfig
    advance: Callable[[int, int], None]

    def run(self, shards: list[Shard], *, force: bool) -> list[Extraction]:
        """Return the extraction of each file, by name; with `force` all are made anew."""
        found = {shard.number: None if force else shard.load(self.cache) for shard in shards}
        todo = [shard for shard in shards if found[shard.number] is None]
        fresh = self._extract([file for shard in todo for file in shard.files])
        for shard in todo:
            mine = list(islice(fresh, len(shard.files)))
            shard.save(self.cache, mine)
            found[shard.number] = mine
        named: dict[str, Extraction] = {}
        for shard in shards:
            names = (file.name for file in shard.files)
            named.update(zip(names, found[shard.number] or (), strict=True))
        return [named[name] for name in sorted(named)]

    def _extract(self, files: list[SourceFile]) -> Iterator[Extraction]:
        """Yield the extraction of each of `files`, in their order."""
        workers, total = self.config.workers or os.cpu_count() or 1, len(files)
        limit = self.config.max_bytes
        if workers == 1 or total < _WORTH_A_POOL:
            checker = Checker(self.contract)
            for done, file in enumerate(files, 1):
                yield _extract_one(file, checker, limit)
                self.advance(done, total)
            return
        start = (self.contract, limit)
        with ProcessPoolExecutor(workers, get_context("spawn"), _Worker.start, start) as pool:
            for done, result in enumerate(pool.map(_Worker.extract, files, chunksize=8), 1):
                yield result
                self.advance(done, total)


class _Worker:
    """What a process of the pool keeps between files: the compiled schema, and the limit."""

    _checker: ClassVar[Checker]
    _limit: ClassVar[int]

    @classmethod
    def start(cls, contract: Contract, limit: int) -> None:
        cls._checker, cls._limit = Checker(contract), limit

    @classmethod
    def extract(cls, file: SourceFile) -> Extraction:
        return _extract_one(file, cls._checker, cls._limit)


def _extract_one(file: SourceFile, checker: Checker, limit: int) -> Extraction:
    size = file.path.stat().st_size
    if size > limit:  # is not even read
        extraction = rejected(file.name, size, Rejection("too_large", f"more than {limit} bytes"))
        extraction.sign(sha256_file(file.path), checker.contract.sha256)
        return extraction
    data = file.path.read_bytes()
    extraction = extract(file.name, data, source=file.source, checker=checker, max_bytes=limit)
    extraction.sketches = [list(sketch(record["text"])) for record in extraction.records]
    return extraction
