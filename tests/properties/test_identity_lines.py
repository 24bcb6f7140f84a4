"""Many lines of the registry at once are read as one by one."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from galley.build import identity_lines
from galley.errors import WorkspaceError
from galley.hashing import canonical_json

DIGITS = st.text("0123456789abcdef", min_size=32, max_size=32)
KEYS = st.text("0123456789abcdef", min_size=64, max_size=64)
SKETCHES = st.text("0123456789abcdef", min_size=192, max_size=192)
LINES = st.one_of(
    st.fixed_dictionaries(
        {"id": DIGITS, "kind": st.sampled_from(["url", "text", "title"]), "key": KEYS}
    ),
    st.fixed_dictionaries({"id": DIGITS, "kind": st.just("text"), "key": KEYS, "sketch": SKETCHES}),
    st.fixed_dictionaries(
        {"id": DIGITS, "kind": st.sampled_from(["alias", "retracted"]), "key": DIGITS}
    ),
)
WRITTEN = st.builds(
    lambda write, line: write(line), st.sampled_from([canonical_json, json.dumps]), LINES
)
CHANGES = st.lists(st.tuples(st.integers(min_value=0), st.binary(max_size=3)), max_size=3)


@given(st.lists(WRITTEN, max_size=8), CHANGES, st.sampled_from([1, 300, 1 << 20]))
def test_whatever_stands_there(
    lines: list[str], changes: list[tuple[int, bytes]], block: int
) -> None:
    """Bytes of it may be any: the same lines are found, or the same is said of the same line."""
    data = bytearray("".join(f"{line}\n" for line in lines).encode())
    for place, other in changes:
        at = place % (len(data) + 1)
        data[at : at + len(other)] = other
    with TemporaryDirectory() as folder:
        path = Path(folder, "identity.jsonl")
        path.write_bytes(data)
        one_by_one = _read(identity_lines._slowly(path, 0))
        before, identity_lines._BLOCK = identity_lines._BLOCK, block
        try:
            assert _read(identity_lines.read_lines(path)) == one_by_one
        finally:
            identity_lines._BLOCK = before


def _read(found: Any) -> Any:
    """Return all that is found, or what is said instead."""
    try:
        return [
            (own.tobytes(), int(kind), int(start), bytes(key), other)
            for lines in found
            for own, kind, start, key, other in _rows(lines)
        ]
    except WorkspaceError as error:
        return str(error)


def _rows(lines: Any) -> Any:
    keys, others = iter(lines.keys), iter(lines.others)
    for own, kind, start in zip(lines.ids, lines.kinds, lines.starts, strict=True):
        other = kind == identity_lines.OTHER
        yield (
            own,
            kind,
            start,
            b"" if other else next(keys).tobytes(),
            next(others) if other else None,
        )
    assert next(keys, None) is None
    assert next(others, None) is None
