"""Articles that nobody wrote: title, running text, tags, the same for the same number."""

import random
from dataclasses import dataclass, replace

from benchmarks.tongue import Tongue

_SHORTEST, _MEAN, _LONGEST = 90, 700, 6000  # words
_AGENCIES = ("Norlumen", "Kestrex", "Ostpix Images", "ABQ", "Velabild", "Teleskop Press")


@dataclass(frozen=True)
class Article:
    """An article.

    Attributes:
        title: One line, no full stop.
        sentences: Of its text, in order.
        tags: Lines of a word or two.
        rng: Where its chances go on.
    """

    tongue: Tongue
    title: str
    sentences: list[str]
    tags: list[str]
    rng: random.Random

    def body(self) -> str:
        """Return the running text as a listing has it: in one line, with all that is in it."""
        rng = self.rng
        pieces = list(self.sentences)
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            pieces.insert(rng.randrange(2, len(pieces)), self._picture())
        if rng.random() < 0.2:
            heading = " ".join(self.tongue.words(rng, 3)).replace(",", "").upper()
            pieces.insert(rng.randrange(2, len(pieces)), heading)
        if rng.random() < 0.2:
            pieces.append(self.tongue.lines["thanks"][0].format(self._name()))
        return self._opening() + " ".join(pieces)

    def _opening(self) -> str:
        chance = self.rng.random()
        if chance < 0.35:
            return f"{self.rng.choice(self.tongue.names).upper()} — "
        if chance < 0.40:
            return f"{self.title.upper()} By {self._name().upper()} "
        return ""

    def _picture(self) -> str:
        caption = _sentence(self.tongue.words(self.rng, 11))
        return f"{caption} | {self._name()}/{self.rng.choice(_AGENCIES)}"

    def _name(self) -> str:
        return " ".join(self.rng.choices(self.tongue.names, k=2))


def write(tongue: Tongue, key: str) -> Article:
    """Return the article `key`."""
    rng = random.Random(key)
    number = min(_SHORTEST + int(rng.expovariate(1 / (_MEAN - _SHORTEST))), _LONGEST)
    return Article(
        tongue=tongue,
        title=_title(tongue, rng),
        sentences=_sentences(tongue, rng, number),
        tags=[_tag(tongue, rng) for _ in range(rng.randrange(1, 7))],
        rng=rng,
    )


def retell(article: Article, key: str) -> Article:
    """Return `article` as another page has it: another title, a word changed in every hundred."""
    rng = random.Random(key)
    sentences = list(article.sentences)
    total = sum(sentence.count(" ") + 1 for sentence in sentences)
    for _ in range(max(1, total // 100)):
        place = rng.randrange(len(sentences))
        words = sentences[place].split(" ")
        if len(words) > 2:
            words[rng.randrange(1, len(words) - 1)] = rng.choice(article.tongue.names)
        sentences[place] = " ".join(words)
    return replace(article, title=_title(article.tongue, rng), sentences=sentences, rng=rng)


def _title(tongue: Tongue, rng: random.Random) -> str:
    words = [*tongue.words(rng, rng.randrange(5, 9)), rng.choice(tongue.names)]
    title = " ".join(words).replace(",", "")
    return title[0].upper() + title[1:]


def _tag(tongue: Tongue, rng: random.Random) -> str:
    # Few names, so that tags recur.
    return " ".join(tongue.names[rng.randrange(80)] for _ in range(rng.randrange(1, 3)))


def _sentences(tongue: Tongue, rng: random.Random, number: int) -> list[str]:
    words = tongue.words(rng, number)
    found: list[str] = []
    start = 0
    for chance in rng.randbytes(number // 6 + 1):
        end = start + 7 + chance % 20
        found.append(_sentence(words[start:end]))
        start = end
        if number - start < 7:
            break
    return found


def _sentence(words: list[str]) -> str:
    text = " ".join(words).rstrip(",")
    return f"{text[0].upper()}{text[1:]}."
