"""What a sequence model sees of a token: strings, of no language in particular."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from galley.annotations.suggesters.hints import Hints
from galley.annotations.suggesters.tokens import Token
from galley.annotations.suggesters.words import Words

_RUNS = re.compile(r"(.)\1+")
# Where a word tells something: at its own place, to the two after it, to the two before it.
PLACES = (0, 1, 2, -1, -2)
# What two neighbours tell the second and the first of them begins so: by their words, their shapes.
PAIRS = (("bc=", "cd="), ("BC=", "CD="))


class Line(NamedTuple):
    """A line of a text.

    Attributes:
        tokens: In order, with offsets in the whole text.
        text: The whole text.
    """

    tokens: Sequence[Token]
    text: str


@dataclass
class Features:
    """Makes features of tokens; what it made of a word once, it keeps.

    Attributes:
        words: What is known of words from text that nobody has read.
        hints: Names that are listed.
    """

    words: Words
    hints: Hints
    _kept: dict[str, "Word"] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> tuple[Words, Hints]:
        """Return what another process makes the same of: what is kept is only quicker."""
        return self.words, self.hints

    def __setstate__(self, state: tuple[Words, Hints]) -> None:
        """Take that."""
        self.words, self.hints = state
        self._kept = {}

    def of(self, line: Line) -> list[list[str]]:
        """Return the features of each token of a line."""
        words = [self.word(token.text) for token in line.tokens]
        rows: list[list[str]] = [[] for _ in words]
        for place in PLACES:
            for at, features in enumerate(rows):
                teller = at - place
                word = words[teller] if 0 <= teller < len(words) else self.edge
                features.extend(word.told[place])
        for at, (one, other) in enumerate(pairwise(words)):
            for key, (second, first) in zip(pair(one[:2], other[:2]), PAIRS, strict=True):
                rows[at].append(first + key)
                rows[at + 1].append(second + key)
        for number, hint in self.hinted(line):
            rows[number].append(hint)
        return rows

    def word(self, text: str) -> "Word":
        """Return what a word tells."""
        word = self._kept.get(text)
        if word is None:
            word = self._kept[text] = self.make(text)
        return word

    def make(self, text: str) -> "Word":
        """Return the same, and do not keep it."""
        return Word.of(text, self.words.of(text))

    @cached_property
    def edge(self) -> "Word":
        """What is told where no word is."""
        return Word("", "", {0: [], 1: ["b^"], 2: ["a^"], -1: ["d$"], -2: ["e$"]})

    def hinted(self, line: Line) -> Iterator[tuple[int, str]]:
        """Yield the tokens of listed names, by number, and what the lists tell of them."""
        first = line.tokens[0].start
        found = self.hints.find(line.text[first : line.tokens[-1].end])
        if found:
            for number, token in enumerate(line.tokens):
                if token.start - first in found:
                    yield number, found[token.start - first]


class Word(NamedTuple):
    """What a word tells.

    Attributes:
        lower: Its small form.
        shape: Its shape.
        told: What it tells at each of `PLACES`.
    """

    lower: str
    shape: str
    told: Mapping[int, list[str]]

    @classmethod
    def of(cls, text: str, known: Sequence[str]) -> "Word":
        """Return what a word tells of which so much is known."""
        lower, shape = text.lower(), shape_of(text)
        size = len(lower)
        own = [
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
        others = {1: ("b", near), 2: ("a", said), -1: ("d", near), -2: ("e", said)}
        told = {at: [first + one for one in ones] for at, (first, ones) in others.items()}
        return cls(lower, shape, {0: own, **told})


def pair(one: tuple[str, str], other: tuple[str, str]) -> tuple[str, str]:
    """Return what two neighbours, given by word and shape, tell: a string for each of `PAIRS`."""
    return f"{one[0]}|{other[0]}", f"{one[1]}|{other[1]}"


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
