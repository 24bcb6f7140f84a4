"""What can be measured about a release: for the dataset card and the datasheet."""

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from galley.record import REVIEWED
from galley.releases.index import Entry

Counts = dict[str, int]
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Facts:
    """Figures of one release. Counts go from the most to the least frequent, then by name.

    Attributes:
        records: All records.
        reviewed: Those that people corrected or adjudicated.
        statuses: Records by `annotation.status`.
        languages: Records by language.
        publishers: Records by publisher.
        licenses: Records by licence.
        layouts: Sources by the layout of their pages.
        extractors: Sources by the extractor that read them.
        labels: Entities by label.
        tags: Records by tag.
        entities: All entities.
        clusters: Groups of two or more near-duplicates.
        clustered: Records in such a group.
        characters: Code points of all texts.
        shortest: Code points of the shortest text.
        median: Code points of the median text.
        longest: Code points of the longest text.
        earliest: The earliest date of publication, or `unknown`.
        latest: The latest date of publication, or `unknown`.
        undated: Records without a date of publication.
        annotators: The most people that worked on one record.
        guidelines: Reviewed records by version of the guidelines.
    """

    records: int
    reviewed: int
    statuses: Counts
    languages: Counts
    publishers: Counts
    licenses: Counts
    layouts: Counts
    extractors: Counts
    labels: Counts
    tags: Counts
    entities: int
    clusters: int
    clustered: int
    characters: int
    shortest: int
    median: int
    longest: int
    earliest: str
    latest: str
    undated: int
    annotators: int
    guidelines: Counts


def measure(
    table: pa.Table, entries: list[Entry], *, names: tuple[str, ...], lengths: list[int]
) -> Facts:
    """Measure the rows of a release.

    Args:
        table: The rows, at least one; their `text` is not needed.
        entries: The index, in the same order.
        names: The entity labels, in the order of their numbers.
        lengths: Of the texts, in code points.
    """
    dates = sorted(date[:10] for date in table["published"].to_pylist() if date)
    labels = pc.struct_field(pc.list_flatten(table["entities"]), "label").to_pylist()
    sources = pc.list_flatten(table["sources"])
    clusters = [size for size in Counter(entry.cluster for entry in entries).values() if size > 1]
    annotation: list[dict[str, Any]] = table["annotation"].to_pylist()  # never null
    reviewed = [item for item in annotation if item["status"] in REVIEWED]
    return Facts(
        records=len(entries),
        reviewed=len(reviewed),
        statuses=_ranked(item["status"] for item in annotation),
        languages=_ranked(table["language"].to_pylist()),
        publishers=_ranked(table["publisher"].to_pylist()),
        licenses=_ranked(table["license"].to_pylist()),
        layouts=_ranked(pc.struct_field(sources, "layout").to_pylist()),
        extractors=_ranked(pc.struct_field(sources, "extractor").to_pylist()),
        labels=_ranked(_name(label, names) for label in labels),
        tags=_ranked(pc.list_flatten(table["tags"]).to_pylist()),
        entities=len(labels),
        clusters=len(clusters),
        clustered=sum(clusters),
        characters=sum(lengths),
        shortest=min(lengths),
        median=int(median(lengths)),
        longest=max(lengths),
        earliest=dates[0] if dates else UNKNOWN,
        latest=dates[-1] if dates else UNKNOWN,
        undated=len(entries) - len(dates),
        annotators=max(item["annotators"] for item in annotation),
        guidelines=_ranked(item["guideline"] for item in reviewed),
    )


def _name(label: Any, names: tuple[str, ...]) -> Any:
    return names[label] if isinstance(label, int) else label


def _ranked(values: Any) -> Counts:
    counts = Counter(UNKNOWN if value is None else value for value in values)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
