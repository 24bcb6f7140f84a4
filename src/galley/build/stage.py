"""The build: raw files in, records out."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from galley.build.extraction import Extraction
from galley.build.extractor import Extractor
from galley.build.identify import identify
from galley.build.identity import Identity
from galley.build.shard import by_shard, code_version, make_shards
from galley.build.source import SourceFile
from galley.config import BuildConfig
from galley.errors import SourceError
from galley.hashing import sha256_file, sha256_json
from galley.manifest import FILE_NAME, Manifest, hash_files
from galley.record import Record
from galley.schema.contract import Contract

_CACHE = ".cache"  # below the output: what was taken out of the files, by shard


@dataclass(frozen=True)
class BuildPlan:
    """All that decides what a build writes.

    Attributes:
        files: What to read, by name.
        out: Where to write; a folder of the build's own.
        contract: What a record is.
        config: The settings.
        identity: The registry of ids, or None to mint without one.
        force: Whether to build although nothing changed.
    """

    files: list[SourceFile]
    out: Path
    contract: Contract
    config: BuildConfig
    identity: Path | None = None
    force: bool = False


@dataclass(frozen=True)
class BuildSummary:
    """What a build did.

    Attributes:
        records: How many there are.
        quarantined: How many entries `quarantine.jsonl` has.
        rejected: How many files have one.
        files: How many were read.
        bytes: Of all files.
        parts: Bytes of each part.
        out: Where it was written.
        fresh: Whether anything was built, or all was up to date.
    """

    records: int
    quarantined: int
    rejected: int
    files: int
    bytes: int
    parts: dict[str, int]
    out: Path
    fresh: bool = field(default=True)

    def to_json(self) -> dict[str, Any]:
        """Return the object of `galley build --json`."""
        names = ("records", "quarantined", "files", "bytes", "parts")
        return {**{name: getattr(self, name) for name in names}, "out": str(self.out)}


def run_build(plan: BuildPlan, advance: Callable[[int, int], None]) -> BuildSummary:
    """Build, unless the manifest shows that nothing changed since the last time.

    Args:
        plan: What to build.
        advance: Is told how many of how many files are done.

    Raises:
        SourceError: A file cannot be read.
    """
    hashes = {file.name: _hash(file) for file in plan.files}
    last = Manifest.load(plan.out)
    unchanged = last is not None and last.inputs == _inputs(plan, hashes)
    if last is not None and unchanged and not plan.force and _is_whole(last, plan.out):
        return _summary(last, plan.out, fresh=False)
    shards = make_shards(plan.files, hashes, config=plan.config, schema=plan.contract.sha256)
    cache = plan.out / _CACHE
    extractor = Extractor(cache, plan.contract, plan.config, advance)
    extractions = extractor.run(shards, force=plan.force)
    identity = Identity.load(plan.identity)
    records = identify(extractions, identity, near_duplicate=plan.config.near_duplicate)
    # A manifest must never stand beside files that are not its own.
    (plan.out / FILE_NAME).unlink(missing_ok=True)
    if plan.identity is not None:
        identity.save(plan.identity)
    _write(plan, extractions, records)
    facts = _facts(extractions, records)
    manifest = Manifest("build", _inputs(plan, hashes), _outputs(plan.out), facts)
    manifest.write(plan.out)
    return _summary(manifest, plan.out, fresh=True)


def _is_whole(manifest: Manifest, out: Path) -> bool:
    return all(issue.code == "file_extra" for issue in manifest.issues(out))


def _hash(file: SourceFile) -> str:
    try:
        return sha256_file(file.path)
    except OSError as error:
        raise SourceError(
            f"cannot read {file.path}: {error.strerror}",
            code="source_unreadable",
            hint="check its permissions",
        ) from error


def _inputs(plan: BuildPlan, hashes: dict[str, str]) -> dict[str, Any]:
    """Return what decides the bytes of the output; many files are named by one hash."""
    sources = {file.source.name: file.source.describe() for file in plan.files}
    known = plan.identity is not None and plan.identity.exists()
    return {
        "code": code_version(),
        "files": sha256_json(hashes),
        "sources": sha256_json(sources),
        "schema": plan.contract.sha256,
        "shards": plan.config.shards,
        "max_bytes": plan.config.max_bytes,
        "near_duplicate": plan.config.near_duplicate,
        "identity": sha256_file(plan.identity) if known and plan.identity else None,
    }


def _write(plan: BuildPlan, extractions: list[Extraction], records: list[Record]) -> None:
    from galley.build import write  # noqa: PLC0415 - pyarrow, not needed when nothing changed
    from galley.schema.arrow import arrow_schema  # noqa: PLC0415

    schema, number = arrow_schema(plan.contract), plan.config.shards
    write.write_records(plan.out, by_shard(records, number), schema)
    write.write_account(plan.out, (row for item in extractions for row in item.account))
    write.write_quarantine(plan.out, (entry for item in extractions for entry in item.quarantine))


def _outputs(out: Path) -> dict[str, dict[str, Any]]:
    """Return the manifest's files: `out` may hold others that are not the build's."""
    own = ("records/", "account.parquet", "quarantine.jsonl")
    return {path: entry for path, entry in hash_files(out).items() if path.startswith(own)}


def _facts(extractions: list[Extraction], records: list[Record]) -> dict[str, Any]:
    parts: Counter[str] = Counter()
    for row in (row for item in extractions for row in item.account):
        if row["byte_end"] is not None:  # the rows of a Parquet file have no bytes of their own
            parts[row["part"]] += row["byte_end"] - row["byte_start"]
    return {
        "records": len(records),
        "quarantined": sum(len(item.quarantine) for item in extractions),
        "rejected": sum(bool(item.quarantine) for item in extractions),
        "files": len(extractions),
        "bytes": sum(item.size for item in extractions),
        "parts": dict(sorted(parts.items())),
    }


def _summary(manifest: Manifest, out: Path, *, fresh: bool) -> BuildSummary:
    return BuildSummary(**manifest.facts, out=out, fresh=fresh)
