"""Write what a build found: records, account, quarantine."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from typing import Any

from galley.build.account import write_account
from galley.build.engine import Engine
from galley.build.finish import Finishing, finish_shard
from galley.build.identify import Verdict
from galley.build.meter import Meter
from galley.build.spill import Spill
from galley.files import replacing, write_json
from galley.hashing import sha256_file
from galley.schema.contract import Contract

_ACCOUNT, _QUARANTINE = "account.parquet", "quarantine.jsonl"
# Writing is six times as fast as reading, and its processes start in half the time of the first.
_QUICKER = 3
_MEMO = "written.json"  # beside a spill: what file was written of it


@dataclass(frozen=True)
class Output:
    """The files of a build, to be written.

    Attributes:
        folder: Where they will be.
        spills: What was taken out of the files, by shard.
        verdicts: What was decided of their records.
        contract: What a record is.
    """

    folder: Path
    spills: Sequence[Spill]
    verdicts: Sequence[Verdict]
    contract: Contract

    def write_rest(self, meter: Meter) -> tuple[dict[str, Any], dict[str, int]]:
        """Write what has one file for all shards: account and quarantine.

        Returns:
            The manifest's files, and the bytes of each part.
        """
        with meter.measure("account") as step:
            parts = write_account(self.folder / _ACCOUNT, self.spills, self.verdicts)
            step.bytes = (self.folder / _ACCOUNT).stat().st_size
        _write_quarantine(self.folder / _QUARANTINE, self.spills)
        return {name: _entry(self.folder / name) for name in (_ACCOUNT, _QUARANTINE)}, parts

    def write_records(self, engine: Engine, meter: Meter, *, force: bool) -> dict[str, Any]:
        """Write the records of each shard, but for those that did not change.

        Returns:
            The manifest's files.
        """
        jobs = {job.path.name: job for job in self._jobs()}
        for path in (self.folder / "records").glob("*"):  # also what a killed build half wrote
            if path.name not in jobs:
                path.unlink()
        files = {} if force else {name: _written(job) for name, job in jobs.items()}
        todo = [job for name, job in jobs.items() if files.get(name) is None]
        todo.sort(key=lambda job: -self.spills[job.number].summary.bytes)  # as they were read
        work = sum(self.spills[job.number].summary.bytes for job in todo) // _QUICKER
        for job, finished in engine(finish_shard, todo, work=work, large=True):
            files[job.path.name] = finished.entry
            write_json(_memo(job), {"fingerprint": job.fingerprint, "file": finished.entry})
            meter.add(finished.meter)
        return {f"records/{name}": entry for name, entry in files.items()}

    def _jobs(self) -> list[Finishing]:
        folder = self.folder / "records"
        return [
            Finishing(
                self.spills,
                number,
                self.verdicts[number],
                self.contract,
                folder / f"part-{spill.folder.name}.parquet",
            )
            for number, spill in enumerate(self.spills)
            if self.verdicts[number].kept
        ]


def _memo(job: Finishing) -> Path:
    return job.spills[job.number].folder / _MEMO


def _written(job: Finishing) -> dict[str, Any] | None:
    """Return the entry of the file that `job` would write, if that is there already."""
    try:
        memo = json.loads(_memo(job).read_bytes())
        same = memo["fingerprint"] == job.fingerprint and memo["file"] == _entry(job.path)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return memo["file"] if same else None


def _entry(path: Path) -> dict[str, Any]:
    return {"sha256": sha256_file(path), "bytes": path.stat().st_size}


def _write_quarantine(path: Path, spills: Sequence[Spill]) -> None:
    """Write `quarantine.jsonl`: entries by file and position."""
    entries = merge(*(map(_line, spill.quarantine().splitlines()) for spill in spills))
    with replacing(path) as part, part.open("wb") as file:
        for _, _, line in entries:
            file.write(line + b"\n")


def _line(line: bytes) -> tuple[str, int, bytes]:
    entry = json.loads(line)
    return entry["source_file"], entry["byte_start"], line
