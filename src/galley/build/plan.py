"""What a build is given, and what it would do with that."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from galley.build.hashes import Hashes
from galley.build.shard import Shard, code_version, count_buckets, make_shards
from galley.build.source import SourceFile
from galley.config import BuildConfig
from galley.errors import WorkspaceError
from galley.files import is_remote
from galley.hashing import sha256_file, sha256_json
from galley.manifest import FILE_NAME, Manifest
from galley.schema.contract import Contract


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

    @property
    def cache(self) -> Path:
        """Where it is kept what was taken out of the files, by shard."""
        return self.out / ".cache"

    def check_out(self) -> None:
        """Refuse to write beside the files of somebody else, which a build would clear away.

        Raises:
            WorkspaceError: No build wrote what lies there.
        """
        ours = self.identity is not None or is_remote(self.out)  # a workspace has its own folder
        if ours or self.cache.exists() or (self.out / FILE_NAME).exists():
            return
        if self.out.exists() and next(self.out.iterdir(), None) is not None:
            raise WorkspaceError(
                f"{self.out} holds what no build wrote",
                code="out_taken",
                hint="name a new folder, or an empty one",
            )

    def shards(self, hashes: dict[str, str], size: int) -> list[Shard]:
        """Return the parts in which `size` bytes are read; without hashes, all of them are."""
        sketched = self.config.near_duplicate > 0 or self.identity is not None
        config = replace(self.config, shards=count_buckets(size, least=self.config.shards))
        schema = self.contract.sha256
        return make_shards(self.files, hashes, config=config, schema=schema, sketched=sketched)

    def inputs(self, hashes: dict[str, str]) -> dict[str, Any]:
        """Return what decides the bytes of the output; many files are named by one hash."""
        known = {file.source.name: file.source for file in self.files}
        sources = {name: source.describe() for name, source in known.items()}
        return {
            "code": code_version(),
            "files": sha256_json(hashes),
            "sources": sha256_json(sources),
            "schema": self.contract.sha256,
            "shards": self.config.shards,
            "max_bytes": self.config.max_bytes,
            "near_duplicate": self.config.near_duplicate,
            "identity": self.registered(),
        }

    def registered(self) -> str | None:
        """Return the hash of the registry of ids; None where there is none."""
        known = self.identity is not None and self.identity.exists()
        return sha256_file(self.identity) if known and self.identity else None

    def changed(self, manifest: Manifest, hashes: dict[str, str] | None = None) -> list[str]:
        """Return which inputs are not those of a build; without hashes, the raw files aside."""
        now = self.inputs(hashes or {})
        if hashes is None:
            del now["files"]
        return sorted(name for name in now if manifest.inputs.get(name) != now[name])


@dataclass(frozen=True)
class Rehearsal:
    """What a build would do.

    Attributes:
        files: How many there are.
        unread: How many of them would be read.
        why: What is not as it was the last time; nothing if all is up to date.
        out: Where it would write.
    """

    files: int
    unread: int
    why: list[str]
    out: Path

    def to_json(self) -> dict[str, Any]:
        """Return the object of `galley build --dry-run --json`."""
        return asdict(self) | {"out": str(self.out), "dry_run": True}


def rehearse(plan: BuildPlan) -> Rehearsal:
    """Return what `run_build` would do; nothing is written.

    Raises:
        SourceError: A file cannot be read.
        WorkspaceError: What lies where it would write is somebody else's.
    """
    from galley.build.spill import Spill  # noqa: PLC0415 - slow to import

    plan.check_out()
    known = Hashes({}) if plan.force else Hashes.load(plan.cache, code_version())
    hashes, last = known.of(plan.files), Manifest.load(plan.out)
    why = ["--force"] if plan.force else []
    if last is None:
        why.append("nothing is built there yet")
    else:
        why += plan.changed(last, hashes)
        why += [] if last.is_whole(plan.out) else ["what was written is damaged"]
    shards = plan.shards(hashes, known.bytes)
    unread = sum(
        len(shard.files)
        for shard in shards
        if plan.force or not Spill(plan.cache / shard.name).fits(shard.fingerprint)
    )
    return Rehearsal(len(plan.files), unread, why, plan.out)
