"""The dataset card: YAML made from the data, and a body for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import yaml
from datasets import DatasetInfo, Features, SplitDict, SplitInfo
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCardData

from galley.config import Config
from galley.releases.configs import Files
from galley.releases.facts import UNKNOWN, Facts
from galley.releases.text import render
from galley.schema.contract import Contract
from galley.schema.fields import list_fields
from galley.schema.vocabulary import Labels

FILE_NAME = "README.md"
_BATCH = 10_000


@dataclass(frozen=True)
class Card:
    """What a dataset card says.

    Attributes:
        config: The settings, with title, description and licence.
        contract: The schema of a record.
        labels: The entity labels.
        facts: What was measured.
        files: The configs with their files.
        rows: The configs with their numbers of rows.
        version: The release.
        date: The day it was cut, or None.
        agreement: How far people agree; None where nothing can be said.
    """

    config: Config
    contract: Contract
    labels: Labels
    facts: Facts
    files: Files
    rows: dict[str, dict[str, int]]
    version: str
    date: str | None
    agreement: dict[str, Any] | None = None

    def render(self, folder: Path, features: Features) -> str:
        """Return the card of the release whose data files are in `folder`.

        Raises:
            ReleaseError: The template names what is not there.
        """
        head = yaml.safe_dump(
            self._head(folder, features), allow_unicode=True, sort_keys=False, width=100
        )
        return f"---\n{head}---\n\n{self._body()}"

    def _head(self, folder: Path, features: Features) -> dict[str, Any]:
        languages = [name for name in sorted(self.facts.languages) if name not in {"und", UNKNOWN}]
        return {
            "pretty_name": self.title,
            **_license(self.config.release.license),
            **({"language": languages} if languages else {}),
            "task_categories": ["token-classification", "text-classification"],
            "size_categories": [_size(self.facts.records)],
            **describe_files(self.files),
            **describe_data(folder, self.files, features),
        }

    def _body(self) -> str:
        template = resources.files("galley.releases").joinpath("card.md.j2")
        values = {
            "title": self.title,
            "description": self.config.release.description,
            "license": self.config.release.license,
            "version": self.version,
            "date": self.date,
            "facts": self.facts,
            "configs": self.rows,
            "first_split": next(iter(next(iter(self.files.values())))),
            "fields": list(list_fields(self.contract)),
            "labels": self.labels.labels,
            "agreement": self.agreement,
        }
        return render(template.read_text(encoding="utf-8"), "the dataset card", values)

    @property
    def title(self) -> str:
        """The dataset's name for people."""
        return self.config.title


def describe_files(files: Files) -> dict[str, Any]:
    """Return `configs` of the card: which files `load_dataset` reads, the first by default."""
    default = next(iter(files))
    return {
        "configs": [
            {
                "config_name": name,
                **({"default": True} if name == default else {}),
                "data_files": [{"split": split, "path": paths} for split, paths in splits.items()],
            }
            for name, splits in files.items()
        ]
    }


def describe_data(folder: Path, files: Files, features: Features) -> dict[str, Any]:
    """Return `dataset_info` of the card: what `load_dataset` believes over the Parquet files."""
    sizes = {path: _measure(folder / path) for path in set(_all_paths(files))}
    infos = {name: _info(splits, features, sizes) for name, splits in files.items()}
    data = DatasetCardData()
    DatasetInfosDict(infos).to_dataset_card_data(data)
    return {"dataset_info": data["dataset_info"]}


class _Size(NamedTuple):
    rows: int
    memory: int
    file: int


def _measure(path: Path) -> _Size:
    with pq.ParquetFile(path) as file:
        memory = sum(batch.nbytes for batch in file.iter_batches(_BATCH, use_threads=False))
        return _Size(file.metadata.num_rows, memory, path.stat().st_size)


def _all_paths(files: Files) -> Iterator[str]:
    for splits in files.values():
        for paths in splits.values():
            yield from paths


def _info(splits: dict[str, list[str]], features: Features, sizes: dict[str, _Size]) -> DatasetInfo:
    info = SplitDict()
    for name, paths in splits.items():
        rows = sum(sizes[path].rows for path in paths)
        memory = sum(sizes[path].memory for path in paths)
        info.add(SplitInfo(name=name, num_examples=rows, num_bytes=memory))
    return DatasetInfo(
        features=features,
        splits=info,
        download_size=sum(sizes[path].file for paths in splits.values() for path in paths),
        dataset_size=sum(split.num_bytes for split in info.values()),
    )


def _license(name: str) -> dict[str, str]:
    """Return the card's licence: the Hub knows SPDX identifiers in small letters."""
    if not name:
        return {}
    if "://" in name:
        return {"license": "other", "license_name": "see-link", "license_link": name}
    return {"license": name.lower()}


def _size(records: int) -> str:
    """Return the Hub's word for a number of records."""
    limits = [(10**3, "1K"), (10**4, "10K"), (10**5, "100K"), (10**6, "1M"), (10**7, "10M")]
    low = None
    for limit, word in limits:
        if records < limit:
            return f"n<{word}" if low is None else f"{low}<n<{word}"
        low = word
    return f"n>{low}"
