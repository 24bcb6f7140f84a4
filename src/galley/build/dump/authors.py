"""Who wrote an article, as far as the lines around its date say: in any script, with any label."""

import re
from itertools import pairwise

from galley.build.dump import lexicon
from galley.build.dump.capitals import is_small
from galley.build.dump.kinds import META, PROSE, TEXT, Kind
from galley.build.lines import Line

_ABOVE = 40  # lines above a text in which it is signed
_NEAR = 3  # lines around a date or a byline in which an author may be named
_APART = re.compile(r"[\s・:：,،|·•/()（）]+")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_LEAST = 4  # code points of a name
_NAMES = frozenset({Kind.SHORT, Kind.BYLINE})


def find_authors(lines: list[Line], kinds: list[Kind], stop: int) -> set[str]:
    """Return what may name the authors: two words in a row of a line near the date.

    Args:
        lines: Of the page.
        kinds: What each is.
        stop: The line with which the text begins.
    """
    above = range(max(stop - _ABOVE, 0), stop)
    stated = [i for i in above if kinds[i] in META or _is_dated(lines[i])]
    found: set[str] = set()
    for index in above:
        if kinds[index] not in _NAMES or lines[index].weight >= PROSE / 2:
            continue
        if any(abs(index - other) <= _NEAR for other in stated):
            found |= set(_names(lines[index].text))
    return found


def find_text(kinds: list[Kind]) -> int:
    """Return where two paragraphs follow each other for the first time."""
    pairs = enumerate(pairwise(kinds))
    return next((index for index, pair in pairs if set(pair) <= TEXT), len(kinds))


def _names(text: str) -> list[str]:
    words = [word for word in _APART.split(text) if word]
    if len(words) == 2 and lexicon.whole_words("byline").fullmatch(words[0]):
        return [words[1]] if len(words[1]) >= _LEAST else []
    names = [" ".join(pair) for pair in pairwise(words) if not any(map(_is_number, pair))]
    return [name for name in names if len(name) >= _LEAST and not is_small(name[0])]


def _is_dated(line: Line) -> bool:
    """Return whether a line has a year, in any digits: it may be a date of another calendar."""
    return line.weight < PROSE / 2 and _YEAR.search(line.text) is not None


def _is_number(word: str) -> bool:
    return any(map(str.isdigit, word))
