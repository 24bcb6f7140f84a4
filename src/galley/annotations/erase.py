"""Take records out of the files beside the ledger: suggestions, annotations put aside."""

from collections.abc import Container
from pathlib import Path

from galley.files import read_jsonl, write_jsonl


def count_lines(path: Path, records: Container[str]) -> int:
    """Return how many lines of a JSON Lines file are about `records`."""
    return sum(line.get("record_id") in records for _, line in read_jsonl(path))


def drop_lines(path: Path, records: Container[str]) -> None:
    """Take the lines about `records` out of a JSON Lines file; without any it is not touched."""
    if count_lines(path, records):
        left = (line for _, line in read_jsonl(path) if line.get("record_id") not in records)
        write_jsonl(path, left)
