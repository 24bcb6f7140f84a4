"""Subheads in capitals inside a running text.

`… he said. FLEEING THE WAR The first of them …`: a run of words without a lower-case letter
that begins where a sentence may begin and ends before the next sentence.
"""

import re
from collections.abc import Iterator

from galley.build.credits import Evidence
from galley.record import Span

_TOKEN = re.compile(r"\S+")
_ENDS_SENTENCE = re.compile(r"[.!?…”»\"’')\]][\s\xa0]*$")
_CLOSERS = frozenset("»”’›)]–—-")
_ACRONYM = 6  # letters: a longer word in capitals is no abbreviation that begins a sentence
_LETTERS = 5  # fewer in a whole run: an abbreviation
_LONE = 7  # letters in a run of one word, which may be an acronym
_LONGEST = 16  # tokens


def find_subheads(text: str, evidence: Evidence, *, opening: bool) -> Iterator[Span]:
    """Yield the subheads in `text`, in order.

    Args:
        text: A stretch of running text without captions.
        evidence: What the page knows of its words.
        opening: Whether a sentence may begin where `text` begins.
    """
    tokens = list(_TOKEN.finditer(text))
    index = 0
    while index < len(tokens):
        start = tokens[index].start()
        if text[:start].strip():
            begins = bool(_ENDS_SENTENCE.search(text[max(start - 4, 0) : start]))
        else:
            begins = opening
        begins = begins and tokens[index][0] not in _CLOSERS
        stop = _run(tokens, index) if begins else index
        stop = _end(tokens, index, stop, evidence)
        if stop > index and _is_subhead(tokens[index:stop], evidence):
            yield Span(start, tokens[stop - 1].end())
            index = stop
        else:
            index += 1


def _run(tokens: list[re.Match[str]], index: int) -> int:
    """Return the index after the run of capitals that begins at `index`."""
    stop = index
    while stop < len(tokens) and stop - index < _LONGEST and _is_capital(tokens[stop][0]):
        stop += 1
    return stop


def _is_capital(word: str) -> bool:
    return not any(char.islower() for char in word)


def _end(tokens: list[re.Match[str]], index: int, stop: int, evidence: Evidence) -> int:
    """Give the words back that begin the next sentence: "A", "I", "EU leaders", "U.S. troops".

    Returns `index` for a run that is no subhead: one that ends the text, or that a sentence
    goes on after.
    """
    while index < stop < len(tokens):
        word, following = tokens[stop - 1][0], tokens[stop][0]
        bare = following.strip("“„«‘\"'(").rstrip(",.:;!?”’'")
        initials = "." in word[:-1] and bare.casefold() not in evidence.lower
        if following[0].islower():
            if (not word[-1].isalnum() and not initials) or len(word) > _ACRONYM:
                return index
        elif not (len(word) == 1 and word.isalpha()) and not initials:
            return stop
        stop -= 1
    return index


def _is_subhead(run: list[re.Match[str]], evidence: Evidence) -> bool:
    words = [token[0] for token in run]
    letters = [sum(char.isalpha() for char in word) for word in words]
    wordy = [word for word, count in zip(words, letters, strict=True) if count > 1]
    if sum(letters) < _LETTERS or not wordy:
        return False
    if len(wordy) > 1:
        return words[0][0] not in "(["
    bare = wordy[0].strip(".,:;!?“”«»‘’'\"")
    return len(bare) >= _LONE and evidence.names[bare] < 2
