"""Subheads in capitals inside a running text.

`… he said. FLEEING THE WAR The first of them …`: a run of words without a lower-case letter
that begins where a sentence may begin and ends before the next sentence.
"""

import re
from collections.abc import Iterator
from itertools import islice
from unicodedata import category

from galley.build.dump.capitals import CLOSING, SMALL
from galley.build.dump.credits import Evidence
from galley.record import Span

_TOKEN = re.compile(r"\S+")
_LETTERS = 5  # fewer in a whole run: an abbreviation
# Where a sentence may begin with a word that has no letter in lower case, and words follow it.
# As many characters as a run has letters at least are none in lower case, either.
_CAPITALS = rf"(?=[^\s{SMALL}]+\s+\S)(?=(?:[^\s{SMALL}]\s*){{{_LETTERS}}})"
_OPENING = re.compile(rf"\s*{_CAPITALS}")
_START = re.compile(rf"[{re.escape(CLOSING)}]\s{{1,3}}{_CAPITALS}")
_SMALL = re.compile(f"[{SMALL}]")
_CLOSERS = frozenset("»”’›)]–—-")
_ACRONYM = 6  # letters: a longer word in capitals is no abbreviation that begins a sentence
_LONE = 7  # letters in a run of one word, which may be an acronym
_LONGEST = 16  # tokens


def find_subheads(body: str, span: Span, evidence: Evidence) -> Iterator[Span]:
    """Yield the subheads in a stretch of `body`, in order.

    Args:
        body: A running text.
        span: A stretch of it without captions; a sentence may begin where it begins.
        evidence: What the page knows of its words.
    """
    last = 0
    opening = _OPENING.match(body, *span)
    starts = (_START.match(body, place, span.end) for place in evidence.capitals(body, span))
    for match in (opening, *starts):
        if match is None or match.end() < last:
            continue
        start = match.end()
        tokens, run = _run(body, Span(start, span.end))
        stop = _end(tokens, run, evidence) if tokens[0][0] not in _CLOSERS else 0
        if stop and _is_subhead(tokens[:stop], evidence):
            last = tokens[stop - 1].end()
            yield Span(start, last)


def _run(body: str, span: Span) -> tuple[list[re.Match[str]], int]:
    """Return the run of capitals that a stretch begins with and the word after it; its length."""
    tokens: list[re.Match[str]] = []
    for token in islice(_TOKEN.finditer(body, *span), _LONGEST + 1):
        tokens.append(token)
        if not _is_capital(token[0]):
            return tokens, len(tokens) - 1
    return tokens, min(len(tokens), _LONGEST)


def _is_capital(word: str) -> bool:
    if _SMALL.search(word):
        return False
    return word.isascii() or not any(char.islower() or _is_caseless(char) for char in word)


def _is_caseless(char: str) -> bool:
    """Return whether a letter is of a script without capitals: Arabic, Hebrew, Devanagari, Han."""
    return category(char) == "Lo"


def _end(tokens: list[re.Match[str]], stop: int, evidence: Evidence) -> int:
    """Give the words back that begin the next sentence: "A", "I", "EU leaders", "U.S. troops".

    Returns 0 for a run that is no subhead: one that ends the text, or that a sentence goes on
    after.
    """
    while 0 < stop < len(tokens):
        word, following = tokens[stop - 1][0], tokens[stop][0]
        bare = following.strip("“„«‘\"'(").rstrip(",.:;!?”’'")
        initials = "." in word[:-1] and not evidence.is_lower(bare.casefold())
        if following[0].islower() or _is_caseless(following[0]):
            if (not word[-1].isalnum() and not initials) or len(word) > _ACRONYM:
                return 0
        elif not (len(word) == 1 and word.isalpha()) and not initials:
            return stop
        stop -= 1
    return 0


def _is_subhead(run: list[re.Match[str]], evidence: Evidence) -> bool:
    words = [token[0] for token in run]
    letters = [sum(char.isalpha() for char in word) for word in words]
    wordy = [word for word, count in zip(words, letters, strict=True) if count > 1]
    if sum(letters) < _LETTERS or not wordy:
        return False
    if len(wordy) > 1:
        return words[0][0] not in "(["
    bare = wordy[0].strip(".,:;!?“”«»‘’'\"")
    return len(bare) >= _LONE and not evidence.recurs(bare)
