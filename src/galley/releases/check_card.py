"""Check the dataset card against the files: `load_dataset` believes the card over the Parquet."""

from collections.abc import Iterator
from typing import Any

import pyarrow.parquet as pq
import yaml
from datasets import Features
from huggingface_hub import DatasetCard

from galley.manifest import FILE_NAME as MANIFEST
from galley.releases.card import FILE_NAME, describe_data, describe_files
from galley.releases.configs import count_rows, list_configs
from galley.releases.history import Release
from galley.schema.issue import Issue


def check_card(release: Release, *, data: bool) -> Iterator[Issue]:
    """Yield where the card's YAML or the manifest's facts are not what the files say.

    Args:
        release: The release.
        data: Whether its data files are there.
    """
    try:
        head = DatasetCard.load(release.path / FILE_NAME).data.to_dict()
    except (ValueError, TypeError, yaml.YAMLError) as error:
        yield Issue(FILE_NAME, "card_unreadable", "the YAML of a dataset card", repr(error))
        return
    files = list_configs(release.entries)
    expected = describe_files(files)
    if data:
        features = _features(release)
        expected |= describe_data(release.path, files, features)
        stated = release.features
        yield from differences(features.to_dict(), stated, f"{MANIFEST}: $.facts.features")
    for key, value in expected.items():
        yield from differences(value, head.get(key), f"{FILE_NAME}: $.{key}")
    rows = count_rows(release.entries)
    yield from differences(rows, release.configs, f"{MANIFEST}: $.facts.configs")


def _features(release: Release) -> Features:
    """Return the features that the first data file has; all have the same, see `check_rows`."""
    path = release.path / release.entries[0].file
    return Features.from_arrow_schema(pq.read_schema(path))


def differences(expected: Any, got: Any, where: str) -> Iterator[Issue]:
    """Yield an issue for each place at which two JSON values differ."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in sorted(expected.keys() | got.keys()):
            yield from differences(expected.get(key), got.get(key), f"{where}.{key}")
    elif isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for number, (one, other) in enumerate(zip(expected, got, strict=True)):
            yield from differences(one, other, f"{where}[{number}]")
    elif expected != got:
        yield Issue(where, "facts", str(expected)[:200], str(got)[:200])
