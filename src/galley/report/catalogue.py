"""The records of a report as data for its browser: small, packed, in a form that nothing runs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from galley.hashing import sha256_text
from galley.record import REVIEWED, Record
from galley.releases.edition import UNRELEASED
from galley.releases.index import Entry
from galley.releases.packed import pack
from galley.report.work import Step

LISTED = 20_000
WHOLE = 1_500
_ASIDE = ("deck", "dateline", "authors", "contributors", "captions", "credits", "license", "url")


class Names:
    """Names by number: a record says the number."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = list(names)
        self._numbers = {name: number for number, name in enumerate(self.names)}

    def number(self, name: str) -> int:
        """Return the number of `name`, which gets one if it has none."""
        if name not in self._numbers:
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]


@dataclass
class Catalogue:
    """The records that the browser lists, and those that it shows whole.

    Attributes:
        listed: Ids of those that it lists.
        whole: Ids of those that it shows with their texts.
        labels: The entity labels, in the order of their colours.
        stories: What was done to each record.
    """

    listed: frozenset[str]
    whole: frozenset[str]
    labels: list[str]
    stories: dict[str, list[Step]]
    rows: list[list[Any]] = field(default_factory=list)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: dict[str, Names] = field(default_factory=dict)

    @classmethod
    def choose(
        cls, entries: list[Entry], labels: list[str], stories: dict[str, list[Step]], *, seed: str
    ) -> "Catalogue":
        """Return an empty catalogue that has chosen its records.

        What people corrected comes first, then what `seed` draws.
        """

        def rank(entry: Entry) -> tuple[bool, str]:
            return entry.status not in REVIEWED, sha256_text(f"{seed}{entry.id}")

        ids = [entry.id for entry in sorted(entries, key=rank)]
        found = cls(frozenset(ids[:LISTED]), frozenset(ids[:WHOLE]), labels, stories)
        found.names["labels"] = Names(labels)
        return found

    def add(self, record: Record, entry: Entry) -> None:
        """Take `record` in, if it is one of those chosen."""
        if record["id"] not in self.listed:
            return
        self.rows.append(self._row(record, entry))
        detail = self._whole(record) if record["id"] in self.whole else {}
        if steps := self.stories.get(record["id"]):
            detail["story"] = [_step(step) for step in steps]
        if detail:
            self.details[record["id"]] = detail

    def _row(self, record: Record, entry: Entry) -> list[Any]:
        sources = [
            [
                self._number("files", source["file"]),
                source["byte_start"],
                source["byte_end"],
                self._number("layouts", f"{source['layout']}, {source['extractor']}"),
            ]
            for source in record["sources"]
        ]
        return [
            record["id"],
            record["title"],
            record["published"] or "",
            self._number("publishers", record["publisher"] or ""),
            self._number("languages", record["language"]),
            self._number("splits", entry.split),
            self._number("statuses", entry.status),
            [self._number("tags", tag) for tag in record["tags"]],
            len(record["entities"]),
            sources,
            entry.changed_in if entry.changed_in != UNRELEASED else "",
            record["cluster"] if record["cluster"] != record["id"] else "",
        ]

    def _whole(self, record: Record) -> dict[str, Any]:
        entities = [
            [entity["start"], entity["end"], self._number("labels", entity["label"])]
            for entity in record["entities"]
        ]
        return {
            "text": record["text"],
            "entities": entities,
            "subheads": [[span["start"], span["end"]] for span in record["subheads"]],
            "source_tags": record["source_tags"],
            "aside": {name: record[name] for name in _ASIDE if record[name]},
        }

    def _number(self, kind: str, name: str) -> int:
        return self.names.setdefault(kind, Names()).number(name)

    def blocks(self) -> dict[str, str]:
        """Return what the page holds of it, packed: the list, and the details."""
        names = {kind: found.names for kind, found in self.names.items()}
        return {"list": pack({"names": names, "rows": self.rows}), "details": pack(self.details)}


def _step(step: Step) -> dict[str, Any]:
    """Return an event as the page tells it; who it was is left out."""
    spans = [
        [str(change.fate), *_told(change.before), *_told(change.after)] for change in step.spans
    ]
    return {
        "at": step.event.at,
        "kind": step.event.kind,
        "suggested": step.event.before is None and step.event.suggestion is not None,
        "tags": [list(pair) for pair in step.tags()],
        "spans": spans,
    }


def _told(entity: dict[str, Any] | None) -> tuple[str, str]:
    return ("", "") if entity is None else (entity["label"], entity["text"])
