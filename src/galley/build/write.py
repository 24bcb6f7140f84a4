"""Write what a build found: records, account, quarantine."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from heapq import merge
from pathlib import Path
from typing import Any, BinaryIO

from galley.build.account import ACCOUNT
from galley.build.engine import Engine
from galley.build.finish import ACCOUNT_NAME, Finishing, Written, finish_shard
from galley.build.meter import Meter
from galley.build.spill import Spill
from galley.build.splice import splice
from galley.build.verdict import Ruling
from galley.files import replacing, write_json
from galley.hashing import sha256_json
from galley.manifest import entry_of
from galley.parquet import open_parquet
from galley.schema.contract import Contract

_QUARANTINE = "quarantine.jsonl"
# Writing is six times as fast as reading, and its processes start in half the time of the first.
_QUICKER = 3
_MEMO = "written.json"  # beside a spill: what files were written of it


@dataclass(frozen=True)
class Output:
    """The files of a build, to be written.

    Attributes:
        folder: Where they will be.
        spills: What was taken out of the files, by shard.
        rulings: What was decided of their records.
        contract: What a record is.
        processors: How many there are: where shards are fewer, several write one.
    """

    folder: Path
    spills: Sequence[Spill]
    rulings: Sequence[Ruling]
    contract: Contract
    processors: int = 1

    def write_shards(self, engine: Engine, meter: Meter, *, force: bool) -> list[Written]:
        """Write records and account of each shard, but for those that did not change.

        Returns:
            What there is of each.
        """
        jobs = self._jobs()
        kept = {job.path.name for job in jobs if job.ruling.kept}
        # also what a killed build half wrote; what is no Parquet nobody takes for records
        for path in (self.folder / "records").glob("*.parquet*"):
            if path.name not in kept:
                path.unlink()
        notes = {} if force else {job.number: _noted(job) for job in jobs}
        found = {number: written for number, written in notes.items() if written}
        with ThreadPoolExecutor() as pool:  # hashing leaves the interpreter to others
            noted = [job for job in jobs if job.number in found]
            whole = pool.map(_is_whole, noted, [found[job.number] for job in noted])
            new = [job for job in jobs if job.number not in found]
            found |= dict(self._finish(new, engine, meter))
            damaged = [job for job, same in zip(noted, whole, strict=True) if not same]
        found |= dict(self._finish(damaged, engine, meter))
        return [found[job.number] for job in jobs]

    def _finish(
        self, jobs: list[Finishing], engine: Engine, meter: Meter
    ) -> Iterator[tuple[int, Written]]:
        """Write some shards; yield the number of each and what was written."""
        jobs.sort(key=lambda job: -self.spills[job.number].totals.bytes)  # as they were read
        work = sum(self.spills[job.number].totals.bytes for job in jobs) // _QUICKER
        threads = max(self.processors // max(len(jobs), 1), 1)
        jobs = [replace(job, threads=threads) for job in jobs]
        for job, (written, took) in engine(finish_shard, jobs, work=work):
            write_json(_memo(job), {"seal": _seal(job, written), **asdict(written)})
            meter.add(took)
            yield job.number, written

    def write_rest(self, shards: Sequence[Written], meter: Meter) -> dict[str, Any]:
        """Write what has one file for all shards: account and quarantine.

        Args:
            shards: What was written of each.
            meter: Measures what that takes.

        Returns:
            The manifest's files.
        """
        with meter.measure("account"):
            self._write_account()
        _write_quarantine(self.folder / _QUARANTINE, self.spills)
        files = {
            f"records/{job.path.name}": written.records
            for job, written in zip(self._jobs(), shards, strict=True)
            if written.records is not None
        }
        rest = {name: entry_of(self.folder / name) for name in (ACCOUNT_NAME, _QUARANTINE)}
        return dict(sorted((files | rest).items()))

    def _write_account(self) -> None:
        pieces, path = [job.account for job in self._jobs()], self.folder / ACCOUNT_NAME
        if pieces:
            splice(path, _opened(pieces))
        else:
            with open_parquet(path, ACCOUNT):
                pass

    def _jobs(self) -> list[Finishing]:
        folder = self.folder / "records"
        return [
            Finishing(
                self.spills,
                number,
                self.rulings[number],
                self.contract,
                folder / f"part-{spill.folder.name}.parquet",
            )
            for number, spill in enumerate(self.spills)
        ]


def _opened(paths: Sequence[Path]) -> Iterator[BinaryIO]:
    for path in paths:
        with path.open("rb") as file:
            yield file


def count_parts(shards: Sequence[Written]) -> dict[str, int]:
    """Return the bytes of each part, in all shards."""
    parts: Counter[str] = Counter()
    for written in shards:
        parts.update(written.parts)
    return dict(sorted(parts.items()))


def _memo(job: Finishing) -> Path:
    return job.spills[job.number].folder / _MEMO


def _seal(job: Finishing, written: Written) -> str:
    """Return the hash of what decides the files and of what they are: bytes of parts, too."""
    return sha256_json([job.ruling.fingerprint, asdict(written)])


def _noted(job: Finishing) -> Written | None:
    """Return what `job` would write, if a build before noted that it did."""
    try:
        memo = json.loads(_memo(job).read_bytes())
        seal, written = memo.pop("seal"), Written(**memo)
        return written if seal == _seal(job, written) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_whole(job: Finishing, written: Written) -> bool:
    """Return whether what was written of a shard is there as it was."""
    try:
        records = entry_of(job.path) if job.ruling.kept else None
        return written.account == entry_of(job.account) and written.records == records
    except OSError:
        return False


def _write_quarantine(path: Path, spills: Sequence[Spill]) -> None:
    """Write `quarantine.jsonl`: entries by file and position."""
    entries = merge(*(map(_line, spill.quarantine().splitlines()) for spill in spills))
    with replacing(path) as part, part.open("wb") as file:
        for _, _, line in entries:
            file.write(line + b"\n")


def _line(line: bytes) -> tuple[str, int, bytes]:
    entry = json.loads(line)
    return entry["source_file"], entry["byte_start"], line
