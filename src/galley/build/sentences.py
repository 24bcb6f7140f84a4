"""Where sentences begin."""

import re
from collections.abc import Iterator
from itertools import accumulate

import sentencex

_WINDOWS = (250, 500)  # code points in which the last sentences are looked for first
_SURE = 120  # code points of them in which nothing is decided: too little stands before them
# What makes a list, whose items are sentences; it may begin far away.
_ITEMS = ")•◦▪▫■□●○⁃⁌⁍◆◇★☆➤➢➣▶▸►"
# What may hold a full stop that ends no sentence; its other end may be far away, too.
_PAIRS = tuple(zip("“„«»‘‹《「[{（", "”“»«’›》」]}）", strict=True))
_FAR = '"`‚‛‟<>('  # with one sign for both ends, or with any
_APOSTROPHE = re.compile(r"'(?<!\w')")  # that may open
_CLOSING = re.compile("[\"'`‚‛‟<>”“»«’›》」\\]}）]")


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

    def spans(self) -> list[tuple[int, int]]:
        """Return start and end of each sentence, in order; white space is in them."""
        ends = [*self.starts[1:], self._length] if self.starts else []
        return list(zip(self.starts, ends, strict=True))


def backwards(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence, the last one first; white space is in them.

    The end of the text is enough to know the last ones, if no quotation, no bracket and no
    list goes on into it; all of it is looked at only for those that are asked for after them.
    """
    end = len(text)
    for start in reversed(_last_starts(text, language)):
        yield start, end
        end = start
    for start in reversed(Sentences(text, language).starts) if end else ():
        if start < end:
            yield start, end
            end = start


def last_start(text: str, language: str) -> int:
    """Return where the last sentence of `text` begins; 0 in an empty text."""
    return next(backwards(text, language), (0, 0))[0]


def _last_starts(text: str, language: str) -> list[int]:
    """Return where the last sentences begin that are known from the end of a text alone."""
    for window in _WINDOWS:
        cut = text.rfind(" ", 0, max(len(text) - window, 0)) + 1
        if not cut or not _is_closed(text, cut):
            break
        starts = Sentences(text[cut:], language).starts
        if found := [cut + start for start in starts if start >= _SURE]:
            return found
    return []


def _is_closed(text: str, cut: int) -> bool:
    """Return whether what opens before `cut` closes before it, too; False where in doubt."""
    if any(map(text.__contains__, _ITEMS)):
        return False
    if _CLOSING.search(text, cut) is None:
        return True
    return (
        not any(map(text.__contains__, _FAR))
        and not any(text.rfind(one, 0, cut) > text.rfind(other, 0, cut) for one, other in _PAIRS)
        and not ("'" in text and _APOSTROPHE.search(text, 0, cut))
    )
