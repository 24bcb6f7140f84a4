"""The weights of a conditional random field, read from the file that CRFsuite makes.

Source: CRFsuite 0.12, lib/crf/src/crf1d_model.c and lib/cqdb/src/cqdb.c: little-endian, a
header of twelve numbers, the features, and two tables of strings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from struct import unpack_from
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
_HEADER = "<4sI4sIIIIIIIII"
_FEATURE = np.dtype([("type", "<u4"), ("source", "<u4"), ("target", "<u4"), ("weight", "<f8")])
_TABLE = "<4sIIIII"


@dataclass(frozen=True)
class Weights:
    """What a model has learned.

    Attributes:
        tags: In the order of the columns.
        rows: The row of each attribute.
        states: What an attribute says for each tag; the last row is of none and 0.
        moves: What a tag says for each that follows.
    """

    tags: tuple[str, ...]
    rows: Mapping[str, int]
    states: Array
    moves: Array

    @classmethod
    def parse(cls, data: bytes) -> "Weights":
        """Return the weights in the file `data`."""
        _, _, _, _, _, _, _, features, tags, attributes, _, _ = unpack_from(_HEADER, data)
        names, keys = _strings(data, tags), _strings(data, attributes)
        (number,) = unpack_from("<I", data, features + 8)
        found = np.frombuffer(data, _FEATURE, number, features + 12)
        states = np.zeros((len(keys) + 1, len(names)))
        moves = np.zeros((len(names), len(names)))
        for kind, table in enumerate((states, moves)):
            those = found[found["type"] == kind]
            table[those["source"], those["target"]] = those["weight"]
        return cls(tuple(names), {key: row for row, key in enumerate(keys)}, states, moves)


def _strings(data: bytes, start: int) -> list[str]:
    """Return the strings of a table that begins at `start`, by number."""
    _, _, _, _, number, offset = unpack_from(_TABLE, data, start)
    places = np.frombuffer(data, "<u4", number, start + offset) + start
    sizes = (unpack_from("<I", data, place + 4)[0] for place in places.tolist())
    # each has its number and its size before it, and a zero behind
    return [
        data[place + 8 : place + 7 + size].decode()
        for place, size in zip(places.tolist(), sizes, strict=True)
    ]
