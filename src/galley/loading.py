"""Load a release and be sure that it is the one that was asked for.

`load_dataset` returns another version from its cache without a word when the Hub cannot be
reached. The index of a release says which rows it holds, and which version last changed each.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from galley.errors import GalleyError, ReleaseError
from galley.files import local_path

if TYPE_CHECKING:
    from galley.releases.history import Release
    from galley.releases.index import Entry


def load(
    repo_or_path: str | Path,
    *,
    revision: str | None = None,
    config: str | None = None,
    label_names: bool = False,
) -> Any:
    """Return what `load_dataset` returns, once it is known to be that revision.

    Args:
        repo_or_path: `ORG/NAME` on the Hub, the folder of one release, or a folder of published
            releases, as a path or as `file://DIR`.
        revision: A tag, a branch or a commit; for folders a version. None for the current one.
        config: The config; None for the default one.
        label_names: Whether entity labels are words, for pandas and Polars, which would show
            their numbers. As numbers `datasets` knows their names.

    Returns:
        A `DatasetDict`: the splits by name.

    Raises:
        ReleaseError: It cannot be loaded, or it is another revision, or nothing says which.

    Example:
        ```python
        import galley

        dataset = galley.load("org/name", revision="v0.1.0")
        frame = galley.load("org/name", label_names=True)["train"].to_pandas()
        ```
    """
    from datasets import load_dataset  # noqa: PLC0415 - slow to import

    source, release, pinned = _find(repo_or_path, revision)
    named = (revision or "").removeprefix("v")
    if _is_version(named) and named != str(release.version):
        raise _other(source, named, f"a manifest of {release.version}")
    try:
        loaded = load_dataset(source, config, revision=pinned)
    except (OSError, ValueError) as error:
        raise ReleaseError(
            f"cannot load {source}: {error}", code="load_failed", hint="name a config that it has"
        ) from error
    _check(loaded, release, config=config, source=source)
    return _named(loaded) if label_names else loaded


def _named(loaded: Any) -> Any:
    """Return the rows with the names of entity labels instead of their numbers."""
    from datasets import Value  # noqa: PLC0415 - slow to import

    features = next(iter(loaded.values())).features.copy()
    label = features["entities"].feature["label"]
    features["entities"] = type(features["entities"])(
        features["entities"].feature | {"label": Value("string")}
    )

    def name(row: dict[str, Any]) -> dict[str, Any]:
        found = [item | {"label": label.int2str(item["label"])} for item in row["entities"]]
        return {"entities": found}

    return loaded.map(name, features=features)


def _find(repo_or_path: str | Path, revision: str | None) -> tuple[str, "Release", str | None]:
    """Return what to load, its release without the data, and the revision to pin."""
    from galley.releases.history import open_release  # noqa: PLC0415 - imports of a user stay light

    folder = local_path(str(repo_or_path))
    if folder.is_dir() or str(repo_or_path).startswith("file:"):
        place = _find_folder(folder, revision)
        return str(place), open_release(place), None
    manifest = _fetch(str(repo_or_path), revision)
    # The commit itself: the name may come to stand for another one while we load.
    return str(repo_or_path), open_release(manifest.parent), manifest.parent.name


def _find_folder(folder: Path, revision: str | None) -> Path:
    from galley.manifest import FILE_NAME  # noqa: PLC0415 - imports of a user stay light
    from galley.releases.folder import read_pointer  # noqa: PLC0415

    if (folder / FILE_NAME).exists():
        return folder
    version = read_pointer(folder) if revision is None else revision.removeprefix("v")
    if version is None or not (folder / version / FILE_NAME).exists():
        raise ReleaseError(
            f"{folder} holds no release {version or ''}".rstrip(),
            code="no_release",
            hint="name the folder of one release, or a version that is published there",
        )
    return folder / version


def _fetch(name: str, revision: str | None) -> Path:
    """Return the manifest of a revision, its index beside it; from the cache without a network."""
    from huggingface_hub import hf_hub_download  # noqa: PLC0415 - slow to import

    from galley.manifest import FILE_NAME  # noqa: PLC0415
    from galley.releases import index  # noqa: PLC0415

    try:
        manifest = hf_hub_download(name, FILE_NAME, repo_type="dataset", revision=revision)
        sha = Path(manifest).parent.name
        hf_hub_download(name, index.FILE_NAME, repo_type="dataset", revision=sha)
    except (OSError, ValueError) as error:
        raise ReleaseError(
            f"nothing says which revision of {name} would be loaded for "
            f"{revision or 'main'}: {str(error).splitlines()[0]}",
            code="load_unknown",
            hint="check the name and the revision, or load it once with a network",
        ) from error
    return Path(manifest)


def _is_version(text: str) -> bool:
    from galley.releases.version import Version  # noqa: PLC0415 - imports of a user stay light

    try:
        Version.parse(text)
    except GalleyError:
        return False
    return True


def _check(loaded: Any, release: "Release", *, config: str | None, source: str) -> None:
    from galley.releases.loader import expect_rows  # noqa: PLC0415 - imports of a user stay light

    expected = expect_rows(release.entries)
    splits = expected[config or next(iter(expected))]
    if sorted(loaded) != sorted(splits):
        raise _other(source, str(release.version), f"the splits {', '.join(loaded)}")
    for name, entries in splits.items():
        table = loaded[name].select_columns(["id", "changed_in"])
        found = zip(table["id"], table["changed_in"], strict=True)
        if list(found) != [_mark(entry) for entry in entries]:
            raise _other(source, str(release.version), f"other rows in {name}")


def _mark(entry: "Entry") -> tuple[str, str]:
    return entry.id, entry.changed_in


def _other(source: str, expected: str, got: str) -> ReleaseError:
    return ReleaseError(
        f"what was loaded from {source} is not {expected}: got {got}",
        code="load_other",
        hint="without a network the cache may give another version: load it once with one",
    )
