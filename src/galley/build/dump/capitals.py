"""Where capitals may follow the end of a sentence: looked for in all texts of a page at once."""

import re
from functools import cache
from typing import Any

import numpy as np

CLOSING = ".!?…”»\"’')]"  # what a sentence ends with
SMALL = "a-zß-öø-ÿа-џ"  # letters in lower case, as a range of a pattern
_END, _SPACE, _SMALL = 1, 2, 4
_LAST = 0xFFFF  # stands for what lies beyond it; it is none of them


def find_capitals(texts: list[str]) -> list[list[int]]:
    """Return for each text where a sentence may end before a word without a small letter.

    Not all of the places are such, but all that are such are among them: only the first two
    characters of the word are looked at.
    """
    whole = "".join(f"{text}\n   " for text in texts)
    codes = np.frombuffer(whole.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    if len(codes) != len(whole):
        codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        codes = np.minimum(codes, _LAST)
    kinds = _kinds()[codes]
    none = kinds & (_SPACE | _SMALL) == 0
    may_begin = kinds[2:-1] & _SPACE != 0
    may_begin |= none[2:-1] & (kinds[3:] & _SMALL == 0)
    ends = (kinds[:-3] & _END != 0) & (kinds[1:-2] & _SPACE != 0) & may_begin
    places = np.flatnonzero(ends)
    starts = np.cumsum([0, *(len(text) + 4 for text in texts)])
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
    for first, last in ("az", "ßö", "øÿ", "аџ"):
        kinds[ord(first) : ord(last) + 1] |= _SMALL
    return kinds
