"""How much texts are like each of sixty languages: the measure of eld, for many texts at a time.

eld cuts the words of a text into pieces of four bytes and compares how often each occurs with
how often it does in a language. Its own detector goes from piece to piece; here the pieces of
all texts of a page are looked up together.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np
import regex

from galley.build.kept import kept

_DATA = "eld.resources.ngrams.ngramsM60"
# As eld has it: what is no letter parts words, but for some signs at the end of it.
_PARTS = regex.compile(r"[^\pL]+(?<![\x27\x60\x2019])")
_SEEN = 1000  # code points of a text that are looked at
_LONG, _LONGEST = 350, 380  # bytes of it that count, up to the end of a word
_WORD = 70  # bytes of a word that are cut into pieces
_PIECE, _STEP = 4, 3
_SPACE = 0x20
_SCALE, _DIVISOR = 13200, 3.2  # of eld's frequencies, of its scores
_WIDE = 8  # bytes of a number
_NONE = np.uint64(2**64 - 1)  # it and those below it are no pieces
# What a piece counts: the more, the fewer languages have it.
_WEIGHTS = np.array([0, 27, *((16 - count) / 2 + 1 for count in range(2, 16)), *[1] * 240])

Numbers = Any  # an array


@dataclass(frozen=True)
class Tongues:
    """What is known of languages.

    Attributes:
        codes: The languages.
        pieces: The pieces of words that occur in them, as numbers, ascending.
        starts: For each piece, the first of its entries, one for each language; and their end.
        languages: Of each entry.
        frequencies: How often the piece occurs in that language.
    """

    codes: list[str]
    pieces: Numbers
    starts: Numbers
    languages: Numbers
    frequencies: Numbers

    @classmethod
    def load(cls) -> Self:
        """Take what eld knows, in the form that is wanted here.

        What eld has is a module of a hundred thousand dictionaries: to load it takes a tenth of a
        second and 50 MB.
        """
        file = BytesIO(kept("tongues", (_source(), Path(__file__)), _compile))
        codes, *arrays = (np.load(file) for _ in range(5))
        return cls(codes.tolist(), *arrays)

    def scores(self, texts: list[str]) -> Numbers:
        """Return how much each text is like each language: a row of scores for each text."""
        return self.scores_of(list(map(letters, texts)))

    def scores_of(self, texts: list[bytes]) -> Numbers:
        """Return the same of texts of which the letters are known."""
        owners, pieces = _pieces(texts)
        scores = np.zeros((len(texts), len(self.codes)))
        if not len(pieces):
            return scores
        owners, pieces, nth, frequencies = _counted(owners, pieces, len(texts))
        distinct = np.bincount(owners, minlength=len(texts))
        places = np.minimum(np.searchsorted(self.pieces, pieces), len(self.pieces) - 1)
        known = np.flatnonzero(self.pieces[places] == pieces)
        known = known[np.argsort(nth[known])]  # as they come, so that sums are the same
        places, owners, frequencies = places[known], owners[known], frequencies[known]
        first = self.starts[places].astype(np.int64)
        counts = self.starts[places + 1] - first
        ends = np.cumsum(counts)
        entries = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + counts, counts)
        here, there = np.repeat(frequencies, counts), self.frequencies[entries]
        nearness = np.minimum(here, there) / np.maximum(here, there)
        alike = nearness * np.repeat(_WEIGHTS[counts], counts) + 2
        cells = np.repeat(owners, counts) * len(self.codes) + self.languages[entries]
        scores += np.bincount(cells, alike, scores.size).reshape(scores.shape)
        return scores / np.maximum(distinct, 1)[:, None] / _DIVISOR


@cache
def tongues() -> Tongues:
    """Return what is known of languages, loaded once."""
    return Tongues.load()


def _source() -> Path:
    """Return where the module of eld is, which is found but not imported: that takes long."""
    package, *rest = _DATA.split(".")
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(name=package)
    return Path(spec.submodule_search_locations[0], *rest).with_suffix(".py")


def _compile() -> bytes:
    """Return arrays of what the module of eld holds, one behind another."""
    loaded = _DATA in sys.modules
    data = import_module(_DATA).ngrams_data
    if not loaded:
        del sys.modules[_DATA]
    known, names = data["ngrams"], data["languages"]
    pieces = np.array(list(known), dtype="S8").view("<u8")
    order, entries = np.argsort(pieces), list(known.values())
    entries = [entries[place] for place in order.tolist()]
    starts = np.cumsum([0, *map(len, entries)], dtype=np.uint32)
    values = chain.from_iterable(map(dict.values, entries))
    file = BytesIO()
    for array in (
        np.array([names[number] for number in range(len(names))]),
        pieces[order],
        starts,
        np.fromiter(chain.from_iterable(entries), dtype=np.uint8, count=starts[-1]),
        np.fromiter(values, dtype=np.uint16, count=starts[-1]),
    ):
        np.save(file, array, allow_pickle=False)
    return file.getvalue()


def letters(text: str) -> bytes:
    """Return what of a text is looked at: words in lower case, with spaces between them."""
    words: str = _PARTS.sub(" ", text[:_SEEN])
    data = words.strip().lower().encode("utf-8", "surrogatepass")
    if len(data) > _LONG:
        data = data[: min(_LONGEST, data.find(b" ", _LONG))]
    return data


def _cuts(length: int) -> Iterator[tuple[int, int]]:
    """Yield where the pieces of a word begin and end, from the space before it on, in order.

    The first piece has that space, the last one the space behind the word.
    """
    tail = max(min(length, _WORD) - _PIECE, 0) + 1
    starts = [*range(1, tail, _STEP), tail] if length else []
    for start in starts:
        end = length + 2 if start == tail else start + _PIECE
        yield 0 if start == 1 else start, end


def _mask(size: int) -> int:
    """Return what leaves of eight bytes the first `size`; 0 where that is more than any piece."""
    return (1 << 8 * size) - 1 if size < _WIDE else 0


# By the length of a word; of all words that are longer the last piece is too long.
_CUTS = [list(_cuts(length)) for length in range(_WORD + _WIDE - _PIECE)]
_NUMBERS = np.array(list(map(len, _CUTS)))
_FIRST = np.cumsum(_NUMBERS) - _NUMBERS
_BEGINS = np.array([begin for cuts in _CUTS for begin, _ in cuts])
_MASKS = np.array([_mask(end - begin) for cuts in _CUTS for begin, end in cuts], np.uint64)


def _pieces(texts: list[bytes]) -> tuple[Numbers, Numbers]:
    """Return the pieces of all words, as numbers, and which text each is of, in order."""
    data = b" ".join([b"", *texts, b" " * _WIDE])
    spaces = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == _SPACE)
    lengths = np.minimum(np.diff(spaces) - 1, len(_CUTS) - 1)
    numbers = _NUMBERS[lengths]
    word = np.repeat(np.arange(len(lengths)), numbers)
    cut = np.arange(len(word)) + np.repeat(_FIRST[lengths] - np.cumsum(numbers) + numbers, numbers)
    begin, masks = spaces[word] + _BEGINS[cut], _MASKS[cut]
    # Eight bytes from any byte on are a number.
    wide: Numbers = np.ndarray((len(data) - _WIDE + 1,), "<u8", data, strides=(1,))
    pieces = wide[begin] & masks
    none = np.flatnonzero(masks == 0)
    pieces[none] = _NONE - begin[none].astype(np.uint64)
    borders = np.cumsum([len(text) + 1 for text in texts])
    return np.searchsorted(borders, spaces[:-1], side="right")[word], pieces


def _counted(owners: Numbers, pieces: Numbers, number: int) -> tuple[Numbers, ...]:
    """Return each piece of each text once, ascending, with its first place and its frequency."""
    order = np.argsort(pieces, kind="stable")
    sorted_owners, sorted_pieces = owners[order], pieces[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = sorted_pieces[1:] != sorted_pieces[:-1]
    fresh[1:] |= sorted_owners[1:] != sorted_owners[:-1]
    starts = np.flatnonzero(fresh)
    own = sorted_owners[starts]
    counts = np.diff(starts, append=len(order))
    frequencies = counts / np.bincount(owners, minlength=number)[own] * _SCALE
    return own, sorted_pieces[starts], order[starts], frequencies
