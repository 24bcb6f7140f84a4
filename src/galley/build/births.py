"""New lines of the registry, made when they are saved: as objects they take a kilobyte a record."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from galley.build.corpus import Corpus
from galley.build.identity import Keys, Line, pack_all
from galley.build.standing import NEW
from galley.hashing import canonical_json

_AT_ONCE = 1 << 16  # records whose keys are in memory at a time
_FEW = 1 << 10
_ALL = (1 << len(Keys._fields)) - 1


@dataclass(frozen=True)
class Births:
    """What is new of records.

    Attributes:
        numbers: Of the records.
        names: The id of each: 16 bytes.
        kinds: Which of its keys are new: a bit each.
        others: New lines that are of no key, by number.
    """

    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    names: bytearray = field(default_factory=bytearray)
    kinds: bytearray = field(default_factory=bytearray)
    others: dict[int, list[Line]] = field(default_factory=dict)

    def add(self, number: int, lines: list[Line]) -> None:
        """Take the lines of a record, all of one id."""
        if not lines:
            return
        kinds = {line["kind"] for line in lines}
        self.numbers.append(number)
        self.names.extend(bytes.fromhex(lines[0]["id"]))
        self.kinds.append(sum((kind in kinds) << bit for bit, kind in enumerate(Keys._fields)))
        if others := [line for line in lines if line["kind"] not in Keys._fields]:
            self.others[number] = others

    def lines(self, corpus: Corpus, known: Any) -> Iterator[str]:
        """Yield all lines, as JSON, in the order of places.

        Args:
            corpus: All records.
            known: For each whether it is NEW, see `standing`: then all of its keys are new, and
                its id is minted.
        """
        looked = np.frombuffer(self.numbers, dtype=np.int64)
        order = np.argsort(looked)
        for numbers in corpus.in_order(_AT_ONCE):
            at = np.searchsorted(looked, numbers, sorter=order)
            places = np.append(order, -1)[at]
            places[np.append(looked, -1)[places] != numbers] = -1
            some = np.flatnonzero((known[numbers] == NEW) | (places >= 0))
            columns = corpus.keys(numbers[some])
            for first in range(0, len(some), _FEW):
                few, rows = some[first : first + _FEW], columns.slice(first, _FEW)
                yield from self._few(corpus, numbers[few], places[few].tolist(), rows)

    def _few(
        self, corpus: Corpus, numbers: Any, places: list[int], columns: pa.Table
    ) -> Iterator[str]:
        """Yield the lines of a few records; a place below 0 is that of a NEW one.

        To make JSON of each line took a twentieth of a build.
        """
        keys = (columns[name].to_pylist() for name in ("minted", *Keys._fields))
        sketches = pack_all(corpus.rows(numbers))
        found = zip(numbers.tolist(), places, *keys, sketches, strict=True)
        for number, place, minted, url, text, title, sketch in found:
            name, kinds = minted, _ALL
            if place >= 0:
                name, kinds = self.names[place * 16 : place * 16 + 16], self.kinds[place]
                yield from map(canonical_json, self.others.get(number, ()))
            own = f'{{"id":"{name.hex()}","key":"'
            if url and kinds & 1:
                yield f'{own}{url.hex()}","kind":"url"}}'
            if kinds & 2:
                yield f'{own}{text.hex()}","kind":"text","sketch":"{sketch}"}}'
            if kinds & 4:
                yield f'{own}{title.hex()}","kind":"title"}}'
