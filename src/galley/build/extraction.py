"""What one raw file gave: records, the account of its bytes, and what was quarantined."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from galley.build.page import Rejection
from galley.hashing import sha256_json
from galley.record import Part, Record
from galley.schema.check import Checker
from galley.schema.contract import Contract
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
        record |= _unknown(record, checker.contract)
        issue = next(checker.issues(_PLACEHOLDERS | record), None)
        if issue is None:
            self.records.append(record)
            return None
        source = record["sources"][0]
        extent = (source["byte_start"], source["byte_end"])
        why = Rejection(issue.code, f"{issue.path}: {issue.expected}", source["extractor"])
        self.reject(source["file"], extent, why)
        return issue

    def reject(self, name: str, extent: tuple[int, int], why: Rejection) -> None:
        """Quarantine the bytes `extent` of the file `name`."""
        start, end = extent
        where = {"source_file": name, "byte_start": start, "byte_end": end}
        self.quarantine.append({**where, **asdict(why)})

    def sign(self, sha256: str, schema: str) -> None:
        """Give each quarantined entry its id and what it was refused by.

        The id follows from the place and the reason alone: it is the same in every build.

        Args:
            sha256: Of the file, as it lies on disk.
            schema: The hash of the schema.
        """
        seen: Counter[str] = Counter()
        for entry in self.quarantine:
            key = [entry[name] for name in ("source_file", "byte_start", "byte_end", "reason")]
            digest = sha256_json([sha256, *key])
            nth, seen[digest] = seen[digest], seen[digest] + 1
            name = sha256_json([digest, nth]) if nth else digest
            entry |= {"id": name[:12], "sha256": sha256, "schema": schema}


def _unknown(record: Record, contract: Contract) -> Record:
    """Return the fields that only the schema knows: null or empty, where that may stand."""
    missing = contract.properties.keys() - record.keys() - _PLACEHOLDERS.keys()
    blank: Record = {}
    for name in missing:
        kinds = contract.properties[name].get("type", ())
        if "null" in kinds:
            blank[name] = None
        elif kinds == "array":
            blank[name] = []
    return blank


def rejected(name: str, size: int, why: Rejection) -> Extraction:
    """Return the extraction of a file that is quarantined whole."""
    result = Extraction(size=size)
    result.reject(name, (0, size), why)
    if size:
        where = {"source_file": name, "byte_start": 0, "byte_end": size}
        blank = {"record": None, "text_start": None, "text_end": None}
        result.account.append({**where, "part": Part.QUARANTINED, "reason": why.reason, **blank})
    return result
