"""What a sequence model sees of a token: strings, of no language in particular."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from galley.annotations.suggesters.hints import Hints
from galley.annotations.suggesters.tokens import Token
from galley.annotations.suggesters.words import Words

_RUNS = re.compile(r"(.)\1+")
# Of a token that has no such neighbour.
_NO = {-2: ["a^"], -1: ["b^"], 1: ["d$"], 2: ["e$"]}


@dataclass
class Features:
    """Makes features of tokens; what it made of a word once, it keeps.

    Attributes:
        words: What is known of words from text that nobody has read.
        hints: Names that are listed.
    """

    words: Words
    hints: Hints
    _kept: dict[str, "_Word"] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> tuple[Words, Hints]:
        """Return what another process makes the same of: what is kept is only quicker."""
        return self.words, self.hints

    def __setstate__(self, state: tuple[Words, Hints]) -> None:
        """Take that."""
        self.words, self.hints = state
        self._kept = {}

    def of(self, line: Sequence[Token], text: str) -> list[list[str]]:
        """Return the features of each token of a line of `text`."""
        rows = self._rows([self._word(token.text) for token in line])
        first = line[0].start
        hinted = self.hints.find(text[first : line[-1].end])
        for start, hint in hinted.items():
            for token, row in zip(line, rows, strict=True):
                if token.start == first + start:
                    row.append(hint)
        return rows

    def _rows(self, line: Sequence["_Word"]) -> list[list[str]]:
        last = len(line) - 1
        rows = []
        for at, word in enumerate(line):
            row = [
                *word.own,
                *(line[at - 1].told[-1] if at else _NO[-1]),
                *(line[at + 1].told[1] if at < last else _NO[1]),
                *(line[at - 2].told[-2] if at > 1 else _NO[-2]),
                *(line[at + 2].told[2] if at < last - 1 else _NO[2]),
            ]
            if at:
                before = line[at - 1]
                row += (f"bc={before.lower}|{word.lower}", f"BC={before.shape}|{word.shape}")
            if at < last:
                after = line[at + 1]
                row += (f"cd={word.lower}|{after.lower}", f"CD={word.shape}|{after.shape}")
            rows.append(row)
        return rows

    def _word(self, text: str) -> "_Word":
        word = self._kept.get(text)
        if word is None:
            word = self._kept[text] = _Word(text, self.words.of(text))
        return word


class _Word:
    """What a word tells at its own place, and what it tells its neighbours."""

    __slots__ = ("lower", "own", "shape", "told")

    def __init__(self, text: str, known: Sequence[str]) -> None:
        lower, shape = text.lower(), shape_of(text)
        size = len(lower)
        self.lower, self.shape = lower, shape
        self.own = [
            f"c={lower}",
            f"C={text}",
            f"S={shape}",
            *(f"p{n}{lower[:n]}" for n in (2, 3, 4) if n < size),
            *(f"s{n}{lower[-n:]}" for n in (1, 2, 3, 4) if n < size),
            *known,
        ]
        said = [f"={lower}", f"S{shape}"]
        near = said + [one for one in known if one[0] == "k"]
        near += [f"s{lower[-3:]}"] if size > 3 else []
        told: Mapping[int, tuple[str, list[str]]] = {
            -2: ("a", said),
            -1: ("b", near),
            1: ("d", near),
            2: ("e", said),
        }
        self.told = {place: [first + one for one in ones] for place, (first, ones) in told.items()}


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
