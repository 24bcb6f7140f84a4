"""Picture captions and credits inside a running text: where each begins and ends.

A scraper that drops line breaks leaves `Caption. | Name/Agency The text goes on`. The bar is
certain; where the credit ends is decided by what the rest of the page knows of the words
after it: an agency that ends other credits too ends this one, a word that elsewhere stands
in lower case begins a sentence, a name that the running text uses belongs to the text.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from galley.build import lexicon

_BAR = re.compile(r"(?<=\s)\|(?=\s)")
_TOKEN = re.compile(r"\S+")
_QUOTES = "“„«‘‚\"'‹「『"
_LONGEST = 14  # tokens: a credit with more is none


@dataclass(frozen=True)
class Evidence:
    """What a page knows of its words.

    Attributes:
        lower: Words that stand in lower case somewhere.
        names: How often each capitalised word stands outside of credits.
        tails: How often each sequence of words follows the last `/` or `via` of a credit.
    """

    lower: frozenset[str]
    names: Counter[str]
    tails: Counter[tuple[str, ...]]

    @classmethod
    def gather(cls, bodies: Iterable[str]) -> "Evidence":
        """Collect the evidence from the running texts of one page."""
        lower: set[str] = set()
        names: Counter[str] = Counter()
        tails: Counter[tuple[str, ...]] = Counter()
        for body in bodies:
            zones = [_zone(body, match.end()) for match in _BAR.finditer(body)]
            inside = {token.start() for zone in zones for token in zone}
            for token in re.finditer(r"[^\W\d_]+", body):
                word = token[0]
                if word[0].islower():
                    lower.add(word)
                elif not any(start <= token.start() < start + 40 for start in inside):
                    names[word] += 1
            for zone in zones:
                tails.update(_tails([token[0] for token in zone]))
        return cls(frozenset(lower), names, tails)


@dataclass(frozen=True, slots=True)
class Credit:
    """One bar: where the caption's sentence must end, and where the credit ends."""

    bar: int
    end: int


def find_credits(body: str, evidence: Evidence) -> list[Credit]:
    """Return the credits in `body`, in order."""
    found: list[Credit] = []
    for match in _BAR.finditer(body):
        if found and match.start() < found[-1].end:
            continue
        end = credit_end(body, match.end(), evidence)
        if end is not None:
            found.append(Credit(match.start(), end))
    return found


def credit_end(body: str, start: int, evidence: Evidence) -> int | None:
    """Return where the credit that begins at `start` ends, or None if there is none."""
    zone = _zone(body, start)
    if not zone:
        return None
    choice = _Choice(body, tuple(zone), evidence)
    best = max(range(choice.first, len(zone)), key=lambda index: (choice.score(index), index))
    return zone[best].end() - _trailing(zone[best][0])


def _trailing(token: str) -> int:
    """Return how many characters of punctuation end `token` that are not the credit's."""
    return len(token) - len(token.rstrip(",;:"))


def _zone(body: str, start: int) -> list[re.Match[str]]:
    """Return the tokens after `start` that may belong to a credit: names and connectors."""
    zone: list[re.Match[str]] = []
    for token in _TOKEN.finditer(body, start):
        word = token[0]
        if word[0] in _QUOTES or word == "|" or len(zone) == _LONGEST:
            break
        if not (_is_name(word) or word in lexicon.connectors()):
            break
        zone.append(token)
        if word[-1] in "!?" or (word[-1] == "." and len(word.strip(".")) > 3):
            break
    while zone and zone[-1][0] in lexicon.connectors():
        zone.pop()
    return zone


def _is_name(word: str) -> bool:
    letters = [char for char in word if char.isalpha()]
    return "/" in word or "@" in word or (bool(letters) and not letters[0].islower())


def _tails(words: list[str]) -> Iterable[tuple[str, ...]]:
    """Yield the sequences of words, up to four, that follow the last `/` or `via`."""
    cut = _last_mark(words)
    if cut is None:
        return
    first = words[cut].rpartition("/")[2]
    rest = [first, *words[cut + 1 :]] if first and words[cut] != "via" else words[cut + 1 :]
    for length in range(1, min(len(rest), 4) + 1):
        yield tuple(rest[:length])


def _last_mark(words: list[str]) -> int | None:
    marks = [index for index, word in enumerate(words) if "/" in word or word == "via"]
    return marks[-1] if marks else None


@dataclass(frozen=True)
class _Choice:
    """The places where a credit may end, scored."""

    body: str
    zone: tuple[re.Match[str], ...]
    evidence: Evidence

    @cached_property
    def words(self) -> list[str]:
        return [token[0] for token in self.zone]

    @cached_property
    def first(self) -> int:
        """The first token that may end the credit: that of the last `/`, or the one after `via`."""
        cut = _last_mark(self.words)
        if cut is None:
            return 0
        needs_more = self.words[cut] == "via" or self.words[cut].endswith("/")
        return min(cut + needs_more, len(self.words) - 1)

    def score(self, index: int) -> float:
        """Return how well the credit ends after the token at `index`."""
        if self.words[index] in lexicon.connectors():
            return -10.0
        return self._as_credit(index) + self._as_start(index)

    def _as_credit(self, index: int) -> float:
        """Score the words up to `index` as a credit."""
        score = 0.0
        tail = self._tail(index)
        if tail in lexicon.agencies():
            score += 4 + len(tail)
        elif tail and len(tail) < 5 and self.evidence.tails[tail] > 1:
            score += 2 + len(tail)
        if index == 0 and self.first == 0 and "/" not in self.words[0]:
            score -= 2  # a lone first name
        for word in self.words[max(self.first, 1) : index + 1]:
            score -= 1.5 * (self.evidence.names[word.strip(".,’'")] > 1)
            score -= 2.0 * (word.casefold().strip(".,:;") in self.evidence.lower)
            score -= 3.0 * (word.isupper() and len(word) > 4 and (word,) not in lexicon.agencies())
        return score

    def _tail(self, index: int) -> tuple[str, ...]:
        words = self.words[: index + 1]
        for tail in reversed(list(_tails(words))):
            if len(tail) == index + 1 - self.first:
                return tail
        for length in (3, 2, 1):
            if tuple(words[-length:]) in lexicon.agencies():
                return tuple(words[-length:])
        return ()

    def _as_start(self, index: int) -> float:
        """Score what follows `index` as the start of a sentence."""
        end = self.zone[index].end()
        rest = self.body[end:].lstrip()
        gap = len(self.body) - end - len(rest)
        if not rest or rest[0] in _QUOTES:
            return 4.0
        word = _TOKEN.match(rest)
        assert word is not None  # noqa: S101 - rest begins with no white space
        if word[0][0].islower():
            return -6.0
        bare = word[0].rstrip(",.:;!?’'”")
        if bare.isupper() and len(bare) > 1:
            return 2.0  # a subhead in capitals
        score = 3.0 if bare.split("’")[0].casefold() in self.evidence.lower else 0.0
        following = _TOKEN.match(rest, word.end() + 1)
        if word[0][-1] in ",:" or (following and following[0][0].islower()):
            score += 2.0
        return score + 1.5 * (gap > 1)
