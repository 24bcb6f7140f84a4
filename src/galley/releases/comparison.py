"""How two releases differ inside their rows: fields, spans, tags and labels."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from galley.record import Record
from galley.releases.diff import Change, compare
from galley.releases.snapshot import Snapshot
from galley.releases.spans import Fate, SpanChange, compare_spans

# Compared by `text_sha256`, and what says only that something else changed.
_ASIDE = frozenset({"text", "text_sha256", "changed_in"})


@dataclass(frozen=True)
class RecordChange:
    """One record that both sides have, and that is not the same.

    Attributes:
        id: The record.
        fields: Which of its fields differ, in the order of the schema.
        spans: Which of its entities differ.
        tags_added: Tags that are new.
        tags_removed: Tags that are gone.
    """

    id: str
    fields: list[str]
    spans: list[SpanChange]
    tags_added: list[str]
    tags_removed: list[str]

    def to_json(self) -> dict[str, Any]:
        """Return the change as a JSON object."""
        return {**vars(self), "spans": [span.to_json() for span in self.spans]}


@dataclass
class Detail:
    """What only the Parquet files say. Each count is a pair: before and after, or gone and new.

    Attributes:
        records: The records that changed, by id.
        fields: How many records differ in each field.
        spans: How many spans had each fate.
        tags: By tag, how many records lost it and got it; of the changed records.
        labels: By label, how many entities there were and are; of all records.
    """

    records: list[RecordChange] = field(default_factory=list)
    fields: Counter[str] = field(default_factory=Counter)
    spans: Counter[Fate] = field(default_factory=Counter)
    tags: dict[str, list[int]] = field(default_factory=dict)
    labels: dict[str, list[int]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the detail as a JSON object."""
        return {
            "records": [record.to_json() for record in self.records],
            "fields": dict(self.fields),
            "spans": {str(fate): self.spans[fate] for fate in Fate},
            "tags": self.tags,
            "labels": self.labels,
        }


@dataclass(frozen=True)
class Comparison:
    """How two releases differ.

    Attributes:
        old: The name of the one.
        new: The name of the other.
        change: What the indexes and features say.
        detail: What the rows say; None where a side has no Parquet files.
        without_data: The releases that have none.
        next: The version that a release of the working state would have; None where it is not
            compared with the newest one, or nothing changed.
    """

    old: str
    new: str
    change: Change
    detail: Detail | None
    without_data: list[str]
    next: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {
            "from": self.old,
            "to": self.new,
            "next": self.next,
            "level": self.change.level.name.lower(),
            "change": asdict(self.change),
            "detail": None if self.detail is None else self.detail.to_json(),
            "without_data": self.without_data,
        }


def compare_snapshots(old: Snapshot, new: Snapshot) -> Comparison:
    """Return how two snapshots differ, as deep as what is there allows."""
    change = compare(old.state, new.state)
    absent = [side.name for side in (old, new) if side.records is None]
    detail = None if absent else _detail(old, new, set(change.changed))
    return Comparison(old.name, new.name, change, detail, absent)


def _detail(old: Snapshot, new: Snapshot, changed: set[str]) -> Detail:
    detail, before = Detail(), {}
    for record in _counted(old, detail, side=0):
        if record["id"] in changed:
            before[record["id"]] = record
    for record in _counted(new, detail, side=1):
        if record["id"] in changed:
            detail.records.append(_compare(before.pop(record["id"]), record))
    detail.records.sort(key=lambda record: record.id)
    detail.labels = dict(sorted(detail.labels.items()))
    for item in detail.records:
        detail.fields.update(item.fields)
        detail.spans.update(span.fate for span in item.spans)
        for side, tags in enumerate((item.tags_removed, item.tags_added)):
            for tag in tags:
                detail.tags.setdefault(tag, [0, 0])[side] += 1
    detail.tags = dict(sorted(detail.tags.items()))
    return detail


def _counted(side_of: Snapshot, detail: Detail, *, side: int) -> Iterator[Record]:
    """Yield the records of a side, and count their labels on the way."""
    for record in side_of.records() if side_of.records else ():
        for entity in record["entities"]:
            detail.labels.setdefault(entity["label"], [0, 0])[side] += 1
        yield record


def _compare(before: Record, after: Record) -> RecordChange:
    same_text = before["text_sha256"] == after["text_sha256"]
    names = [*after, *(name for name in before if name not in after)]
    fields = [name for name in names if name not in _ASIDE and before.get(name) != after.get(name)]
    return RecordChange(
        id=after["id"],
        fields=fields if same_text else ["text", *fields],
        spans=compare_spans(before["entities"], after["entities"], same_text=same_text),
        tags_added=[tag for tag in after["tags"] if tag not in before["tags"]],
        tags_removed=[tag for tag in before["tags"] if tag not in after["tags"]],
    )
