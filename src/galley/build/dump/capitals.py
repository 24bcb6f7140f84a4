"""Where capitals may follow the end of a sentence: looked for in all texts of a page at once."""

import re
from functools import cache
from typing import Any

import numpy as np

CLOSING = ".!?…”»\"’')]"  # what a sentence ends with
SMALL = "a-zß-öø-ÿа-џ"  # letters in lower case, as a range of a pattern
_END, _SPACE, _LARGE = 1, 2, 4  # what is large is no small letter
_LAST = 0xFFFF  # stands for what lies beyond it; it is none of them
_GAP = "\n   "  # between two texts


def is_small(letter: str) -> bool:
    """Return whether a letter is a small one, with which no sentence begins.

    Unicode calls Georgian letters small, too: they have capitals, which nobody begins with.
    """
    return letter.islower() and not "ა" <= letter <= "ჿ"


def find_capitals(texts: list[str]) -> list[list[int]]:
    """Return for each text where a sentence may end before a word without a small letter.

    Not all of the places are such, but all that are such are among them: only the first two
    characters of the word are looked at.
    """
    whole = _GAP.join([*texts, ""])
    codes = np.frombuffer(whole.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    if len(codes) != len(whole):
        codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        codes = np.minimum(codes, _LAST)
    # All codes are in the table: how to wrap others is asked for as it takes no look at them.
    kinds = _kinds().take(codes, mode="wrap")
    ends = kinds[:-3] & kinds[1:-2] >> 1 & kinds[2:-1] >> 2  # an end, a space, no small letter
    places = np.flatnonzero(ends.view(bool))
    places = places[kinds[places + 2] & _SPACE | kinds[places + 3] & _LARGE != 0]
    starts = np.cumsum([0, *(len(text) + len(_GAP) for text in texts)])
    edges = np.searchsorted(places, starts).tolist()
    return [
        (places[first:last] - start).tolist()
        for first, last, start in zip(edges, edges[1:], starts.tolist(), strict=False)
    ]


@cache
def _kinds() -> Any:
    """Return what each character of the first plane is."""
    kinds = np.zeros(_LAST + 1, dtype=np.uint8)
    kinds[list(map(ord, CLOSING))] |= _END
    every = np.arange(_LAST, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    kinds[[found.start() for found in re.finditer(r"\s", every)]] |= _SPACE
    kinds |= _LARGE
    for first, last in ("az", "ßö", "øÿ", "аџ"):
        kinds[ord(first) : ord(last) + 1] ^= _LARGE
    return kinds
