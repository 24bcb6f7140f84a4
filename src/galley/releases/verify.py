"""Check a release against itself: everything that can be recomputed is.

First the manifest against the changelog and the files against the manifest; with that, every
byte is accounted for. If all of them hold, what the files say is checked: rows against index,
schema and hashes, the splits, the dataset card and the Croissant file against the Parquet files.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from galley.errors import GalleyError, ReleaseError
from galley.hashing import sha256_file
from galley.manifest import FILE_NAME, Manifest
from galley.releases import index
from galley.releases.card import FILE_NAME as CARD
from galley.releases.changelog import manifest_hash
from galley.releases.check_card import check_card
from galley.releases.check_croissant import check_croissant
from galley.releases.check_rows import check_index, check_rows
from galley.releases.history import CHANGELOG, REPORT, Release
from galley.releases.version import Version
from galley.schema.issue import Issue

_MARKS = (FILE_NAME, index.FILE_NAME, CARD)


def verify(
    path: Path,
    *,
    placed: bool = True,
    advance: Callable[[int, int], object] = lambda *_: None,
) -> list[Issue]:
    """Return what is wrong with the release in the folder `path`, sorted.

    Args:
        path: The folder of one version. The changelog lies beside it; if there is none, as in a
            copy, nothing vouches for the manifest itself.
        placed: Whether the release has its place; False for one in the making, which the
            changelog does not know.
        advance: Is told how many of how many rows are checked.

    Raises:
        ReleaseError: There is no release at `path`.
    """
    if not any((path / name).is_file() for name in _MARKS):
        raise ReleaseError(
            f"{path} holds no release: it has no {FILE_NAME}",
            code="no_release",
            hint=f"did you mean `{near}`?"
            if (near := Path("releases", path.name)).is_dir()
            else "name the folder of one version, for example releases/0.1.0",
        )
    try:
        manifest = Manifest.load(path)
    except GalleyError as error:
        return [Issue(FILE_NAME, "manifest_unreadable", "the manifest of a release", error.message)]
    if manifest is None:
        return [Issue(FILE_NAME, "file_missing", "the manifest of a release", "no such file")]
    issues = [*_check_shape(manifest)]
    if placed and not issues:
        issues = [*_check_changelog(path, manifest)]
    if issues:
        return issues  # no hash in it can be believed
    issues = _check_files(path, manifest)
    if {issue.code for issue in issues} <= {"data_missing"}:
        rows = None if issues else lambda release: check_rows(release, advance)
        issues += _check_content(path, manifest, rows=rows)
    return sorted(issues)


def _check_shape(manifest: Manifest) -> Iterator[Issue]:
    try:
        for entry in manifest.files.values():
            str(entry["sha256"]), int(entry["bytes"])
        Version.parse(manifest.facts["version"])
        dict(manifest.facts["configs"]), dict(manifest.facts["features"])
    except (GalleyError, AttributeError, KeyError, TypeError, ValueError) as error:
        yield Issue(FILE_NAME, "manifest_unreadable", "the manifest of a release", repr(error))


def _check_changelog(path: Path, manifest: Manifest) -> Iterator[Issue]:
    log = path.resolve().parent / CHANGELOG
    if not log.exists():
        return
    version = Version.parse(manifest.facts["version"])
    expected = manifest_hash(log.read_text(encoding="utf-8", errors="replace"), version)
    got = sha256_file(path / FILE_NAME)
    if expected is None:
        yield Issue(FILE_NAME, "changelog_entry", f"{version} in {CHANGELOG}", "no such entry")
    elif expected != got:
        yield Issue(FILE_NAME, "file_hash", expected, got)


def _check_files(path: Path, manifest: Manifest) -> list[Issue]:
    """Return where the files differ; data files that are all absent are one issue."""
    issues = manifest.issues(path)
    data = [name for name in manifest.files if name.startswith("data/")]
    if any((path / name).exists() for name in data):
        return issues
    hint = f"{len(data)} files; `galley release --rebuild {manifest.facts['version']}` makes them"
    # The report comes and goes with them; one that is there is compared.
    absent = [*data, *({REPORT} if not (path / REPORT).exists() else ())]
    others = [issue for issue in issues if issue.path not in absent]
    return [Issue("data", "data_missing", hint, "no data files"), *others]


def _check_content(
    path: Path, manifest: Manifest, *, rows: Callable[[Release], Iterator[Issue]] | None
) -> Iterator[Issue]:
    """Yield what is wrong inside files that are what the manifest says; `rows` checks the data."""
    release = Release(Version.parse(manifest.facts["version"]), path)
    try:
        issues = list(check_index(release))
        if issues:
            yield from issues  # it does not name the rows and files to expect
            return
        if rows is not None:
            yield from rows(release)
        yield from check_card(release, data=rows is not None)
        yield from check_croissant(release)
    except GalleyError as error:
        yield Issue(str(path), error.code, "", error.message)
