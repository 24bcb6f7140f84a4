"""Where sentences begin."""

import re
from bisect import bisect_right
from itertools import accumulate

import sentencex

_WINDOW = 500  # code points in which a last sentence is looked for first
_SURE = 120  # code points of it in which nothing is decided: too little stands before them
# What may hold a full stop that ends no sentence; its other end may be far away.
_PAIRS = tuple(zip("“„«»‘‹《「[{（", "”“»«’›》」]}）", strict=True))
# The same with one sign for both ends, and what makes a list, whose items are sentences.
_FAR = '"`‚‛‟<>()•◦▪▫■□●○⁃⁌⁍◆◇★☆➤➢➣▶▸►'
_APOSTROPHE = re.compile(r"'(?<!\w')(?=\w)")  # that may open


class Sentences:
    """The sentences of one running text.

    Args:
        text: The text.
        language: BCP 47 tag; one that is not known is treated like English.
    """

    def __init__(self, text: str, language: str) -> None:
        # They follow each other without a gap; to ask for their places takes half as long again.
        found = sentencex.segment(language.split("-", maxsplit=1)[0], text)
        self.starts = [0, *accumulate(map(len, found))][:-1]
        self._length = len(text)

    def start_before(self, position: int) -> int:
        """Return where the sentence begins that covers `position`; 0 in an empty text."""
        return self.starts[max(bisect_right(self.starts, position) - 1, 0)] if self.starts else 0

    def spans(self) -> list[tuple[int, int]]:
        """Return start and end of each sentence, in order; white space is in them."""
        ends = [*self.starts[1:], self._length] if self.starts else []
        return list(zip(self.starts, ends, strict=True))


def last_start(text: str, language: str) -> int:
    """Return where the last sentence of `text` begins; 0 in an empty text.

    The end of the text is enough to know it, if no quotation and no bracket goes on into it.
    """
    cut = text.rfind(" ", 0, max(len(text) - _WINDOW, 0)) + 1
    if cut and _is_closed(text, cut):
        start = Sentences(text[cut:], language).start_before(len(text) - cut - 1)
        if start >= _SURE:
            return cut + start
    return Sentences(text, language).start_before(max(len(text) - 1, 0))


def _is_closed(text: str, cut: int) -> bool:
    """Return whether what opens before `cut` closes before it, too; False where in doubt."""
    return (
        not any(map(text.__contains__, _FAR))
        and not any(text.rfind(one, 0, cut) > text.rfind(other, 0, cut) for one, other in _PAIRS)
        and not ("'" in text and _APOSTROPHE.search(text, 0, cut))
    )
