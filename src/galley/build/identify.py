"""Give every record its id and cluster; the same article on several pages becomes one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from galley.build.extraction import Extraction
from galley.build.identity import Identity
from galley.build.revision import Revisions
from galley.record import Part, Record
from galley.similarity import Sketch, group

_MERGED = ("source_tags", "listing_tags", "sources")
_FACTS = ("publisher", "url", "published", "license")


@dataclass(slots=True)
class Found:
    """A record as one page has it, and the account rows that are about it."""

    record: Record
    rows: list[dict[str, Any]]
    sketch: Sketch
    place: int


def identify(
    extractions: Sequence[Extraction], identity: Identity, *, near_duplicate: float
) -> list[Record]:
    """Return the records, by id; the account rows of `extractions` are given their ids.

    Args:
        extractions: In a fixed order: what is seen first has the older id.
        identity: Is asked and added to.
        near_duplicate: Likeness from which two records share a cluster.
    """
    found = list(_find(extractions))
    known = [identity.find(item.record, item.sketch) for item in found]
    claimed = {name for names in known for name in names if not identity.is_retracted(name)}
    revisions = Revisions(identity, claimed)
    versions: dict[str, list[Found]] = {}
    for item in found:
        unknown = not identity.find(item.record, item.sketch)
        revised = revisions.claim(item.sketch) if unknown else None
        name = identity.resolve(item.record, item.sketch, revised=revised)
        versions.setdefault(name, []).append(item)
    merged: dict[str, list[Found]] = {}
    for name, several in versions.items():
        merged.setdefault(identity.root(name), []).extend(several)
    newest = {}
    for name, several in merged.items():
        if identity.is_retracted(name):
            _leave_out(several)
        else:
            newest[name] = _merge(name, several)
    _cluster(newest, identity, near_duplicate)
    return [newest[name].record for name in sorted(newest)]


def _find(extractions: Sequence[Extraction]) -> Iterator[Found]:
    """Yield what the files gave, in their order."""
    place = 0
    for extraction in extractions:
        rows: dict[int, list[dict[str, Any]]] = {}
        for row in extraction.account:
            if row["record"] is not None:
                rows.setdefault(row["record"], []).append(row)
        pairs = zip(extraction.records, extraction.sketches, strict=True)
        for number, (record, sketch) in enumerate(pairs):
            yield Found(record, rows.get(number, []), tuple(sketch), place)
            place += 1


def _leave_out(versions: list[Found]) -> None:
    """Account for the bytes of an article that was retracted: no part of them is read."""
    for row in (row for found in versions for row in found.rows):
        row |= {"part": Part.QUARANTINED.value, "reason": "retracted", "record_id": None}
        row |= {"text_start": None, "text_end": None}


def _merge(name: str, versions: list[Found]) -> Found:
    """Make one record of an article's versions: the last one's, with what all say of it.

    The last is the one published last, of several the one that was read last.
    """
    versions = sorted(versions, key=lambda found: found.place)
    last = max(versions, key=lambda found: (found.record["published"] or "", found.place))
    record = dict(last.record)
    for key in _MERGED:
        record[key] = _union(found.record[key] for found in versions)
    for key in _FACTS:
        stated = [found.record[key] for found in versions if found.record[key] is not None]
        record[key] = last.record[key] if last.record[key] is not None else (stated or [None])[-1]
    for found in versions:
        outdated = found.record["text_sha256"] != record["text_sha256"]
        for row in found.rows:
            row["record_id"] = name
            if outdated:  # its offsets count in a text that no record has any more
                row["text_start"] = row["text_end"] = None
    return Found({"id": name, "cluster": name} | record, last.rows, last.sketch, last.place)


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
