"""Picture captions and credits inside a running text: where each begins and ends.

A scraper that drops line breaks leaves `Caption. | Name/Agency The text goes on`. The bar is
certain; where the credit ends is decided by what the rest of the page knows of the words
after it: an agency that ends other credits too ends this one, a word that elsewhere stands
in lower case begins a sentence, a name that the running text uses belongs to the text.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from galley.build.dump import lexicon
from galley.build.dump.capitals import find_capitals
from galley.build.once import once
from galley.record import Span

_BRACKETS = "(（[【"
_TOKEN = re.compile(r"\S+")
_QUOTES = "“„«‘‚\"'‹「『"
_LETTERS = re.compile(r"[^\W\d_]+")
_CLOSE = 40  # code points behind a word of a credit
_LONGEST = 14  # tokens: a credit with more is none
_STOPS = ",.:;!?’'”"
_ACRONYM = 4  # code points up to which a word in capitals is no louder than others
_NEVER = -10.0  # score of a connector
_SMALL = 2.0  # what a word of a credit loses if it stands in lower case elsewhere
_AGAIN = 1.5  # what it loses if the text uses it
_DOUBT = _SMALL + _AGAIN
_START = 3.0  # what a sentence gains by that

Zone = list[re.Match[str]]


class Evidence:
    """What a page knows of its words.

    Attributes:
        tails: How often each sequence of words follows the last `/` or `via` of a credit.
    """

    def __init__(self, bodies: Iterable[str]) -> None:
        """Take the running texts of one page; they are searched when a word is asked for."""
        self._bodies = list(bodies)
        # By its identity a text is found sooner than by its hash, for which all of it is read.
        self._numbers = {id(body): number for number, body in enumerate(self._bodies)}
        self._zones: dict[tuple[int, int, int], Zone] = {}
        self._credits = [self._find(body) if "|" in body else [] for body in self._bodies]
        self._lower: dict[str, bool] = {}
        self._recurs: dict[str, bool] = {}

    def zone(self, body: str, start: int, stop: int) -> Zone:
        """Return the tokens from `start` to `stop` that may belong to a credit there."""
        number = self._numbers.get(id(body))
        if number is None:
            return _zone(body, start, stop)
        key = (number, start, stop)
        if key not in self._zones:
            self._zones[key] = _zone(body, start, stop)
        return self._zones[key]

    def _find(self, body: str) -> list[Zone]:
        """Return the words behind each bar that may belong to its credit."""
        return [self.zone(body, bar + 1, len(body)) for bar in _bars(body, len(body))]

    @once
    def _capitals(self) -> list[list[int]]:
        return find_capitals(self._bodies)

    def capitals(self, body: str, span: Span) -> list[int]:
        """Return where, in a stretch of `body`, capitals may follow the end of a sentence."""
        number = self._numbers.get(id(body))
        found = find_capitals([body])[0] if number is None else self._capitals[number]
        return found[bisect_left(found, span.start) : bisect_left(found, span.end)]

    @once
    def tails(self) -> Counter[tuple[str, ...]]:
        """How often each sequence of words follows the last `/` or `via` of a credit."""
        zones = [[token[0] for token in zone] for found in self._credits for zone in found]
        return Counter(tail for words in zones for tail in _tails(words, _last_mark(words)))

    def is_lower(self, word: str) -> bool:
        """Return whether `word` stands in lower case somewhere."""
        if word not in self._lower:
            fits = word[:1].islower() and _LETTERS.fullmatch(word)
            self._lower[word] = bool(fits) and any(self._places(word))
        return self._lower[word]

    def recurs(self, word: str) -> bool:
        """Return whether the capitalised `word` stands outside of credits more than once."""
        if word not in self._recurs:
            fits = not word[:1].islower() and _LETTERS.fullmatch(word)
            outside = (place for place in self._places(word) if not self._is_credit(*place))
            self._recurs[word] = bool(fits) and len(list(islice(outside, 2))) > 1
        return self._recurs[word]

    def _places(self, word: str) -> Iterator[tuple[int, int]]:
        """Yield where `word` stands as a whole word: the body, and the place in it."""
        for number, body in enumerate(self._bodies):
            at = body.find(word)
            while at >= 0:
                end = at + len(word)
                if not _LETTERS.match(body[end : end + 1]) and not _LETTERS.match(
                    body[max(at - 1, 0) : at]
                ):
                    yield number, at
                at = body.find(word, end)

    def _is_credit(self, number: int, place: int) -> bool:
        """Return whether a place in a body is in a credit, or close behind a word of one."""
        return any(
            token.start() <= place < token.start() + _CLOSE
            for zone in self._credits[number]
            for token in zone
        )


@dataclass(frozen=True, slots=True)
class Credit:
    """One bar or bracket: where the caption's sentence must end, and where the credit ends."""

    bar: int
    end: int


def find_credits(body: str, stop: int, evidence: Evidence) -> list[Credit]:
    """Return the credits in `body` before `stop`, in order."""
    found = _barred(body, stop, evidence) if "|" in body else []
    if not any(map(body.__contains__, _BRACKETS)):  # sooner said than looked where
        return found
    opening = [place for bracket in _BRACKETS for place in _places(body, bracket, stop)]
    named = (_in_brackets().match(body, place, stop) for place in opening)
    found += [Credit(*match.span()) for match in named if match]
    return sorted(found, key=lambda credit: credit.bar)


def _places(body: str, sign: str, stop: int) -> Iterator[int]:
    """Yield where a sign stands in `body` before `stop`: sooner found so than by a pattern."""
    place = body.find(sign, 0, stop)
    while place >= 0:
        yield place
        place = body.find(sign, place + 1, stop)


def _bars(body: str, stop: int) -> list[int]:
    """Return where a bar stands in `body` before `stop` with white space on both sides."""
    return [
        bar
        for bar in _places(body, "|", max(stop - 1, 0))
        if body[bar - 1 : bar].isspace() and body[bar + 1].isspace()
    ]


@cache
def _in_brackets() -> re.Pattern[str]:
    """Return the pattern of a credit that says itself what it is: "(Photo: Ann Lee/AFP)"."""
    labels = "|".join(lexicon.words("credit_label"))
    return re.compile(
        rf"[{re.escape(_BRACKETS)}](?i:{labels})\s?[:：][^()（）\[\]【】\n]{{2,80}}[)）\]】][.。]?"
    )


def _barred(body: str, stop: int, evidence: Evidence) -> list[Credit]:
    found: list[Credit] = []
    for bar in _bars(body, stop):
        if found and bar < found[-1].end:
            continue
        end = credit_end(body, Span(bar + 1, stop), evidence)
        if end is not None:
            found.append(Credit(bar, end))
    return found


def credit_end(body: str, span: Span, evidence: Evidence) -> int | None:
    """Return where the credit ends that begins a stretch of `body`, or None if there is none."""
    zone = evidence.zone(body, *span)
    if not zone:
        return None
    best = _Choice(body, span.end, zone, evidence).best()
    return zone[best].end() - _trailing(zone[best][0])


def _trailing(token: str) -> int:
    """Return how many characters of punctuation end `token` that are not the credit's."""
    return len(token) - len(token.rstrip(",;:"))


def _zone(body: str, start: int, stop: int) -> Zone:
    """Return the tokens that may belong to a credit: names and connectors."""
    zone: Zone = []
    for token in _TOKEN.finditer(body, start, stop):
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
    if "/" in word or "@" in word:
        return True
    letter = next(filter(str.isalpha, word), "a")
    return not letter.islower()


def _tails(words: list[str], cut: int | None) -> list[tuple[str, ...]]:
    """Return the sequences of words, up to four, that follow the last `/` or `via`, at `cut`."""
    if cut is None:
        return []
    first = words[cut].rpartition("/")[2]
    rest = words[cut + 1 : cut + 5]
    rest = [first, *rest[:3]] if first and words[cut] != "via" else rest
    return [tuple(rest[:length]) for length in range(1, len(rest) + 1)]


def _last_mark(words: list[str]) -> int | None:
    for index in range(len(words) - 1, -1, -1):
        if "/" in words[index] or words[index] == "via":
            return index
    return None


class _Choice:
    """The places where a credit may end, scored.

    Attributes:
        words: Those that may belong to it.
        first: The first that may end it: that of the last `/`, or the one after `via`.
        named: The first that counts against it if the text uses it elsewhere.
        tails: The sequences of words that follow the last `/` or `via`, of one word and more.
    """

    def __init__(self, body: str, stop: int, zone: Zone, evidence: Evidence) -> None:
        """Take a text, where it ends, and the tokens of it that may belong to a credit."""
        self.body, self.stop, self.zone, self.evidence = body, stop, zone, evidence
        self.words = words = [token[0] for token in zone]
        cut = _last_mark(words)
        needs_more = cut is not None and (words[cut] == "via" or words[cut].endswith("/"))
        self.first = 0 if cut is None else min(cut + needs_more, len(words) - 1)
        self.named = max(self.first, 1)
        self.tails = _tails(words, cut)

    def best(self) -> int:
        """Return the token after which the credit ends, the last of several that are as good.

        What the page knows of the words is asked only where it decides.
        """
        if self.first == len(self.zone) - 1:
            return self.first
        scores = self._scores()
        least = max(score - _DOUBT * (at - self.named + 1) for at, score in scores.items())
        found, *others = (index for index, score in scores.items() if score + _START >= least)
        for index in others:
            if self._is_better(index, found, scores[index] - scores[found]):
                found = index
        return found

    def _is_better(self, later: int, earlier: int, gap: float) -> bool:
        """Return whether the credit ends after `later` rather than after `earlier`.

        The words that both would hold speak for neither; of the others, which the page has to
        be searched for, as many are asked for as it takes to decide.

        Args:
            later: A token.
            earlier: One before it.
            gap: By how much the words alone speak for the later one.
        """
        mine, his = self._held(later), self._held(earlier)
        both = min(len(mine), len(his))
        asked: list[tuple[float, Callable[[Any], bool], Any]] = [(-_START, self._begins, earlier)]
        for sign, words in ((-1.0, mine[both:]), (1.0, his[both:])):
            for word in words:
                asked.append((sign * _SMALL, self.evidence.is_lower, word.casefold().strip(".,:;")))
                asked.append((sign * _AGAIN, self.evidence.recurs, word.strip(".,’'")))
        asked.append((_START, self._begins, later))
        least = gap + sum(weight for weight, *_ in asked if weight < 0)
        most = gap + sum(weight for weight, *_ in asked if weight > 0)
        for weight, ask, word in asked:
            if least >= 0 or most < 0:
                break
            if ask(word) == (weight > 0):
                least += abs(weight)
            else:
                most -= abs(weight)
        return least >= 0

    def _held(self, index: int) -> list[str]:
        """Return the words that speak against a credit up to `index` if the text uses them."""
        if self.words[index] in lexicon.connectors():
            return []
        return self.words[self.named : index + 1]

    def _scores(self) -> dict[int, float]:
        """Return how well the credit ends after each token, by the words alone."""
        scores, loud = {}, 0.0
        for index in range(self.first, len(self.words)):
            word = self.words[index]
            if index >= self.named and word.isupper() and len(word) > _ACRONYM:
                loud += 3.0 * ((word,) not in lexicon.agencies())
            if word in lexicon.connectors():
                scores[index] = _NEVER
            else:
                scores[index] = self._as_credit(index) + self._as_start(index) - loud
        return scores

    def _begins(self, index: int) -> bool:
        """Return whether the word that follows stands in lower case elsewhere."""
        match = self._following(index)
        if match is None or match[0][0] in _QUOTES or match[0][0].islower():
            return False
        if self.words[index] in lexicon.connectors():
            return False
        bare = match[0].rstrip(_STOPS)
        return not _is_capital(bare) and self.evidence.is_lower(bare.split("’")[0].casefold())

    def _as_credit(self, index: int) -> float:
        """Score the words up to `index` as a credit, but for those in capitals."""
        score = 0.0
        tail = self._tail(index)
        if tail in lexicon.agencies():
            score += 4 + len(tail)
        elif tail and len(tail) < 5 and self.evidence.tails[tail] > 1:
            score += 2 + len(tail)
        if index == 0 and self.first == 0 and "/" not in self.words[0]:
            score -= 2  # a lone first name
        return score

    def _tail(self, index: int) -> tuple[str, ...]:
        length = index + 1 - self.first
        if length <= len(self.tails):
            return self.tails[length - 1]
        words = self.words[: index + 1]
        for length in (3, 2, 1):
            if tuple(words[-length:]) in lexicon.agencies():
                return tuple(words[-length:])
        return ()

    def _as_start(self, index: int) -> float:
        """Score what follows `index` as the start of a sentence."""
        match = self._following(index)
        if match is None or match[0][0] in _QUOTES:
            return 4.0
        word = match[0]
        if word[0].islower():
            return -6.0
        if _is_capital(word.rstrip(_STOPS)):
            return 2.0  # a subhead in capitals
        after = _TOKEN.match(self.body, match.end() + 1, self.stop)
        goes_on = word[-1] in ",:" or (after and after[0][0].islower())
        wide = match.start() - self.zone[index].end() > 1
        return (2.0 if goes_on else 0.0) + (1.5 if wide else 0.0)

    def _following(self, index: int) -> re.Match[str] | None:
        """Return the word that follows the token at `index`; None at the end of the text."""
        if index + 1 < len(self.zone):
            return self.zone[index + 1]
        return _TOKEN.search(self.body, self.zone[index].end(), self.stop)


def _is_capital(word: str) -> bool:
    return word.isupper() and len(word) > 1
