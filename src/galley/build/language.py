"""Which language a text is written in."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from galley.build.tongues import Tongues

_SAMPLE = 2000  # code points: more decide nothing
_FEW = 120  # code points that are seldom taken for another language
_HEAD = 400  # code points of a text: the model looks at 350 bytes of letters


def _model() -> "Tongues":
    from galley.build.tongues import tongues  # noqa: PLC0415 - only where a language is unknown

    return tongues()


def most_like(text: str) -> tuple[str, float]:
    """Return the language that `text` is most like, and how much, from 0."""
    model = _model()
    scores = model.scores([text[:_SAMPLE]])[0]
    best = int(scores.argmax())
    return (model.codes[best], float(scores[best])) if scores[best] else ("und", 0.0)


@dataclass(frozen=True, slots=True)
class Detector:
    """Detects languages among those that a source is written in.

    Attributes:
        languages: BCP 47 tags; with one, it is the answer; with none, any language may be.
    """

    languages: tuple[str, ...] = ()

    def detect(self, text: str) -> str:
        """Return the BCP 47 tag of the text of one article, or `und` when it cannot be told."""
        if len(self.languages) == 1:
            return self.languages[0]
        from galley.build.tongues import letters  # noqa: PLC0415 - as above

        return self._best(_scores(letters(text[:_HEAD])))[0]

    def detect_all(self, texts: Sequence[str]) -> list[str]:
        """Return the BCP 47 tags of the texts of a page, in order.

        A few words that speak for the language of the text before are enough.
        """
        if len(self.languages) == 1 or not texts:
            return [*self.languages] * len(texts)
        first, *few = self._ask([texts[0][:_HEAD], *(text[:_FEW] for text in texts[1:])])
        found = [first]
        for text, guess in zip(texts[1:], few, strict=True):
            found.append(guess if guess == found[-1] else self.detect(text))
        return found

    def _ask(self, texts: list[str]) -> list[str]:
        return self._best(_model().scores(texts))

    def _best(self, scores: Any) -> list[str]:
        """Return of each row of scores the language that has the best, `und` if none has any."""
        codes = _model().codes
        subtags = {language.split("-")[0]: language for language in self.languages}
        if self.languages:
            scores = scores * [code in subtags for code in codes]
        pairs = zip(scores.argmax(axis=1).tolist(), scores.max(axis=1).tolist(), strict=True)
        return [subtags.get(codes[at], codes[at]) if best else "und" for at, best in pairs]


@lru_cache(4)
def _scores(letters: bytes) -> Any:
    """Return the scores of one text; a page is asked about, and then its record."""
    return _model().scores_of([letters])
