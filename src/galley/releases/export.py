"""Write a release in the formats of other programs, one file for each split."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from galley.errors import ReleaseError
from galley.files import replacing
from galley.record import REVIEWED, Record
from galley.releases.configs import count_rows, list_configs
from galley.releases.formats import FORMATS, csv_head
from galley.releases.history import Release
from galley.releases.snapshot import read_records
from galley.releases.tokens import flatten

_SUFFIX = {"spacy": "spacy.jsonl"}  # not the name of what `jsonl` writes


@dataclass
class Export:
    """What was written.

    Attributes:
        version: The release.
        files: The number of records in each file.
        entities: Entities written.
        overlapping: Entities left out because a longer one overlaps them; of `conll` and
            `spacy`, which can say only one thing about a word.
    """

    version: str
    files: dict[str, int] = field(default_factory=dict)
    entities: int = 0
    overlapping: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return asdict(self)


def export(
    release: Release,
    folder: Path,
    *,
    form: str,
    config: str | None = None,
    advance: Callable[[int, int], object] = lambda *_: None,
) -> Export:
    """Write a release into `folder`, files of the same names there are replaced.

    Args:
        release: With its data files.
        folder: Where; it is made if need be.
        form: One of `FORMATS`.
        config: `default`, or `all` for what nobody corrected too; None for the one that loads
            by default.
        advance: Is told how many of how many records are written.

    Raises:
        ReleaseError: The release has no such config, no data files, or an offset is wrong.
    """
    configs = list_configs(release.entries)
    config = config or next(iter(configs))
    if config not in configs:
        raise ReleaseError(
            f"the release {release.version} has no config {config!r}",
            code="no_config",
            hint=f"it has {', '.join(configs)}",
        )
    found, total = Export(str(release.version)), sum(count_rows(release.entries)[config].values())
    with ExitStack() as stack:
        streams: dict[str, IO[str]] = {}
        for split, record in _records(release, reviewed=config == "default"):
            name = f"{split}.{_SUFFIX.get(form, form)}"
            if name not in streams:
                streams[name] = _open(stack, folder / name)
                streams[name].write(csv_head(list(record)) if form == "csv" else "")
                found.files[name] = 0
            streams[name].write(_format(record, FORMATS[form]))
            _count(found, name, record, flat=form in {"conll", "spacy"})
            advance(sum(found.files.values()), total)
        for stream in streams.values():
            stream.close()  # before the files take their names
    return found


def _open(stack: ExitStack, path: Path) -> IO[str]:
    part = stack.enter_context(replacing(path))
    # Line ends as they are: CSV has its own, and texts keep theirs.
    return stack.enter_context(part.open("w", encoding="utf-8", newline=""))


def _records(release: Release, *, reviewed: bool) -> Iterator[tuple[str, Record]]:
    for entry, record in zip(release.entries, read_records(release), strict=True):
        if not reviewed or entry.status in REVIEWED:
            yield entry.split, record


def _format(record: Record, write: Callable[[Record], str]) -> str:
    try:
        return write(record)
    except ValueError as error:
        raise ReleaseError(
            f"the record {record['id']} cannot be written: {error}",
            code="span_text",
            hint="`galley verify` says what else is wrong with the release",
        ) from error


def _count(found: Export, name: str, record: Record, *, flat: bool) -> None:
    kept = len(flatten(record["entities"])) if flat else len(record["entities"])
    found.files[name] += 1
    found.entities += kept
    found.overlapping += len(record["entities"]) - kept
