"""What one raw file gave: records, the account of its bytes, and what was quarantined."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from galley.build.cover import Cover
from galley.build.page import Rejection
from galley.hashing import sha256_json, sha256_text
from galley.record import Part, Record
from galley.schema.check import Checker
from galley.schema.contract import Contract
from galley.schema.issue import Issue

# An id is given later, when the other files have been seen.
_PLACEHOLDERS = {"id": "0" * 32, "cluster": "0" * 32}
_UNHASHED = "0" * 64


@dataclass(slots=True)
class Extraction:
    """What one file gave.

    Attributes:
        records: Without `id` and `cluster`, which need a look at the other files.
        account: Rows of `account.parquet`.
        quarantine: Entries of `quarantine.jsonl`.
        size: Bytes of the file, of a compressed one decompressed.
    """

    records: list[Record] = field(default_factory=list)
    account: Cover = field(default_factory=Cover)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    size: int = 0

    def add(self, record: Record, checker: Checker, *, own: bool = False) -> Issue | None:
        """Take `record` if it fits the schema; else quarantine its bytes and return why.

        Args:
            record: Without an id.
            checker: Holds it against the schema.
            own: Whether its spans were made here, of its own text. Then the text's hash is, too:
                the check leaves the text in UTF-8, and nobody has to encode it for that.
        """
        whole = _PLACEHOLDERS | record
        if own:
            whole["text_sha256"] = _UNHASHED
        if whole.keys() != checker.contract.properties.keys():
            record |= _unknown(record, checker.contract)
            whole |= record
        fits = own and checker.accepts(whole)
        if own:
            record["text_sha256"] = whole["text_sha256"] = sha256_text(record["text"])
        issue = None if fits else next(checker.issues(whole), None)
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
    result = Extraction(account=Cover(name), size=size)
    result.reject(name, (0, size), why)
    if size:
        result.account.add(Part.QUARANTINED, (0, size), reason=why.reason)
    return result
