"""Cut a release: place the records, compute the version, write, check, put in place.

All is written into a folder beside the release's, which takes its name when it is whole and
`verify` finds nothing in it: a run that is killed leaves nothing that counts.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from galley.errors import ReleaseError
from galley.files import alone, sync, write_text
from galley.hashing import sha256_file
from galley.manifest import FILE_NAME, hash_files
from galley.record import REVIEWED
from galley.releases.changelog import Note, count, insert
from galley.releases.configs import count_rows
from galley.releases.datasheet import check_blank
from galley.releases.diff import Change, State, compare
from galley.releases.edition import Imprint
from galley.releases.facts import Facts
from galley.releases.gates import Gate
from galley.releases.history import (
    CHANGELOG,
    REPORT,
    Release,
    list_releases,
    released_entries,
)
from galley.releases.index import Entry
from galley.releases.material import Material
from galley.releases.rows import collect_rows
from galley.releases.split import Draw, assign
from galley.releases.verify import verify
from galley.releases.version import FIRST, Level, Version
from galley.releases.write import Draft, write_release
from galley.schema.issue import Issue


@dataclass(frozen=True)
class Outcome:
    """What `galley release` did.

    Attributes:
        release: The release that now stands for the workspace's state.
        created: Whether it is new.
        rebuilt: Whether data files that were not there were made again.
        change: What it changed against the one before; None for the first, or if it is not new.
        withheld: Why records are not in it.
        warnings: What may be wrong, in sentences.
        facts: What was measured of it, if it is new.
        would_be: The index that it would have, where it is not kept.
    """

    release: Release
    created: bool = False
    rebuilt: bool = False
    change: Change | None = None
    withheld: list[Issue] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    facts: Facts | None = None
    would_be: list[Entry] | None = None

    @property
    def path(self) -> Path:
        """The folder of the release."""
        return self.release.path

    @property
    def configs(self) -> dict[str, dict[str, int]]:
        """The number of rows of each split of each config, the default config first."""
        return count_rows(self.release.entries if self.would_be is None else self.would_be)

    def to_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {
            "version": str(self.release.version),
            "path": str(self.path),
            "created": self.created,
            "rebuilt": self.rebuilt,
            "configs": self.configs,
            "change": None if self.change is None else asdict(self.change),
            "withheld": [issue.to_json() for issue in self.withheld],
            "warnings": self.warnings,
        }


@dataclass(frozen=True)
class Terms:
    """How a release is cut.

    Attributes:
        gates: What a new release must pass.
        allow_move: Whether near-duplicates that were released in different splits move into one.
        dry_run: Whether to do all of it elsewhere and keep nothing.
        passed: Is told what was measured of a release that passed, before it gets its place: a
            run that is cut short then has not forgotten to.
    """

    gates: Sequence[Gate] = ()
    allow_move: bool = False
    dry_run: bool = False
    passed: Callable[[Facts], object] = bool


def cut(
    folder: Path, material: Material, wanted: str | None = None, *, terms: Terms | None = None
) -> Outcome:
    """Cut the next release into `folder`, unless the newest one holds just this.

    Args:
        folder: `releases/`.
        material: What it is made from.
        wanted: A version above the computed one.
        terms: How; None for a release that passes no gate, and is kept.

    Raises:
        ReleaseError: There is nothing to release, a record is not what the schema says,
            `wanted` is too low or taken, the datasheet names what is not there, or a gate
            does not let it pass.
    """
    target = None if wanted is None else Version.parse(wanted)
    releases, terms = list_releases(folder), terms or Terms()
    draft = _draft(material, releases, allow_move=terms.allow_move)
    change = _change(draft)
    with _elsewhere() if terms.dry_run else part_folder(folder) as part:
        last = draft.last
        if last is not None and change == Change() and target in {None, last.version}:
            write_release(part, draft, Imprint.of(last))
            if hash_files(part) == last.manifest.files:
                missing = [path for path in last.manifest.files if not (last.path / path).exists()]
                if missing and not terms.dry_run:
                    replace_data(part, last)
                return _outcome(draft, last, rebuilt=bool(missing) and not terms.dry_run)
            shutil.rmtree(part)
        version = _choose(releases, change, target)
        write_release(part, draft, Imprint(str(version), material.date, material.ledger, last))
        _pass(terms.gates, draft, part)
        release = Release(version, folder / str(version))
        if terms.dry_run:
            entries = draft.entries(str(version))
            return replace(_outcome(draft, release, created=True, change=change), would_be=entries)
        outcome = _outcome(draft, release, created=True, change=change)
        if outcome.facts is not None:
            terms.passed(outcome.facts)
        _put(part, release, draft, change)
        return outcome


def make_draft(folder: Path, material: Material) -> Draft:
    """Return what `cut` would release now.

    Raises:
        ReleaseError: There is nothing to release, or a record is not what the schema says.
    """
    return _draft(material, list_releases(folder))


def _pass(gates: Sequence[Gate], draft: Draft, part: Path) -> None:
    issues = [issue for gate in gates for issue in gate(draft, part)]
    if issues:
        first, more = issues[0], len(issues) - 1
        raise ReleaseError(
            f"the release may not leave: {first.path}: {first.code}: expected {first.expected}, "
            f"got {first.got}" + (f"; and {count(more, 'issue')} more" if more else ""),
            code=first.code,
            hint="`galley datasheet` names all questions; answer them in DATASHEET.md, or write "
            "`Not applicable` there with the reason"
            if first.code.startswith("answer_")
            else "nothing was written; mend it, then run the command again",
        )


@contextmanager
def _elsewhere() -> Iterator[Path]:
    """Yield the path of a folder outside of the workspace, which goes with what is in it."""
    with tempfile.TemporaryDirectory(prefix="galley-") as name:
        yield Path(name) / "part"


@contextmanager
def part_folder(folder: Path) -> Iterator[Path]:
    """Yield the path of a folder in the making, and clear what it or a killed run left there.

    Raises:
        WorkspaceError: Another process is making one.
    """
    part = folder / ".release.part"
    with alone(folder):
        shutil.rmtree(part, ignore_errors=True)
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)


def replace_data(part: Path, release: Release) -> None:
    """Put the files in `part` that hold records in the place of those of `release`."""
    data = release.path / "data"
    shutil.rmtree(data, ignore_errors=True)
    (part / "data").rename(data)
    (release.path / REPORT).unlink(missing_ok=True)
    if (part / REPORT).exists():
        (part / REPORT).replace(release.path / REPORT)


def _draft(material: Material, releases: list[Release], *, allow_move: bool = False) -> Draft:
    rows = collect_rows(material.records, material.codec)
    config = material.config.release
    draw = Draw(config.splits, config.seed, config.split_by, config.split_dates)
    assignment = assign(rows.candidates, released_entries(releases), draw, move=allow_move)
    if not assignment.places:
        raise ReleaseError(
            f"there is nothing to release: {count(len(rows.candidates), 'record')} built, "
            f"{len(assignment.withheld)} withheld",
            code="nothing_to_release",
            hint="run `galley build` with raw files that hold articles",
        )
    return Draft(material, rows, assignment, releases[-1] if releases else None)


def _change(draft: Draft) -> Change | None:
    """Return what the draft changes against the last release, or None without one."""
    if draft.last is None:
        return None
    entries = draft.entries(str(draft.last.version))
    return compare(
        State(_by_id(draft.last.entries), draft.last.features),
        State(_by_id(entries), draft.features.to_dict()),
    )


def _by_id(entries: list[Entry]) -> dict[str, Entry]:
    return {entry.id: entry for entry in entries}


def _choose(releases: list[Release], change: Change | None, target: Version | None) -> Version:
    """Return the computed version, or `target` if it is free and not below it."""
    computed = FIRST
    if change is not None:
        # Whoever comes here without a changed row has changed the words, or the bytes.
        computed = releases[-1].version.raised(max(change.level, Level.PATCH))
    if target is None:
        return computed
    if target in {release.version for release in releases}:
        raise ReleaseError(
            f"the release {target} exists and holds something else",
            code="version_exists",
            hint=f"a release never changes: the next one is {computed}",
        )
    if target < computed:
        raise ReleaseError(
            f"{target} is too low for what changed: expected {computed} or above",
            code="version_low",
            hint=f"leave --version out, or name {computed}",
        )
    return target


def _put(part: Path, release: Release, draft: Draft, change: Change | None) -> None:
    """Check the release in `part` and put it in place, its changelog entry first.

    In this order a killed run leaves an entry without a release, which the next run drops. The
    other way round the next run would have to believe a manifest that nothing vouches for.
    """
    for issue in verify(part, placed=False):
        raise ReleaseError(
            f"the release is not sound: {issue.path}: {issue.code}: "
            f"expected {issue.expected}, got {issue.got}",
            code="release_unsound",
            hint="this is a bug in Galley: please report it with this message",
        )
    if release.path.exists():
        raise ReleaseError(
            f"{release.path} is in the way: it holds no release",
            code="release_exists",
            hint="move it away",
        )
    log = release.path.parent / CHANGELOG
    entry = Note(
        version=release.version,
        date=draft.material.date,
        manifest=sha256_file(part / FILE_NAME),
        change=change,
        records=len(draft.assignment.places),
    )
    text = log.read_text(encoding="utf-8") if log.exists() else ""
    write_text(log, insert(text, entry, newest=draft.last.version if draft.last else None))
    part.rename(release.path)
    sync(release.path.parent)


def _outcome(
    draft: Draft,
    release: Release,
    *,
    created: bool = False,
    rebuilt: bool = False,
    change: Change | None = None,
) -> Outcome:
    return Outcome(
        release=release,
        created=created,
        rebuilt=rebuilt,
        change=change,
        withheld=draft.assignment.withheld,
        warnings=list(_warnings(draft)),
        facts=draft.rows.measure(draft.entries(str(release.version))) if created else None,
    )


def _warnings(draft: Draft) -> Iterator[str]:
    places = draft.assignment.places
    found = [item for item in draft.rows.candidates if item.id in places]
    if not any(candidate.status in REVIEWED for candidate in found):
        yield (
            "nobody has corrected a record yet: `all` is the default config, and its "
            f"{count(len(found), 'record')} stay in train in every later release"
        )
        if blank := len(list(check_blank(draft.material.datasheet))):
            yield (
                f"the datasheet has {count(blank, 'question')} without an answer: no release "
                "with corrected records passes like this; `galley datasheet` names them"
            )
    for cluster in draft.assignment.leaks:
        yield (
            f"near-duplicates of {cluster} were released in different splits: "
            "`galley release --allow-move` moves them into one"
        )
