"""The registry of ids as it lies on disk, held as arrays: many keys are looked up at once.

A record takes some hundred bytes of memory; as objects of Python it would be thousands. Sketches
stay on disk until one is asked for.
"""

import re
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from galley.build.identity import KEPT, join_aliases, unpack
from galley.build.identity_lines import ID, KINDS, OTHER, Lines, read_lines, read_sketches
from galley.similarity import Sketch

NONE, SEVERAL = -1, -2  # instead of a number: nobody has a key; who has it takes a closer look

_HEX = re.compile(f"[0-9a-f]{{{2 * ID}}}")


@dataclass(frozen=True)
class Index:
    """The keys of one kind.

    Attributes:
        marks: The first eight bytes of each key, a number; ascending.
        rests: What follows of the keys in that order, as numbers.
        owners: The number of the id that has each.
    """

    marks: Any
    rests: Any
    owners: Any

    @classmethod
    def make(cls, keys: Any, owners: Any) -> "Index":
        """Return an index of keys, in the order of the registry, of the ids `owners`."""
        order = np.argsort(keys[:, 0], kind="stable")
        return cls(keys[order, 0], keys[order, 1:], owners[order])

    def find(self, keys: Any) -> tuple[Any, Any]:
        """Return all that have one of `keys`: which of these, and who, as the registry has them."""
        which, places = _spread(*self.range(keys[:, 0]))
        same = (self.rests[places] == keys[which, 1:]).all(axis=1)
        return which[same], self.owners[places[same]]

    def range(self, marks: Any) -> tuple[Any, Any]:
        """Return for each of `marks` where its keys begin here, and where they end."""
        order = np.argsort(marks)  # in their order they are found in half the time
        first, last, marks = np.empty_like(order), np.empty_like(order), marks[order]
        first[order] = np.searchsorted(self.marks, marks)
        last[order] = np.searchsorted(self.marks, marks, "right")
        return first, last

    def look_up(self, keys: Any) -> Any:
        """Return for each of `keys` the number of who has it, or NONE, or SEVERAL."""
        first, last = self.range(keys[:, 0])
        found = np.where(first == last, NONE, SEVERAL).astype(np.int32)
        one = np.flatnonzero(last - first == 1)
        sure = one[(self.rests[first[one]] == keys[one, 1:]).all(axis=1)]
        found[sure] = self.owners[first[sure]]
        return found


@dataclass(frozen=True)
class Registry:
    """The lines of `build/identity.jsonl`; an id is a number here, the oldest is 0.

    Attributes:
        path: The file.
        ids: The ids, 16 bytes each.
        indexes: The keys, by kind.
        texts: Of each line of a text the number of the id, and where it begins in the file.
        aliases: Each id that gave way to another, to the one that stands for it.
        retracted: The ids that stand for records that were taken out.
    """

    path: Path
    ids: Any
    indexes: Mapping[str, Index]
    texts: tuple[Any, Any]
    aliases: dict[str, str]
    retracted: set[str]

    @classmethod
    def load(cls, path: Path) -> "Registry":
        """Read the registry at `path`; where there is none, it is empty.

        Raises:
            WorkspaceError: A line is no identity line.
        """
        heap = _Heap()
        for lines in read_lines(path):
            heap.add(lines)
        return heap.sort(path)

    def number(self, name: str) -> int | None:
        """Return the number of an id; None if it is not here."""
        return next(iter(self.numbers([name]).tolist()), None)

    def numbers(self, names: Iterable[str]) -> Any:
        """Return the numbers of those of the ids `names` that are here."""
        some = bytes.fromhex("".join(filter(_HEX.fullmatch, names)))
        return self._numbers.find(np.frombuffer(some, dtype=np.uint64).reshape(-1, 2))[1]

    def owners(self, kind: str, keys: Iterable[str]) -> dict[str, list[int]]:
        """Return for each of `keys` the numbers of the ids that have it, the oldest line first."""
        found: dict[str, list[int]] = {key: [] for key in keys}
        some = np.frombuffer(bytes.fromhex("".join(found)), dtype=np.uint64).reshape(-1, 4)
        which, owners = self.indexes[kind].find(some)
        lists = list(found.values())
        for place, owner in zip(which.tolist(), owners.tolist(), strict=True):
            lists[place].append(owner)
        return found

    def name(self, number: int) -> str:
        """Return the id of that number."""
        return str(self.ids[number].tobytes().hex())

    def root(self, name: str) -> str:
        """Return the id that stands for `name`, which may be an alias."""
        return self.aliases.get(name, name)

    def look_up(self, kind: str, keys: Any) -> Any:
        """Return for each of `keys` the number of the record that has it, or NONE, or SEVERAL."""
        found = self.indexes[kind].look_up(keys)
        known = found >= 0
        found[known] = self.roots[found[known]]
        return found

    def reach(self, kind: str, marks: Any) -> tuple[Any, Any, Any]:
        """Return what the beginnings of keys may lead to.

        Returns:
            Which of `marks` lead to any record, one that each leads to, and pairs of the records
            that one mark leads to.
        """
        index = self.indexes[kind]
        first, last = index.range(marks)
        which, owners = np.flatnonzero(first < last), self.roots[index.owners]
        starts, some = np.unique(first[which], return_index=True)
        heads, places = _spread(starts, last[which][some])
        same = np.column_stack((owners[starts[heads]], owners[places])).astype(np.int64)
        return which, owners[first[which]].astype(np.int64), same

    @cached_property
    def roots(self) -> Any:
        """For each id the number of the one that stands for it."""
        roots = np.arange(len(self.ids), dtype=np.int32)
        for name in self.aliases:
            number, root = self.number(name), self.number(self.root(name))
            if number is not None and root is not None:
                roots[number] = root
        return roots

    def sketches(self, among: Any) -> tuple[Any, Any]:
        """Return the sketches of texts of some records, and before them whose they are, ascending.

        Args:
            among: For each id whether it is one of these.
        """
        owners, starts = self._texts
        own = among[owners]
        packed = list(read_sketches(self.path, starts[own].tolist()))
        there = np.array([one is not None for one in packed], dtype=bool)
        values = np.frombuffer(bytes.fromhex("".join(filter(None, packed))), dtype=">u4")
        return owners[own][there], values.astype(np.uint32).reshape(-1, KEPT)

    def sketches_of(self, number: int) -> list[Sketch]:
        """Return the sketches of the texts that a record had."""
        owners, starts = self._texts
        own = slice(*np.searchsorted(owners, (number, number + 1)).tolist())
        packed = read_sketches(self.path, starts[own].tolist())
        return [unpack(one) for one in packed if one]

    @cached_property
    def _texts(self) -> tuple[Any, Any]:
        """Whose each text is, ascending, and where its line begins."""
        owners = self.roots[self.texts[0]]
        order = np.argsort(owners, kind="stable")
        return owners[order], self.texts[1][order]

    @cached_property
    def _numbers(self) -> Index:
        """The numbers of the ids."""
        return Index.make(_halves(self.ids), np.arange(len(self.ids), dtype=np.int32))


@dataclass(frozen=True)
class _Heap:
    """What was read of the registry, in its order.

    Attributes:
        runs: Ids; one for several lines in a row that have it.
        keys: The keys, by kind.
        owners: For each of these the number of its run.
        starts: Where the line of each text begins.
        others: Of lines of other kinds the id, the kind, and what it leads to.
    """

    runs: bytearray = field(default_factory=bytearray)
    keys: dict[str, bytearray] = field(
        default_factory=lambda: {kind: bytearray() for kind in KINDS}
    )
    owners: "dict[str, array[int]]" = field(
        default_factory=lambda: {kind: array("i") for kind in KINDS}
    )
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    others: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, lines: Lines) -> None:
        """Take some more lines."""
        halves = _halves(lines.ids)
        new = np.append(True, (halves[1:] != halves[:-1]).any(axis=1))[: len(halves)]
        runs = (np.cumsum(new) - 1 + len(self.runs) // ID).astype(np.int32)
        self.runs.extend(halves[new].tobytes())
        of_keys = lines.kinds[lines.kinds != OTHER]
        for code, kind in enumerate(KINDS):
            self.keys[kind].extend(lines.keys[of_keys == code].tobytes())
            self.owners[kind].frombytes(runs[lines.kinds == code].tobytes())
        texts = lines.kinds == KINDS.index("text")
        self.starts.frombytes(lines.starts[texts].astype(np.int64).tobytes())
        self.others.extend(lines.others)

    def sort(self, path: Path) -> Registry:
        """Return the registry; nothing is left here."""
        ids, numbers = _number(np.frombuffer(self.runs, dtype=f"V{ID}"))
        owners = {kind: numbers[np.frombuffer(own, np.int32)] for kind, own in self.owners.items()}
        indexes = {}
        for kind in KINDS:  # let go of one by one: they are most of it
            keys = np.frombuffer(self.keys.pop(kind), dtype=np.uint64).reshape(-1, 4)
            indexes[kind] = Index.make(keys, owners[kind])
        aliases = join_aliases((name, key) for name, kind, key in self.others if kind == "alias")
        gone = (name for name, kind, _ in self.others if kind == "retracted")
        retracted = {aliases.get(name, name) for name in gone}
        texts = (owners["text"], np.frombuffer(self.starts, dtype=np.int64))
        return Registry(path, ids, indexes, texts, aliases, retracted)


def _number(names: Any) -> tuple[Any, Any]:
    """Return each of several ids once, as they come, and the place of each among these."""
    halves = _halves(names)
    order = np.lexsort((halves[:, 1], halves[:, 0])).astype(np.int32)
    new = np.append(True, (halves[order[1:]] != halves[order[:-1]]).any(axis=1))[: len(order)]
    if new.all():
        return names.copy(), np.arange(len(names), dtype=np.int32)
    firsts = np.empty_like(order)
    firsts[order] = order[np.flatnonzero(new)][np.cumsum(new) - 1]
    first = firsts == np.arange(len(names))
    return names[first], (np.cumsum(first, dtype=np.int32) - 1)[firsts]


def _spread(starts: Any, ends: Any) -> tuple[Any, Any]:
    """Return the places of several ranges one after another, and before them whose each is."""
    sizes = ends - starts
    which = np.repeat(np.arange(len(sizes)), sizes)
    return which, np.arange(len(which)) + np.repeat(starts - np.cumsum(sizes) + sizes, sizes)


def _halves(names: Any) -> Any:
    """Return ids as two numbers each."""
    return names.view(np.uint64).reshape(-1, 2)
