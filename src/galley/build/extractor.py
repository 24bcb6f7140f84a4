"""Take the files of a shard apart, into a spill."""

from dataclasses import dataclass
from pathlib import Path

from galley.build.extract import extract
from galley.build.extraction import Extraction, rejected
from galley.build.meter import Meter
from galley.build.page import Rejection
from galley.build.shard import Shard
from galley.build.source import SourceFile
from galley.build.spiller import spilling
from galley.hashing import sha256_file
from galley.schema.arrow import arrow_schema
from galley.schema.check import Checker
from galley.schema.contract import Contract


@dataclass(frozen=True)
class Reading:
    """A shard to be read.

    Attributes:
        shard: Its files.
        contract: What a record is.
        folder: Of its spill.
    """

    shard: Shard
    contract: Contract
    folder: Path


def read_shard(job: Reading) -> Meter:
    """Take the files of a shard apart into its spill; return what that took."""
    checker, shard, meter = Checker(job.contract), job.shard, Meter()
    with spilling(
        job.folder,
        arrow_schema(job.contract),
        fingerprint=shard.fingerprint,
        sketched=shard.sketched,
        meter=meter,
    ) as spiller:
        for file in shard.files:
            spiller.add(file.name, _extract(file, checker, shard.max_bytes, meter))
    return meter


def _extract(file: SourceFile, checker: Checker, limit: int, meter: Meter) -> Extraction:
    size = file.path.stat().st_size
    if size > limit:  # is not even read
        extraction = rejected(file.name, size, Rejection("too_large", f"more than {limit} bytes"))
        extraction.sign(sha256_file(file.path), checker.contract.sha256)
        return extraction
    with meter.measure("read", size):
        data = file.path.read_bytes()
    with meter.measure("extract", size):
        return extract(file.name, data, source=file.source, checker=checker, max_bytes=limit)
