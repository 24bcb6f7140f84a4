"""The build: raw files in, records out."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from galley.build.hashes import NAME as HASHES
from galley.build.hashes import Hashes
from galley.build.identity import Identity
from galley.build.meter import Meter
from galley.build.plan import BuildPlan
from galley.build.shard import Shard, code_version, split_digests
from galley.errors import WorkspaceError
from galley.files import is_remote, remove_tree
from galley.hashing import sha256_json
from galley.lean import keep_freed, pack, unpack
from galley.manifest import FILE_NAME, Manifest

if TYPE_CHECKING:
    from galley.build.engine import Engine
    from galley.build.extractor import Reading
    from galley.build.spill import Spill
    from galley.build.verdict import Ruling


@dataclass(frozen=True)
class BuildSummary:
    """What a build did.

    Attributes:
        records: How many there are.
        outdated: How many articles are other versions of them, with other texts: the last is kept.
        quarantined: How many entries `quarantine.jsonl` has.
        rejected: How many files have one.
        files: How many were read.
        bytes: Of all files.
        parts: Bytes of each part.
        out: Where it was written.
        fresh: Whether anything was built, or all was up to date.
        meter: What the steps took.
    """

    records: int
    outdated: int
    quarantined: int
    rejected: int
    files: int
    bytes: int
    parts: dict[str, int]
    out: Path
    fresh: bool
    meter: Meter

    def to_json(self) -> dict[str, Any]:
        """Return the object of `galley build --json`."""
        names = ("records", "outdated", "quarantined", "files", "bytes", "parts")
        return {**{name: getattr(self, name) for name in names}, "out": str(self.out)}

    def profile(self) -> dict[str, dict[str, float]]:
        """Return, as JSON, what each step took: seconds of a processor, and bytes."""
        return {name: asdict(step) for name, step in self.meter.steps.items()}


@dataclass(frozen=True)
class _Built:
    """What a build has written, but for the manifest.

    Attributes:
        files: Its files, and
        facts: its facts, as the manifest has them.
        spills: What was taken out of the raw files.
        digests: The hashes of those that were read, by the name of their shard.
    """

    files: dict[str, Any]
    facts: dict[str, Any]
    spills: "list[Spill]"
    digests: dict[str, bytes]

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of each raw file, by name, where all of them were read."""
        found: dict[str, str] = {}
        for spill in self.spills:
            digests = split_digests(self.digests[spill.folder.name])
            found.update(zip(spill.look().files, digests, strict=True))
        return dict(sorted(found.items()))


def run_build(plan: BuildPlan, advance: Callable[[int, int], None]) -> BuildSummary:
    """Build, unless the manifest shows that nothing changed since the last time.

    Args:
        plan: What to build.
        advance: Is told how many of how many files are done.

    Raises:
        SourceError: A file cannot be read.
        WorkspaceError: Another build is writing there, or what lies there is somebody else's.
    """
    plan.check_out()
    meter, began, cache = Meter(), time.time(), plan.cache
    last = Manifest.load(plan.out)
    anew = plan.force or last is None or last.inputs.get("code") != code_version()
    known, hashes = _look(plan, meter, anew=anew)
    inputs = plan.inputs(hashes)
    if last is not None and not anew and last.inputs == inputs and last.is_whole(plan.out):
        if known.costly:
            known.save(cache, code_version(), hashes)
        if known.touched > _dated(plan.out):
            _date(plan.out, began)  # they were looked at again
        return BuildSummary(**last.facts, out=plan.out, fresh=False, meter=meter)
    with _alone(cache):
        if known.costly:
            known.save(cache, code_version(), hashes)
        shards = plan.shards(hashes, known.bytes)
        # While files are read and written, only what is needed is held.
        plan, waiting = replace(plan, files=[]), pack(known) if anew else b""
        del known, hashes
        built = _build(plan, shards, advance, meter)
        if anew:
            hashes = built.hashes()
            unpack(waiting).save(cache, code_version(), hashes)
            inputs["files"] = sha256_json(hashes)
        now = inputs | {"identity": plan.registered()}  # the build added to it
        manifest = Manifest("build", now, built.files, built.facts)
        manifest.write(plan.out)
    _date(plan.out, began)
    return BuildSummary(**manifest.facts, out=plan.out, fresh=True, meter=meter)


def _look(plan: BuildPlan, meter: Meter, *, anew: bool) -> tuple[Hashes, dict[str, str]]:
    """Look at the raw files; return what is known of them, and the hash of each.

    Of a build that reads all of them anew there are no hashes yet: whoever reads a file hashes it,
    too. A disk gives less than processors hash; to ask it twice took a fifth of the time of a
    build that memory does not hold.
    """
    if anew:
        _warm_up(plan)  # there is certainly something to do
        known = Hashes({})
        known.look(plan.files)
        return known, {}
    with meter.measure("hash") as step:
        known = Hashes.load(plan.cache, code_version())
        hashes = known.of(plan.files)
        step.bytes = known.bytes
    return known, hashes


def _warm_up(plan: BuildPlan) -> None:
    from galley.build.engine import warm_up  # noqa: PLC0415 - not needed when nothing changed

    if not any(is_remote(file.place) for file in plan.files):
        with suppress(OSError):  # whoever reads the file says what is wrong with it
            warm_up(plan.config, sum(file.size() for file in plan.files))


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Keep another build out of the folder; the lock of one that was killed is free.

    An object store knows no locks.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - not needed when nothing changed

    if is_remote(cache):
        yield
        return
    cache.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(cache / "lock", timeout=0):
            yield
    except Timeout as error:
        raise WorkspaceError(
            f"another build is writing to {cache.parent}",
            code="build_running",
            hint="wait until it has ended, or give this one its own --out",
        ) from error


def _build(
    plan: BuildPlan, shards: list[Shard], advance: Callable[[int, int], None], meter: Meter
) -> _Built:
    """Build all but the manifest, which is written last."""
    import pyarrow as pa  # noqa: PLC0415 - not needed if nothing changed

    from galley.build.engine import LITTLE, open_engine, processors, warm_up  # noqa: PLC0415
    from galley.build.identify import COMPARED  # noqa: PLC0415
    from galley.build.spill import Spill  # noqa: PLC0415
    from galley.build.write import Output, count_parts  # noqa: PLC0415

    folders = [plan.cache / shard.name for shard in shards]
    todo, work, unchanged = _todo(plan, shards, folders)
    shards.clear()
    load: Callable[[], Identity] = partial(Identity.load, plan.identity)
    with open_engine(plan.config) as engine, ThreadPoolExecutor(1) as meanwhile:
        if work < LITTLE:  # it is soon over, and never is much
            keep_freed()
            load = meanwhile.submit(load).result
            if plan.config.near_duplicate:  # processes start meanwhile, if that is much
                warm_up(plan.config, unchanged * COMPARED)
        else:
            pa.default_memory_pool().release_unused()  # as much as it took to find the files
        digests = _read(todo, engine, work=work, advance=advance, meter=meter)
        spills = [Spill(folder) for folder in folders]
        with meter.measure("identify"):
            rulings = _identify(plan, spills, engine, load())
        del load  # nobody asks for the registry again
        pa.default_memory_pool().release_unused()
        output = Output(plan.out, spills, rulings, plan.contract, processors(plan.config))
        written = output.write_shards(engine, meter, force=plan.force)
    files = output.write_rest(written, meter)  # the workers are gone, and what they held
    return _Built(files, _facts(spills, rulings) | {"parts": count_parts(written)}, spills, digests)


def _todo(
    plan: BuildPlan, shards: list[Shard], folders: list[Path]
) -> "tuple[list[Reading], int, int]":
    """Return what is to be read into the spills, how much that is, and how many records are not."""
    from galley.build.extractor import Reading, effort  # noqa: PLC0415 - as above
    from galley.build.spill import Spill  # noqa: PLC0415

    _tidy(plan.cache, {shard.name for shard in shards})
    todo, unchanged = [], 0
    for shard, folder in zip(shards, folders, strict=True):
        spill = Spill(folder)
        if plan.force or not shard.digests or not spill.fits(shard.fingerprint):
            todo.append(Reading(shard, plan.contract, folder, anew=plan.force))
        else:
            unchanged += len(spill)
    efforts = {job.shard.number: effort(job) for job in todo}
    # The largest first: no worker is left with one when the others have nothing to do any more.
    todo.sort(key=lambda job: -efforts[job.shard.number])
    return todo, sum(efforts.values()), unchanged


def _read(
    todo: "list[Reading]",
    engine: "Engine",
    *,
    work: int,
    advance: Callable[[int, int], None],
    meter: Meter,
) -> dict[str, bytes]:
    """Read what is to be read; return for each shard that was the hashes of its files."""
    from galley.build.extractor import read_shard  # noqa: PLC0415 - as above

    done, total = 0, sum(len(job.shard.files) for job in todo)
    digests: dict[str, bytes] = {}
    for job, (own, found) in engine(read_shard, _handed_over(todo), work=work):
        done += len(job.shard.files)
        advance(done, total)
        digests[job.shard.name] = own
        meter.add(found)
    return digests


def _handed_over(jobs: "list[Reading]") -> "Iterator[Reading]":
    """Yield `jobs`, and keep none: with their files they are most of what this process holds."""
    while jobs:
        yield jobs.pop(0)


def _identify(
    plan: BuildPlan, spills: "list[Spill]", engine: "Engine", identity: Identity
) -> "list[Ruling]":
    """Decide what becomes of the records, once the registry says so; return what is held of it."""
    from galley.build.identify import identify  # noqa: PLC0415 - as above

    threshold = plan.config.near_duplicate
    verdicts = identify(spills, identity, engine=engine, near_duplicate=threshold)
    # A manifest must never stand beside files that are not its own.
    (plan.out / FILE_NAME).unlink(missing_ok=True)
    if plan.identity is not None:
        identity.save(plan.identity)
    rulings = []
    for number, verdict in enumerate(verdicts):
        verdict.save(spills[number].folder)
        rulings.append(verdict.rule(spills, number))
    for spill in spills:
        spill.forget()
    return rulings


def _tidy(cache: Path, names: set[str]) -> None:
    """Remove what the spills of another division, or a build that was killed, left behind."""
    for path in cache.glob("*"):
        if path.is_dir() and path.name not in names:
            remove_tree(path)
        elif path.is_file() and path.name not in {"lock", HASHES}:
            path.unlink()


def _date(out: Path, moment: float) -> None:
    """Let the manifest's time say when the raw files were looked at: no hash covers it."""
    if not is_remote(out):
        os.utime(out / FILE_NAME, (moment, moment))


def _dated(out: Path) -> int:
    """Return when the raw files were looked at, in nanoseconds since 1970."""
    return 0 if is_remote(out) else (out / FILE_NAME).stat().st_mtime_ns


def _facts(spills: "Sequence[Spill]", rulings: "Sequence[Ruling]") -> dict[str, Any]:
    totals = [spill.totals for spill in spills]
    names = ("quarantined", "rejected", "files", "bytes")
    counted = {name: sum(getattr(own, name) for own in totals) for name in names}
    for name in ("kept", "outdated"):
        counted[name] = sum(getattr(own, name) for own in rulings)
    return {"records": counted.pop("kept")} | counted
