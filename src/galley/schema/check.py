"""Check records: against the JSON Schema, and what a JSON Schema cannot say."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from galley.hashing import sha256_text
from galley.record import Record, unfit_character
from galley.schema.contract import Contract
from galley.schema.issue import Issue


@dataclass(frozen=True)
class Checker:
    """Checks records against a contract; `jsonschema-rs` decides, `jsonschema` explains."""

    contract: Contract

    @cached_property
    def _fast(self) -> Any:
        import jsonschema_rs  # noqa: PLC0415 - only where records are checked

        return jsonschema_rs.validator_for(self.contract.document)

    @cached_property
    def _slow(self) -> Any:
        from jsonschema import Draft202012Validator  # noqa: PLC0415 - only for messages

        return Draft202012Validator(self.contract.document)

    def issues(self, record: Record) -> Iterator[Issue]:
        """Yield what is wrong with `record`, the schema's rules before the offsets.

        Each issue's path is a JSON path into the record.
        """
        if not self._fast.is_valid(record):
            for error in sorted(self._slow.iter_errors(record), key=lambda e: e.json_path):
                got = repr(error.instance)[:80]
                yield Issue(error.json_path, f"schema_{error.validator}", error.message[:200], got)
            return
        yield from _check_text(record)
        yield from _check_spans(record)


def _check_text(record: Record) -> Iterator[Issue]:
    text: str = record["text"]
    unfit = unfit_character(text)
    if unfit is not None:
        yield Issue("$.text", "text_character", "no NUL and no lone surrogate", unfit)
    elif (digest := sha256_text(text)) != record["text_sha256"]:
        yield Issue("$.text_sha256", "text_hash", digest, record["text_sha256"])


def _check_spans(record: Record) -> Iterator[Issue]:
    text: str = record["text"]
    for number, span in enumerate(record["subheads"]):
        if not 0 <= span["start"] < span["end"] <= len(text):
            yield Issue(f"$.subheads[{number}]", "span_range", f"inside 0..{len(text)}", str(span))
    last = (0, 0)
    for number, entity in enumerate(record["entities"]):
        where, start, end = f"$.entities[{number}]", entity["start"], entity["end"]
        if not 0 <= start < end <= len(text):
            yield Issue(where, "span_range", f"inside 0..{len(text)}", f"{start}..{end}")
        elif text[start:end] != entity["text"]:
            yield Issue(where, "span_text", repr(text[start:end]), repr(entity["text"]))
        if (start, end) < last:
            yield Issue(where, "span_order", f"not before {last}", f"{start}..{end}")
        last = (start, end)
