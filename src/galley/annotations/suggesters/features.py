"""What a sequence model sees of a token: strings, of no language in particular."""

import re
from collections.abc import Mapping, Sequence

# What a word tells at its own place, and what it tells its neighbours.
_FIRST = {-2: "a", -1: "b", 1: "d", 2: "e"}
_RUNS = re.compile(r"(.)\1+")
_EDGE = {-2: ["a^"], -1: ["b^"], 1: ["d$"], 2: ["e$"]}


class Features:
    """Makes features of tokens; what it made of a word once, it keeps.

    Args:
        classes: Classes that a word belongs to by where it stands in unlabelled text, by word.
    """

    def __init__(self, classes: Mapping[str, Sequence[str]]) -> None:
        self.classes = classes
        self._kept: dict[str, _Word] = {}

    def __getstate__(self) -> Mapping[str, Sequence[str]]:
        """Return what another process makes the same of: what is kept is only quicker."""
        return self.classes

    def __setstate__(self, classes: Mapping[str, Sequence[str]]) -> None:
        """Take that."""
        self.classes, self._kept = classes, {}

    def of(self, words: Sequence[str]) -> list[list[str]]:
        """Return the features of each of the words of a line."""
        seen = [self._word(word) for word in words]
        last = len(seen) - 1
        lines = []
        for at, word in enumerate(seen):
            before = seen[at - 1] if at else None
            after = seen[at + 1] if at < last else None
            line = [
                *word.own,
                *(before.told[-1] if before else _EDGE[-1]),
                *(after.told[1] if after else _EDGE[1]),
                *(seen[at - 2].told[-2] if at > 1 else _EDGE[-2]),
                *(seen[at + 2].told[2] if at < last - 1 else _EDGE[2]),
            ]
            if before:
                line += (f"bc={before.lower}|{word.lower}", f"BC={before.shape}|{word.shape}")
            if after:
                line += (f"cd={word.lower}|{after.lower}", f"CD={word.shape}|{after.shape}")
            lines.append(line)
        return lines

    def _word(self, text: str) -> "_Word":
        word = self._kept.get(text)
        if word is None:
            word = self._kept[text] = _Word(text, self.classes.get(text, ()))
        return word


class _Word:
    __slots__ = ("lower", "own", "shape", "told")

    def __init__(self, text: str, classes: Sequence[str]) -> None:
        lower, shape = text.lower(), shape_of(text)
        ends = [
            *(f"p{size}{lower[:size]}" for size in range(1, min(5, len(lower)))),
            *(f"s{size}{lower[-size:]}" for size in range(1, min(5, len(lower)))),
        ]
        self.lower, self.shape = lower, shape
        self.own = ["bias", f"c={lower}", f"C={text}", f"S={shape}", *ends, *classes]
        said = [f"={lower}", f"S{shape}", *classes]
        said += [f"s{lower[-3:]}"] if len(lower) > 3 else []
        self.told = {place: [first + one for one in said] for place, first in _FIRST.items()}


def shape_of(word: str) -> str:
    """Return the shape of a word: runs of capitals, small letters, digits, others.

    Example:
        >>> shape_of("McDonald"), shape_of("F16"), shape_of("东")
        ('XxXx', 'X9', 'o1')
    """
    kinds = "".join(map(_kind, word[:24]))
    return _RUNS.sub(r"\1", kinds) + ("1" if len(word) == 1 else "")


def _kind(char: str) -> str:
    if char.isupper() or char.istitle():
        return "X"
    if char.islower():
        return "x"
    if char.isdigit():
        return "9"
    return "o" if char.isalpha() else char
