"""Give every record its id and cluster; the same article on several pages becomes one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from galley.build.extraction import Extraction
from galley.build.identity import Identity
from galley.record import Record
from galley.similarity import Sketch, group, sketch

_MERGED = ("source_tags", "listing_tags", "sources")


@dataclass(slots=True)
class Found:
    """A record as one page has it, and the account rows that are about it."""

    record: Record
    rows: list[dict[str, Any]]
    sketch: Sketch


def identify(
    extractions: Sequence[Extraction], identity: Identity, *, near_duplicate: float
) -> list[Record]:
    """Return the records, by id; the account rows of `extractions` are given their ids.

    Args:
        extractions: In a fixed order: what is seen first has the older id.
        identity: Is asked and added to.
        near_duplicate: Likeness from which two records share a cluster.
    """
    versions: dict[str, list[Found]] = {}
    for extraction in extractions:
        for number, record in enumerate(extraction.records):
            rows = [row for row in extraction.account if row["record"] == number]
            found = Found(record, rows, sketch(record["text"]))
            versions.setdefault(identity.resolve(record, found.sketch), []).append(found)
    merged: dict[str, list[Found]] = {identity.root(name): [] for name in versions}
    for name, several in versions.items():
        merged[identity.root(name)] += several
    newest = {name: _merge(name, several) for name, several in merged.items()}
    _cluster(newest, identity, near_duplicate)
    return [newest[name].record for name in sorted(newest)]


def _merge(name: str, versions: list[Found]) -> Found:
    """Make one record of an article's versions: the last one's, with what all say of it."""
    last = max(versions, key=lambda found: found.record["published"] or "")
    last = [found for found in versions if found.record["text"] == last.record["text"]][-1]
    record = last.record | {key: _union(found.record[key] for found in versions) for key in _MERGED}
    for found in versions:
        outdated = found.record["text_sha256"] != record["text_sha256"]
        for row in found.rows:
            row["record_id"] = name
            if outdated:  # its offsets count in a text that no record has any more
                row["text_start"] = row["text_end"] = None
    return Found({"id": name, "cluster": name} | record, last.rows, last.sketch)


def _union(lists: Any) -> list[Any]:
    """Return all items of `lists`, in order, each once."""
    union: list[Any] = []
    for items in lists:
        union += [item for item in items if item not in union]
    return union


def _cluster(records: dict[str, Found], identity: Identity, threshold: float) -> None:
    """Give near-duplicates the oldest id among them as their cluster."""
    names = sorted(records, key=identity.age)
    for members in group([records[name].sketch for name in names], threshold=threshold):
        for member in members:
            records[names[member]].record["cluster"] = names[members[0]]
