"""A language to write nonsense in: its commonest words, and invented ones."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

_FILE = Path(__file__).with_name("languages.toml")
_WORDS = 20_000  # of a vocabulary
_PLACES = 1 << 16  # of a table that a random number of 16 bits picks a word from
_SHIFT = 2.7  # Zipf–Mandelbrot: the word of rank r has a share of 1 / (r + 2.7)


@dataclass(frozen=True)
class Tongue:
    """A language.

    Attributes:
        code: BCP 47.
        table: Words, each as often as it is used.
        names: Invented names.
        lines: What pages print around an article, by kind.
    """

    code: str
    table: list[str]
    names: list[str]
    lines: dict[str, list[str]]

    def words(self, rng: random.Random, number: int) -> list[str]:
        """Return random words; some have a comma behind them."""
        return list(map(self.table.__getitem__, memoryview(rng.randbytes(2 * number)).cast("H")))


@cache
def tongue(code: str) -> Tongue:
    """Return the language `code`: the same whoever asks."""
    spec = tomllib.loads(_FILE.read_text(encoding="utf-8"))[code]
    rng = random.Random(f"words of {code}")
    common = spec["words"].split()
    invented = _invent(spec, rng, _WORDS)
    names = [word.capitalize() for word in invented[-600:]]
    rest = [_dressed(word, place, names) for place, word in enumerate(invented)]
    lines = {
        key: [value] if isinstance(value, str) else value
        for key, value in spec.items()
        if key in {"thanks", "home", "above", "below", "more"}
    }
    return Tongue(code, _table(common + rest), names, lines)


@cache
def codes() -> tuple[str, ...]:
    """Return the languages there are."""
    return tuple(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def _invent(spec: dict[str, str], rng: random.Random, number: int) -> list[str]:
    heads, vowels, tails = (spec[key].split() for key in ("heads", "vowels", "tails"))
    known = set(spec["words"].split())
    found: dict[str, None] = {}
    while len(found) < number:
        syllables = rng.choice((1, 2, 2, 2, 3, 3))
        word = "".join(rng.choice(heads) + rng.choice(vowels) for _ in range(syllables))
        word += rng.choice(tails)
        if len(word) > 3 and word not in known:
            found[word] = None
    return list(found)


def _dressed(word: str, place: int, names: list[str]) -> str:
    """Return an invented word as a text has it: now and then a name, a number, with a comma."""
    if place % 9 == 4:
        return names[place % len(names)]
    if place % 40 == 7:
        return f"{place % 97 + 2}"
    return f"{word}," if place % 7 == 3 else word


def _table(words: list[str]) -> list[str]:
    """Return words by Zipf's law; the rarest of them may have no place."""
    shares = [1 / (rank + _SHIFT) for rank in range(1, len(words) + 1)]
    total = sum(shares)
    ends = [round(end / total * _PLACES) for end in accumulate(shares)]
    table: list[str] = []
    for word, end in zip(words, ends, strict=True):
        table += [word] * (end - len(table))
    return table
