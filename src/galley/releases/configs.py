"""The configs of a release: which files and how many rows each split of them has."""

from collections import Counter

from galley.releases.index import TRAIN, Entry

# Config to split to the files that hold it.
Files = dict[str, dict[str, list[str]]]


def list_configs(entries: list[Entry]) -> Files:
    """Return the configs of a release with their splits and files; what has no row is not named.

    `default` holds the reviewed records. `all` is the same files, and the others in train.
    """
    files: dict[str, set[str]] = {}
    for entry in entries:
        files.setdefault(entry.split, set()).add(entry.file)
    every = {split: sorted(files[split]) for split in sorted(files, key=_rank)}
    reviewed = {
        name: kept
        for name, paths in every.items()
        if (kept := [path for path in paths if "/corrected/" in path])
    }
    return {"default": reviewed, "all": every} if reviewed else {"all": every}


def count_rows(entries: list[Entry]) -> dict[str, dict[str, int]]:
    """Return the number of rows of each split of each config."""
    rows = Counter(entry.file for entry in entries)
    return {
        config: {split: sum(rows[path] for path in paths) for split, paths in splits.items()}
        for config, splits in list_configs(entries).items()
    }


def _rank(split: str) -> tuple[int, str]:
    order = [TRAIN, "validation", "test"]
    return (order.index(split) if split in order else len(order)), split
