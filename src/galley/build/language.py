"""Which language a text is written in."""

from dataclasses import dataclass
from functools import cache
from typing import Any

_SAMPLE = 2000  # code points: more decide nothing
_FEW = 120  # code points that are seldom taken for another language
_HEAD = 400  # code points of a text: the model looks at 350 bytes of letters


@cache
def _model() -> Any:
    from eld import LanguageDetector  # noqa: PLC0415 - 2 s, only where a language is unknown

    return LanguageDetector()


def most_like(text: str) -> tuple[str, float]:
    """Return the language that `text` is most like, and how much, from 0."""
    scores = _model().detect(text[:_SAMPLE]).scores()
    best = max(scores, key=lambda code: scores[code], default="und")
    return best, scores.get(best, 0.0)


@dataclass(frozen=True, slots=True)
class Detector:
    """Detects languages among those that a source is written in.

    Attributes:
        languages: BCP 47 tags; with one, it is the answer; with none, any language may be.
    """

    languages: tuple[str, ...] = ()

    def detect(self, text: str, *, likely: str | None = None) -> str:
        """Return the BCP 47 tag of `text`, or `und` when it cannot be told.

        Args:
            text: Of one article.
            likely: The language of the article before it; a few words that speak for it too
                are enough.
        """
        if len(self.languages) == 1:
            return self.languages[0]
        if likely and self._ask(text[:_FEW]) == likely:
            return likely
        return self._ask(text[:_HEAD])

    def _ask(self, text: str) -> str:
        found = _model().detect(text)
        if not self.languages:
            return found.language or "und"
        scores = found.scores()
        subtags = {language.split("-")[0]: language for language in self.languages}
        best = max(scores, key=lambda code: (code in subtags, scores[code]), default="und")
        return subtags.get(best, "und")
