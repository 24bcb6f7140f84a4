"""How much texts are like each of sixty languages: the measure of eld, for many texts at a time.

eld cuts the words of a text into pieces of four bytes and compares how often each occurs with
how often it does in a language. Its own detector goes from piece to piece; here the pieces of
all texts of a page are looked up together.
"""

import sys
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
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(8)], dtype=np.uint64)
_NONE = np.uint64(2**64 - 1)

Numbers = Any  # an array


@dataclass(frozen=True)
class Tongues:
    """What is known of languages.

    Attributes:
        codes: The languages.
        pieces: The pieces of words that occur in them, as numbers, ascending.
        starts: For each piece, the first of its entries.
        counts: For each piece, how many entries it has: one for each language.
        languages: Of each entry.
        frequencies: How often the piece occurs in that language.
        weights: What each piece counts: the more, the fewer languages have it.
    """

    codes: list[str]
    pieces: Numbers
    starts: Numbers
    counts: Numbers
    languages: Numbers
    frequencies: Numbers
    weights: Numbers

    @classmethod
    def load(cls) -> Self:
        """Take what eld knows, in the form that is wanted here.

        What eld has is a module of a hundred thousand dictionaries: to load it takes a tenth of a
        second and 50 MB.
        """
        file = BytesIO(kept("tongues", (_source(), Path(__file__)), _compile))
        codes, pieces, starts, counts, languages, frequencies = (np.load(file) for _ in range(6))
        counts = counts.astype(np.int64)
        weights = np.where(counts == 1, 27.0, np.where(counts < 16, (16 - counts) / 2 + 1, 1.0))
        starts, frequencies = starts.astype(np.int64), frequencies.astype(np.float64)
        return cls(codes.tolist(), pieces, starts, counts, languages, frequencies, weights)

    def scores(self, texts: list[str]) -> Numbers:
        """Return how much each text is like each language: a row of scores for each text."""
        return self.scores_of(list(map(letters, texts)))

    def scores_of(self, texts: list[bytes]) -> Numbers:
        """Return the same of texts of which the letters are known."""
        owners, pieces = _pieces(texts)
        scores = np.zeros((len(texts), len(self.codes)))
        if not len(pieces):
            return scores
        owners, pieces, frequencies, distinct = _counted(owners, pieces, len(texts))
        places = np.minimum(np.searchsorted(self.pieces, pieces), len(self.pieces) - 1)
        known = self.pieces[places] == pieces
        places, owners, frequencies = places[known], owners[known], frequencies[known]
        first, counts = self.starts[places], self.counts[places]
        ends = np.cumsum(counts)
        entries = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + counts, counts)
        here, there = np.repeat(frequencies, counts), self.frequencies[entries]
        nearness = np.minimum(here, there) / np.maximum(here, there)
        alike = nearness * np.repeat(self.weights[places], counts) + 2
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
    entries = list(known.values())
    counts = np.fromiter(map(len, entries), dtype=np.int64, count=len(entries))
    values = chain.from_iterable(map(dict.values, entries))
    order = np.argsort(pieces)
    file = BytesIO()
    for array in (
        np.array([names[number] for number in range(len(names))]),
        pieces[order],
        (np.cumsum(counts) - counts)[order].astype(np.uint32),
        counts[order].astype(np.uint8),
        np.fromiter(chain.from_iterable(entries), dtype=np.uint8, count=counts.sum()),
        np.fromiter(values, dtype=np.uint16, count=counts.sum()),
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


def _pieces(texts: list[bytes]) -> tuple[Numbers, Numbers]:
    """Return the pieces of all words, as numbers, and which text each is of, in order."""
    data = np.frombuffer(b" ".join([b"", *texts, b" " * 8]), dtype=np.uint8)
    spaces = np.flatnonzero(data == _SPACE)
    gaps = np.flatnonzero(np.diff(spaces) > 1)
    starts = spaces[gaps] + 1
    lengths = spaces[gaps + 1] - starts
    borders = np.cumsum([len(text) + 1 for text in texts])
    owners = np.searchsorted(borders, starts, side="right")
    short = np.minimum(lengths, _WORD)
    inner = np.maximum(0, -((_PIECE - short) // _STEP))
    numbers = inner + 1  # the last piece, too
    last = np.cumsum(numbers) - 1
    word = np.repeat(np.arange(len(starts)), numbers)
    nth = np.arange(len(word)) - np.repeat(last - inner, numbers)
    is_last = nth == inner[word]
    tail = starts + np.maximum(short - _PIECE, 0)
    begin = np.where(is_last, tail[word], starts[word] + nth * _STEP)
    end = np.where(is_last, (starts + lengths)[word] + 1, begin + _PIECE)
    begin -= nth == 0  # with the space before it
    return owners[word], _numbers(data, begin, end)


def _numbers(data: Numbers, begin: Numbers, end: Numbers) -> Numbers:
    """Return stretches of up to seven bytes as numbers, longer ones as numbers that no piece has.

    `data` goes on for some bytes behind the last of them.
    """
    padded = np.concatenate((data, np.zeros(8, dtype=np.uint8)))
    wide = np.lib.stride_tricks.as_strided(padded, (len(data), 8), (1, 1))
    numbers = np.ascontiguousarray(wide[begin]).view("<u8")[:, 0]
    sizes = end - begin
    return np.where(
        sizes < len(_MASKS), numbers & _MASKS[np.minimum(sizes, 7)], _NONE - begin.astype(np.uint64)
    )


def _counted(owners: Numbers, pieces: Numbers, number: int) -> tuple[Numbers, ...]:
    """Return each piece of each text once, in order, with its frequency; and how many each has."""
    order = np.lexsort((pieces, owners))
    own, sorted_pieces = owners[order], pieces[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (own[1:] != own[:-1]) | (sorted_pieces[1:] != sorted_pieces[:-1])
    starts = np.flatnonzero(fresh)
    counts = np.diff(np.append(starts, len(order)))
    again = np.argsort(order[starts], kind="stable")  # as they come, so that sums are the same
    first = order[starts][again]
    totals = np.bincount(owners, minlength=number)
    frequencies = counts[again] / totals[owners[first]] * _SCALE
    distinct = np.bincount(owners[first], minlength=number)
    return owners[first], pieces[first], frequencies, distinct
