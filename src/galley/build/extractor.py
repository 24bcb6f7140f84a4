"""Take the files of a shard apart, into a spill."""

from dataclasses import dataclass
from pathlib import Path

from galley.build.engine import SHORT
from galley.build.extract import take_apart
from galley.build.extraction import Extraction, rejected
from galley.build.formats.item import Target
from galley.build.meter import Meter
from galley.build.page import Rejection
from galley.build.past import Past
from galley.build.shard import Shard
from galley.build.source import SourceFile, unreadable
from galley.build.spill import Spill
from galley.build.spiller import spilling
from galley.errors import SourceError
from galley.hashing import sha256_bytes, sha256_file
from galley.schema.arrow import arrow_schema
from galley.schema.check import Checker
from galley.schema.contract import Contract

_QUICKER = 50  # times as fast as reading a file is taking what it gave before


@dataclass(frozen=True)
class Reading:
    """A shard to be read.

    Attributes:
        shard: Its files.
        contract: What a record is.
        folder: Of its spill.
        anew: Whether to read files again that did not change.
    """

    shard: Shard
    contract: Contract
    folder: Path
    anew: bool = False


def read_shard(job: Reading) -> Meter:
    """Take the files of a shard apart into its spill; return what that took."""
    checker, shard, meter = Checker(job.contract), job.shard, Meter()
    past = None if job.anew else Past.of(shard, job.folder)
    schema = arrow_schema(job.contract)
    with spilling(job.folder, schema, shard=shard, meter=meter) as spiller:
        for part in shard.files if past is None else past.divide(shard.files):
            if isinstance(part, SourceFile):
                digest = shard.digest(part)
                spiller.add(part.name, _extract(part, digest, checker, shard.max_bytes, meter))
            else:
                spiller.add_again(part)
    if past is not None:
        past.forget()
    return meter


def effort(job: Reading) -> int:
    """Return how many bytes of raw files it takes as long to read."""
    spill, work = Spill(job.folder), 0
    again = not job.anew and spill.fits(job.shard.common, whole=False)
    known = set(spill.keys_of_files().items() & job.shard.keys().items()) if again else set()
    same = {name for name, _ in known}
    for file in job.shard.files:
        try:
            size = max(file.size(), SHORT)
        except OSError as error:
            raise unreadable(file, error) from error
        work += size // _QUICKER if file.name in same else size
    return work


def _extract(
    file: SourceFile, digest: str, checker: Checker, limit: int, meter: Meter
) -> Extraction:
    data = None
    try:
        size = file.size()
        if size > limit:  # is not even held
            found = sha256_file(file.path)
        else:
            with meter.measure("read", size):
                data = file.read()
                found = sha256_bytes(data)
    except OSError as error:
        raise unreadable(file, error) from error
    # Else what it held would be taken, in later builds too, for what it held when it was hashed.
    if found != digest:
        raise SourceError(
            f"{file.path} changed while the build was reading",
            code="source_changed",
            hint="run the same command again when nothing writes to it",
        )
    if data is None:
        extraction = rejected(file.name, size, Rejection("too_large", f"more than {limit} bytes"))
        extraction.sign(digest, checker.contract.sha256)
        return extraction
    target = Target(file.name, digest, size, file.source, checker, limit)
    with meter.measure("extract", size):
        return take_apart(data, target)
