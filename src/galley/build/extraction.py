"""What one raw file gave: records, the account of its bytes, and what was quarantined."""

from dataclasses import dataclass, field
from typing import Any

from galley.build.page import Rejection
from galley.record import Part, Record
from galley.schema.check import Checker
from galley.schema.issue import Issue

# An id is given later, when the other files have been seen.
_PLACEHOLDERS = {"id": "0" * 32, "cluster": "0" * 32}


@dataclass(slots=True)
class Extraction:
    """What one file gave.

    Attributes:
        records: Without `id` and `cluster`, which need a look at the other files.
        account: Rows of `account.parquet`; `record` is an index into `records`, or None.
        quarantine: Entries of `quarantine.jsonl`.
        size: Bytes of the file, of a compressed one decompressed.
    """

    records: list[Record] = field(default_factory=list)
    account: list[dict[str, Any]] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    size: int = 0

    def add(self, record: Record, checker: Checker) -> Issue | None:
        """Take `record` if it fits the schema; else quarantine its bytes and return why."""
        issue = next(checker.issues(_PLACEHOLDERS | record), None)
        if issue is None:
            self.records.append(record)
            return None
        source = record["sources"][0]
        extent = (source["byte_start"], source["byte_end"])
        why = Rejection(issue.code, f"{issue.path}: {issue.expected}")
        self.reject(source["file"], extent, why)
        return issue

    def reject(self, name: str, extent: tuple[int, int], why: Rejection) -> None:
        """Quarantine the bytes `extent` of the file `name`."""
        start, end = extent
        where = {"source_file": name, "byte_start": start, "byte_end": end}
        self.quarantine.append({**where, "reason": why.reason, "detail": why.detail})


def rejected(name: str, size: int, why: Rejection) -> Extraction:
    """Return the extraction of a file that is quarantined whole."""
    result = Extraction(size=size)
    result.reject(name, (0, size), why)
    if size:
        where = {"source_file": name, "byte_start": 0, "byte_end": size}
        blank = {"record": None, "text_start": None, "text_end": None}
        result.account.append({**where, "part": Part.QUARANTINED, "reason": why.reason, **blank})
    return result
