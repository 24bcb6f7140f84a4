"""Take the files of a shard apart, into a spill."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from galley.build.engine import SHORT
from galley.build.extract import take_apart
from galley.build.extraction import Extraction, rejected
from galley.build.formats.item import Target
from galley.build.hashes import hash_file
from galley.build.meter import Meter
from galley.build.page import Rejection
from galley.build.past import Past, Stretch
from galley.build.shard import Shard
from galley.build.source import SourceFile, unreadable
from galley.build.spill import Spill
from galley.build.spiller import spilling
from galley.errors import SourceError
from galley.files import expect
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


def read_shard(job: Reading) -> tuple[bytes, Meter]:
    """Take the files of a shard apart into its spill, if that is not done already.

    Returns:
        The SHA-256 of each file, and what that took.

    Raises:
        SourceError: A file cannot be read, or is not what it was when it was hashed.
    """
    checker, shard, meter, spill = Checker(job.contract), job.shard, Meter(), Spill(job.folder)
    if not (shard.digests or job.anew) and spill.fits(shard.common, whole=False):
        # A build that was killed came as far as here.
        with meter.measure("hash", spill.totals.bytes):
            shard = shard.signed(map(hash_file, shard.files))
        if spill.fits(shard.fingerprint):
            return shard.digests, meter
    past = None if job.anew or not shard.digests else Past.of(shard, job.folder)
    schema, hashes = arrow_schema(job.contract), []
    with spilling(job.folder, schema, sketched=shard.sketched, meter=meter) as spiller:
        for part in _foreseen(shard.files if past is None else past.divide(shard.files)):
            if isinstance(part, SourceFile):
                digest, extraction = _extract(part, shard.digest(part), checker, shard, meter)
                hashes.append(digest)
                spiller.add(part.name, extraction)
            else:
                spiller.add_again(part)
    shard = shard if shard.digests else shard.signed(hashes)
    spiller.finish(shard)
    if past is not None:
        past.forget()
    return shard.digests, meter


def _foreseen(parts: Iterable[SourceFile | Stretch]) -> Iterator[SourceFile | Stretch]:
    """Yield `parts`, each when the system was told of the next: the disk reads it meanwhile."""
    last: SourceFile | Stretch | None = None
    for part in parts:
        if isinstance(part, SourceFile):
            expect(part.text)
        if last is not None:
            yield last
        last = part
    if last is not None:
        yield last


def effort(job: Reading) -> int:
    """Return how many bytes of raw files it takes as long to read."""
    spill, work = Spill(job.folder), 0
    again = job.shard.digests and not job.anew and spill.fits(job.shard.common, whole=False)
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
    file: SourceFile, known: str, checker: Checker, shard: Shard, meter: Meter
) -> tuple[str, Extraction]:
    data, limit = None, shard.max_bytes
    try:
        size = file.size()
        if size > limit:  # is not even held
            digest, same = sha256_file(file.path), file.size() == size
        else:
            with meter.measure("read", size):
                data = file.read()
                digest, same = sha256_bytes(data), len(data) == size
    except OSError as error:
        raise unreadable(file, error) from error
    # Else what it held would be taken, in later builds too, for what it held when it was hashed,
    # and its size for that of another content.
    if not same or (known and known != digest):
        raise SourceError(
            f"{file.path} changed while the build was reading",
            code="source_changed",
            hint="run the same command again when nothing writes to it",
        )
    if data is None:
        extraction = rejected(file.name, size, Rejection("too_large", f"more than {limit} bytes"))
        extraction.sign(digest, checker.contract.sha256)
        return digest, extraction
    target = Target(file.name, digest, size, file.source, checker, limit)
    with meter.measure("extract", size):
        return digest, take_apart(data, target)
