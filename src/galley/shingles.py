"""The shingles of texts, as hashes: three words that follow each other, in one case.

They are what rensa makes of the same shingles as strings: the hash of rustc_hash 2, which
sketches that are kept for good rest on. But to make a string of each takes several times as
long as all else that a sketch takes, so here the words of several texts lie in one array, and
each step is done for all shingles at once.
"""

import os
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

_SHINGLE = 3  # words
# A character of a script that is written without spaces: a word of its own.
_WIDE = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(r"\w+")
# What `\w` matches in ASCII, in lower case; all else is a space.
_ASCII = bytes(ord(c.lower()) if (c := chr(n)).isalnum() or c == "_" else 32 for n in range(128))
_ASCII += bytes(128)

_SPACE, _UNMET, _UNSPACED = 0x20, 0xFFFE, 0xFFFF  # the last two are no characters
_SURROGATES = (0xD800, 0xE000)

# Of the hash: where its two halves begin, what keeps them from becoming nothing, what mixes its
# bits in the end; bytes that it takes at a time, and from which all that it reads lies inside.
_FIRST, _SECOND, _KEEP = 0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0
_MULTIPLIER, _TURN = 0xF1357AEA2E62A9C5, 26
_BLOCK, _WORD_SIZE = 16, 8
_PADDING = bytes(_BLOCK)  # whoever reads a whole word at the end reads no further

Numbers = Any  # an array; numpy is imported where it is used


def hash_shingles(texts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Return the hashes of the shingles of `texts`, and where those of each text begin.

    A text of fewer words is one shingle.

    Returns:
        Hashes, as uint64, and of each text the place of its first, and last how many there are.
    """
    import numpy as np  # noqa: PLC0415 - only where texts are compared

    data, gaps, counts = _lay_out([_spaced(text) for text in texts])
    sizes = np.maximum(counts - (_SHINGLE - 1), 1)
    edges = np.append(0, np.cumsum(sizes))
    words = np.append(0, np.cumsum(counts))  # the first of each text
    first = np.repeat(words[:-1] - edges[:-1], sizes) + np.arange(edges[-1])
    behind = np.minimum(first + _SHINGLE, np.repeat(words[1:], sizes))
    starts = gaps[first] + 1
    return _hash(data, starts, np.maximum(gaps[behind], starts)), edges


def _lay_out(texts: list[bytes]) -> tuple[Numbers, Numbers, Numbers]:
    """Return all words, a space between each two, where the spaces are, and words of each text."""
    import numpy as np  # noqa: PLC0415 - as above

    whole = b" ".join([b"", *texts, _PADDING])
    data = np.frombuffer(whole, dtype=np.uint8)
    spaces = np.flatnonzero(data == _SPACE)
    apart = np.diff(spaces) > 1
    edges = np.cumsum([0, *(len(text) + 1 for text in texts)])
    counts = np.diff(np.searchsorted(spaces[:-1][apart], edges))
    repeated = np.append(False, ~apart)
    gaps = (spaces - np.cumsum(repeated))[~repeated]
    return np.delete(data, spaces[repeated]), gaps, counts


def _hash(data: Numbers, starts: Numbers, ends: Numbers) -> Numbers:
    """Return the hash of each stretch of `data`."""
    import numpy as np  # noqa: PLC0415 - as above

    shape = len(data) - _WORD_SIZE + 1  # a word at each byte, copied to where it is soon read
    words: Numbers = np.ndarray(shape, "<u8", data, strides=(1,)).copy()
    first = np.full(len(starts), _FIRST, dtype=np.uint64)
    second = np.full(len(starts), _SECOND, dtype=np.uint64)
    todo = np.flatnonzero(ends - starts > _BLOCK)
    at, last = starts[todo], ends[todo] - _BLOCK
    while len(todo):
        mixed = _mix(first[todo] ^ words[at], words[at + _WORD_SIZE] ^ np.uint64(_KEEP))
        first[todo], second[todo] = second[todo], mixed
        at = at + _BLOCK
        more = at < last
        todo, at, last = todo[more], at[more], last[more]
    first ^= words[np.maximum(starts, ends - _BLOCK)]
    second ^= words[ends - _WORD_SIZE]
    hashes = (_mix(first, second) ^ (ends - starts).astype(np.uint64)) * np.uint64(_MULTIPLIER)
    hashes = hashes << np.uint64(_TURN) | hashes >> np.uint64(64 - _TURN)
    short = np.flatnonzero(ends - starts < _WORD_SIZE)  # these, which are rare, are read otherwise
    if len(short):
        places = zip(starts[short].tolist(), ends[short].tolist(), strict=True)
        (hashes[short],) = minhash().hash_token_sets([[data[a:b].tobytes() for a, b in places]])
    return hashes


def _mix(one: Numbers, other: Numbers) -> Numbers:
    """Return the product of 128 bits, folded to 64: its upper half upon its lower one."""
    import numpy as np  # noqa: PLC0415 - as above

    half, low = np.uint64(32), np.uint64(0xFFFFFFFF)
    high, high_other, rest, rest_other = one >> half, other >> half, one & low, other & low
    across = high * rest_other
    middle = (rest * rest_other >> half) + (across & low) + rest * high_other
    return one * other ^ (high * high_other + (across >> half) + (middle >> half))


def minhash() -> Any:
    """Return rensa's class of that name."""
    # Builds run a process for each core: threads inside them would only wait for each other.
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    from rensa import RMinHash  # noqa: PLC0415 - only where texts are compared

    return RMinHash


def _spaced(text: str) -> bytes:
    """Return the words of `text` in one case, in UTF-8, with a space or several between them."""
    if text.isascii():  # the same words, several times as fast
        return text.encode("ascii").translate(_ASCII)
    spaced = _fold(text)
    if spaced is None:
        words = (_mixed() if _wide().search(text) else _WORD).findall(text.casefold())
        spaced = " ".join(words)
    return spaced.encode("utf-8")


def _fold(text: str) -> str | None:
    """Return `text` in one case, with a space for all that is in no word.

    None where that parts no words, or where a letter becomes several, but for the German one.
    """
    import numpy as np  # noqa: PLC0415 - as above

    text = text.replace("ß", "ss") if "ß" in text else text
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    letters = _letters()
    spaced = letters.take(codes)
    highest = spaced.max(initial=0)
    if highest >= _UNMET and (unmet := codes[spaced == _UNMET]).size:
        new = np.unique(unmet)
        letters[new] = list(map(_letter, new.tolist()))
        spaced = letters.take(codes)
        highest = spaced.max()
    return None if highest == _UNSPACED else str(spaced.tobytes().decode("utf-16-le"))


@cache
def _wide() -> re.Pattern[str]:  # who only imports this module does not wait for it
    return re.compile(f"[{_WIDE}]")


@cache
def _mixed() -> re.Pattern[str]:
    return re.compile(rf"[{_WIDE}]|\w+?(?:(?=[{_WIDE}])|\b)")


@cache
def _letters() -> Numbers:
    """Return what `_letter` returns, for each code that was met."""
    import numpy as np  # noqa: PLC0415 - as above

    return np.full(1 << 16, _UNMET, dtype="<u2")


def _letter(code: int) -> int:
    """Return a code of UTF-16 in one case, a space if it is in no word, or `_UNSPACED`."""
    folded = chr(code).casefold()
    beyond = _SURROGATES[0] <= code < _SURROGATES[1]
    if len(folded) > 1 or beyond or _wide().match(chr(code)):
        return _UNSPACED
    return ord(folded) if folded == "_" or folded.isalnum() else _SPACE
