"""Make the data files of a committed release again, bit for bit.

The index says which records the release holds, where and in which order, so records that were
built since do not matter, nor do later releases.
"""

from collections.abc import Iterator
from pathlib import Path

from galley import __version__
from galley.errors import ReleaseError
from galley.manifest import Manifest, hash_files
from galley.releases.changelog import count
from galley.releases.edition import edition_of
from galley.releases.history import REPORT, Release, is_generated
from galley.releases.material import Material
from galley.releases.rows import Rows, collect_rows
from galley.releases.stage import Outcome, part_folder, replace_data
from galley.releases.write import write_data, write_report


def rebuild(release: Release, material: Material) -> Outcome:
    """Make `release/data` again from `material`, whose ledger stands at the release's head.

    Raises:
        ReleaseError: A committed file of the release is not what the manifest says, or the
            material gives other data files; the message says which input differs.
    """
    _check_committed(release)
    wanted = {entry.id for entry in release.entries}
    records = (record for record in material.records if record["id"] in wanted)
    rows = collect_rows(records, material.codec)
    missing = sorted(wanted - rows.numbers.keys())
    if missing:
        raise _differs(release, [f"records: {_some(missing)} not in the build any more"])
    with part_folder(release.path.parent) as part:
        write_data(part, rows, release.entries)
        found, expected = hash_files(part), _data(release.manifest)
        if found != expected:
            raise _differs(release, [*_causes(release, rows, material), *_files(found, expected)])
        warnings = list(_report(part, release, rows=rows, material=material))
        replace_data(part, release)
    return Outcome(release, rebuilt=True, warnings=warnings)


def _report(part: Path, release: Release, *, rows: Rows, material: Material) -> Iterator[str]:
    """Write the report of `release`; yield why it is not the one that the release had.

    Another version of Galley writes another page: the data are worth having without it.
    """
    expected = release.manifest.files.get(REPORT)
    if expected is None:
        return
    write_report(part, material, edition_of(release, rows))
    if hash_files(part).get(REPORT) != expected:
        (part / REPORT).unlink(missing_ok=True)
        tool = release.manifest.inputs["tool"]["galley"]
        yield f"{REPORT} is not made again: Galley {tool} wrote it, and this is {__version__}"


Files = dict[str, dict[str, object]]


def _data(manifest: Manifest) -> Files:
    return {path: entry for path, entry in manifest.files.items() if path.startswith("data/")}


def _check_committed(release: Release) -> None:
    for issue in release.manifest.issues(release.path):
        if not is_generated(issue.path):
            raise ReleaseError(
                f"{release.path / issue.path} is not what the manifest says: "
                f"expected {issue.expected}, got {issue.got}",
                code="release_damaged",
                hint="restore the release's committed files from git",
            )


def _differs(release: Release, causes: list[str]) -> ReleaseError:
    return ReleaseError(
        f"the release {release.version} cannot be made again from what is here: "
        + "; ".join(causes),
        code="rebuild_differs",
        hint="check out the commit that the release came with, or cut a new release",
    )


def _causes(release: Release, rows: Rows, material: Material) -> Iterator[str]:
    """Yield which inputs are not those of the manifest, and which records differ."""
    inputs = release.manifest.inputs
    now = {**material.inputs(), "records": rows.built_hash(release.entries)}
    for name in sorted(now.keys() - {"settings", "datasheet"}):
        if inputs.get(name) != now[name]:
            yield f"{name}: expected {inputs.get(name)}, got {now[name]}"
    changed = [
        entry.id
        for entry in release.entries
        if rows.entry_hash(rows.numbers[entry.id], entry.cluster) != entry.row_sha256
    ]
    if changed:
        yield f"{_some(changed)} with another row"


def _files(found: Files, expected: Files) -> Iterator[str]:
    for path in sorted(found.keys() | expected.keys()):
        if found.get(path) != expected.get(path):
            yield f"{path}: expected {expected.get(path)}, got {found.get(path)}"


def _some(ids: list[str]) -> str:
    return f"{count(len(ids), 'record')} ({', '.join(ids[:3])}{', …' if len(ids) > 3 else ''})"
