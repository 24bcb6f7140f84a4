"""What can be measured about a release: for the dataset card and the datasheet."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from galley.record import REVIEWED

Counts = dict[str, int]
UNKNOWN = "unknown"
# The columns that facts are measured from.
MEASURED = (
    *("published", "language", "publisher", "license", "tags"),
    *("entities", "sources", "annotation"),
)
_COUNTED = (
    *("statuses", "languages", "publishers", "licenses", "layouts", "extractors", "labels"),
    *("tags", "guidelines", "dates", "annotators"),
)


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
    rows: Iterable[pa.RecordBatch],
    clusters: list[str],
    *,
    names: tuple[str, ...],
    lengths: list[int],
) -> Facts:
    """Measure the rows of a release.

    Args:
        rows: The columns `MEASURED` of its rows, in any order; at least one row.
        clusters: Of its records, as released.
        names: The entity labels, in the order of their numbers.
        lengths: Of the texts, in code points.
    """
    seen: dict[str, Counter[Any]] = {name: Counter() for name in _COUNTED}
    for batch in rows:
        for name, values in _values(batch, names).items():
            seen[name].update(values)
    counts = {name: _ranked(found) for name, found in seen.items()}
    dates, annotators = sorted(seen["dates"].keys() - {None, ""}), seen["annotators"]
    sizes = [size for size in Counter(clusters).values() if size > 1]
    records = len(clusters)
    return Facts(
        records=records,
        reviewed=sum(seen["statuses"][status] for status in REVIEWED),
        **{name: counts[name] for name in _COUNTED if name not in {"dates", "annotators"}},
        entities=seen["labels"].total(),
        clusters=len(sizes),
        clustered=sum(sizes),
        characters=sum(lengths),
        shortest=min(lengths),
        median=int(median(lengths)),
        longest=max(lengths),
        earliest=dates[0] if dates else UNKNOWN,
        latest=dates[-1] if dates else UNKNOWN,
        undated=seen["dates"][None] + seen["dates"][""],
        annotators=max(annotators),
    )


def _values(batch: pa.RecordBatch, names: tuple[str, ...]) -> dict[str, Iterable[Any]]:
    """Return what is counted of some rows."""
    annotation: list[dict[str, Any]] = batch["annotation"].to_pylist()  # never null
    labels = pc.struct_field(pc.list_flatten(batch["entities"]), "label").to_pylist()
    sources = pc.list_flatten(batch["sources"])
    return {
        "statuses": (item["status"] for item in annotation),
        "annotators": (item["annotators"] for item in annotation),
        "guidelines": (item["guideline"] for item in annotation if item["status"] in REVIEWED),
        "languages": batch["language"].to_pylist(),
        "publishers": batch["publisher"].to_pylist(),
        "licenses": batch["license"].to_pylist(),
        "dates": (date and date[:10] for date in batch["published"].to_pylist()),
        "layouts": pc.struct_field(sources, "layout").to_pylist(),
        "extractors": pc.struct_field(sources, "extractor").to_pylist(),
        "labels": (_name(label, names) for label in labels),
        "tags": pc.list_flatten(batch["tags"]).to_pylist(),
    }


def _name(label: Any, names: tuple[str, ...]) -> Any:
    return names[label] if isinstance(label, int) else label


def _ranked(found: "Counter[Any]") -> Counts:
    counts: Counter[str] = Counter()
    for value, number in found.items():
        counts[UNKNOWN if value is None else value] += number
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
