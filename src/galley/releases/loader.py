"""Load a release as a user does: with `datasets`, in another process, with nothing cached."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from galley.config import NetworkConfig
from galley.files import write_json
from galley.releases.check_rows import load_codec
from galley.releases.configs import list_configs
from galley.releases.history import Release
from galley.releases.index import Entry
from galley.releases.rows import hash_row
from galley.releases.version import Version
from galley.schema.features import Codec
from galley.schema.issue import Issue

Expected = dict[str, dict[str, list[Entry]]]
_BATCH = 1000
# Where a cache could be other than in HF_HOME.
_CACHES = ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_DATASETS_CACHE", "HF_XET_CACHE")


def expect_rows(entries: list[Entry]) -> Expected:
    """Return what each split of each config holds, in the order in which it loads."""
    files: dict[str, list[Entry]] = {}
    for entry in entries:
        files.setdefault(entry.file, []).append(entry)
    return {
        config: {split: [e for path in paths for e in files[path]] for split, paths in all_.items()}
        for config, all_ in list_configs(entries).items()
    }


def load_apart(
    release: Release,
    source: str,
    *,
    revision: str | None = None,
    network: NetworkConfig | None = None,
) -> list[Issue]:
    """Return where what `load_dataset(source)` gives is not what `release` holds.

    Args:
        release: The release, with its data or without.
        source: A folder or a dataset on the Hub.
        revision: A tag or commit on the Hub; None for a folder, for which no network is used.
        network: How long the Hub is waited for.
    """
    waits = json.dumps(asdict(network or NetworkConfig()))
    with tempfile.TemporaryDirectory(prefix="galley-load-") as folder:
        answer = Path(folder) / "issues.json"
        words = [
            str(release.path),
            str(release.version),
            source,
            revision or "",
            str(answer),
            waits,
        ]
        done = subprocess.run(
            [sys.executable, "-m", __name__, *words],
            env=_environment(Path(folder), offline=revision is None),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
            return [Issue(source, "load_failed", "a dataset that loads", lines[-1][:500])]
        return [Issue(**issue) for issue in json.loads(answer.read_text(encoding="utf-8"))]


def _environment(home: Path, *, offline: bool) -> dict[str, str]:
    from huggingface_hub import get_token  # noqa: PLC0415 - it is slow, and the child has its own

    token = get_token()
    kept = {name: value for name, value in os.environ.items() if name not in _CACHES}
    kept |= {"HF_HOME": str(home), "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    return kept | ({"HF_HUB_OFFLINE": "1"} if offline else {"HF_TOKEN": token} if token else {})


def check_loaded(release: Release, source: str, revision: str | None) -> Iterator[Issue]:
    """Yield where each config and split that loads is not what `release` holds, row by row."""
    from datasets import get_dataset_config_names, load_dataset  # noqa: PLC0415 - only there

    expected, codec = expect_rows(release.entries), load_codec(release)
    names = get_dataset_config_names(source, revision=revision)
    if sorted(names) != sorted(expected):
        yield Issue(source, "load_configs", ", ".join(expected), ", ".join(names))
        return
    default = next(iter(expected))
    for config, splits in expected.items():
        # As most people do: without a name.
        loaded = load_dataset(source, None if config == default else config, revision=revision)
        if (name := next(iter(loaded.values())).info.config_name) != config:
            yield Issue(source, "load_default", config, str(name))
            continue
        if sorted(loaded) != sorted(splits):
            yield Issue(f"{source}: {config}", "load_splits", ", ".join(splits), ", ".join(loaded))
            continue
        for split, entries in splits.items():
            where = f"{source}: {config}: {split}"
            yield from _check_split(codec, loaded[split], where, entries=entries)


def _check_split(codec: Codec, split: Any, where: str, *, entries: list[Entry]) -> Iterator[Issue]:
    if split.features != codec.features:
        yield Issue(where, "load_features", str(codec.features)[:300], str(split.features)[:300])
        return
    if split.num_rows != len(entries):
        yield Issue(where, "load_rows", str(len(entries)), str(split.num_rows))
        return
    batches = split.with_format("arrow").iter(_BATCH)
    rows = (codec.decode(row) for batch in batches for row in batch.to_pylist())
    for row, entry in zip(rows, entries, strict=True):
        found = (hash_row(row), row["changed_in"])
        if found != (entry.row_sha256, entry.changed_in):
            yield Issue(f"{where}: {entry.id}", "load_row", entry.row_sha256, found[0])
            return


def main(words: list[str]) -> None:
    """Write what `check_loaded` finds as JSON."""
    path, version, source, revision, answer, waits = words
    if revision:
        from galley.releases.hub import bound  # noqa: PLC0415 - only where it is asked

        bound(NetworkConfig(**json.loads(waits)))
    release = Release(Version.parse(version), Path(path))
    issues = check_loaded(release, source, revision or None)
    write_json(Path(answer), [issue.to_json() for issue in issues])


if __name__ == "__main__":
    main(sys.argv[1:])
