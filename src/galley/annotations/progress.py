"""How far people are, counted column by column: no event becomes an object.

What needs a look at single records, a text that changed under its annotations, is asked of the
events of those records only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json

from galley.annotations.correction import Aliases
from galley.errors import LedgerError
from galley.ledger import STANDING, Kind
from galley.parquet import join_columns

_TEXT = pa.string()
_SCHEMA = pa.schema(
    [
        ("event", _TEXT),
        ("kind", _TEXT),
        ("record_id", _TEXT),
        ("text_sha256", _TEXT),
        ("at", _TEXT),
        ("origin", pa.struct([("project", _TEXT), ("annotation", _TEXT)])),
    ]
)
# What names an annotation is a number on a server, and a word in an export; here all are words.
# One pattern for each: what begins with a word is found twice as fast.
_NUMBERS = {name: re.compile(rb'"%b":([0-9]+)' % name) for name in (b"annotation", b"project")}
_BLOCK = 8 << 20  # bytes that are read at a time; a line must fit


@dataclass(frozen=True)
class Progress:
    """What the ledger says about the records as built.

    Attributes:
        events: Lines of each of its files, by name.
        corrected: Records that an annotation stands for, of whatever text.
        adjudicated: Those of them that somebody decided on.
        moved: Those of them that only annotations of an earlier text stand for.
        shared: Those that several annotations stand for, and no decision.
        skipped: Records that somebody passed over and no annotation stands for.
    """

    events: dict[str, int] = field(default_factory=dict)
    corrected: int = 0
    adjudicated: int = 0
    moved: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()


def measure_progress(ledger: Path, records: pa.Table, aliases: Aliases) -> Progress:
    """Count what stands in the ledger at `ledger`.

    Args:
        ledger: The folder.
        records: `id` and `text_sha256` of the records as built; without any, all count.
        aliases: As in `merge`.

    Raises:
        LedgerError: A file is damaged.
    """
    tables = {path.name: _read(path) for path in sorted(ledger.glob("*.jsonl"))}
    events = {name: len(table) for name, table in tables.items()}
    if not sum(events.values()):
        return Progress(events)
    last = _latest(pa.concat_tables(tables.values()), aliases)
    standing = pc.filter(last, _is(last, *STANDING))
    if not len(records):  # nothing is built here
        return Progress(events, len(pc.unique(standing["record_id"])), _decided(standing))
    ids, texts = records["id"], records["text_sha256"]
    corrected = pc.is_in(ids, standing["record_id"])
    keys = join_columns(standing["record_id"], standing["text_sha256"])
    exact = pc.is_in(join_columns(ids, texts), keys)
    moved = pc.filter(ids, pc.and_not(corrected, exact)).to_pylist()
    return Progress(
        events,
        corrected=pc.sum(corrected).as_py() or 0,
        adjudicated=_decided(pc.filter(standing, pc.is_in(standing["record_id"], ids))),
        moved=frozenset(moved),
        shared=_shared(standing),
        skipped=_skipped(last, pc.filter(ids, pc.invert(corrected))),
    )


def _decided(standing: pa.Table) -> int:
    """Return how many records somebody decided on."""
    return len(pc.unique(pc.filter(standing["record_id"], _is(standing, Kind.ADJUDICATED))))


def _shared(standing: pa.Table) -> frozenset[str]:
    """Return the records with several annotations among which nobody decided."""
    decided = pc.filter(standing["record_id"], _is(standing, Kind.ADJUDICATED))
    left = pc.invert(pc.is_in(standing["record_id"], decided))
    counts = pc.value_counts(pc.filter(standing["record_id"], left))
    several = pc.greater(pc.struct_field(counts, "counts"), 1)
    return frozenset(pc.filter(pc.struct_field(counts, "values"), several).to_pylist())


def _skipped(last: pa.Table, left: pa.ChunkedArray) -> frozenset[str]:
    """Return which of the records in `left` somebody passed over."""
    passed = pc.filter(last["record_id"], _is(last, Kind.SKIPPED))
    return frozenset(pc.filter(left, pc.is_in(left, passed)).to_pylist())


def _is(events: pa.Table, *kinds: Kind) -> Any:
    return pc.is_in(events["kind"], pa.array([kind.value for kind in kinds]))


def _latest(events: pa.Table, aliases: Aliases) -> pa.Table:
    """Return the last event of each annotation."""
    tombs = pc.filter(events["event"], pc.equal(events["kind"], "tombstone"))
    events = pc.filter(events, pc.invert(pc.is_in(events["event"], tombs)))
    origin = events["origin"].combine_chunks()
    parts = (pc.struct_field(origin, "project"), pc.struct_field(origin, "annotation"))
    events = pa.table(
        {
            **{name: events[name] for name in ("event", "kind", "text_sha256", "at")},
            "record_id": _renamed(events["record_id"], aliases),
            "annotation": join_columns(*parts),
        }
    )
    return _last(events.sort_by([(name, "ascending") for name in ("annotation", "at", "event")]))


def _last(events: pa.Table) -> pa.Table:
    """Return the last of each run of rows about the same annotation."""
    if not len(events):
        return events
    names = events["annotation"].combine_chunks()
    ends = pc.not_equal(names.slice(0, len(names) - 1), names.slice(1))
    return pa.concat_tables(
        [pc.filter(events.slice(0, len(names) - 1), ends), events.slice(len(names) - 1)]
    )


def _renamed(ids: pa.ChunkedArray, aliases: Mapping[str, str]) -> Any:
    if not aliases:
        return ids
    now = pa.array(aliases.values(), _TEXT)
    return pc.coalesce(now.take(pc.index_in(ids, pa.array(aliases, _TEXT))), ids)


def _read(path: Path) -> pa.Table:
    """Read the columns of a ledger file that are counted; a last line cut short is left out."""
    data = path.read_bytes()
    data = data[: data.rfind(b"\n") + 1]
    if not data:
        return _SCHEMA.empty_table()
    try:
        return json.read_json(
            pa.BufferReader(_quoted(data)),
            read_options=json.ReadOptions(block_size=_BLOCK),
            parse_options=json.ParseOptions(
                explicit_schema=_SCHEMA, unexpected_field_behavior="ignore"
            ),
        )
    except pa.ArrowInvalid as error:
        raise LedgerError(
            f"{path} holds a line that is no event: {error}",
            code="ledger_event",
            hint="`galley pull` names the line; the ledger is append-only: restore it from git",
        ) from error


def _quoted(data: bytes) -> bytes:
    """Return lines of a ledger with the numbers of annotations and projects as words."""
    for name, number in _NUMBERS.items():
        as_word = b'"' + name + b'":"%b"'
        data = number.sub(lambda match, word=as_word: word % match[1], data)  # type: ignore[misc]
    return data
