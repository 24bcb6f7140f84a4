"""Names of territories and alliances in a text, which the gazetteer knows from the start.

It would rather miss a name than propose a wrong one: an annotator sees what is missing while
reading, and believes what is already marked.
"""

import re
from functools import lru_cache

from galley.annotations.suggesters.cldr import Territories, load_territories
from galley.record import Entity, Span, make_entity

# Written without spaces, so that no boundary shows where a word ends.
_SPACELESS = frozenset({"zh", "ja", "th", "lo", "km", "my", "yue"})
# Common nouns are capitalised, so that a capital says nothing about names.
_CAPITAL_NOUNS = frozenset({"de", "lb", "gsw"})
# Words that may open a sentence, in the languages whose capitals say something: no names.
_PARTICLES = frozenset(
    (  # noqa: SIM905 - sixty quoted strings cannot be read
        "a an the in on at of to by as if and but or for from with when while since after before "
        "le la les un une des du de en au aux dans et mais ou pour avec "
        "il lo i gli una di da con su per e ma nel nella del della "
        "el los las y pero por para"
    ).split()
)
_HYPHENS = "-\u2010\u2011"
_WORD_BEFORE = re.compile(r"[^\W\d_][\w’'-]*\Z")
_SPACES = frozenset(" \u00a0")
_WORD_AFTER = re.compile(r"[ \u00a0]([^\W\d_][\w’'-]*)")
_WINDOW = 40  # characters that are looked at on either side of a name


def find_territories(text: str, language: str) -> list[Entity]:
    """Return the territories and alliances that `text` names, sorted, without overlaps.

    Args:
        text: A record's text.
        language: Its BCP 47 tag; `Island` is a country in German only.
    """
    names = load_territories(language)
    primary = language.split("-", maxsplit=1)[0].lower()
    return [
        make_entity(text, span, label=names.labels[text[span.start : span.end]])
        for span in (Span(*found) for found in names.find(text))
        if primary in _SPACELESS or _stands_alone(text, span, names, primary)
    ]


def _stands_alone(text: str, span: Span, names: Territories, primary: str) -> bool:
    """Tell whether the name at `span` is a word of its own and no part of a longer name."""
    start, end = span
    if (start and _joins(text[start - 1])) or _joins(text[end : end + 1]):
        return False
    before, after = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
    name = text[start:end]
    if name.isupper() and _shouts(before, after, names):
        return False
    if primary in _CAPITAL_NOUNS:
        return True
    return (name.isupper() or not _capital(after)) and not _follows_name(text, before)


def _joins(char: str) -> bool:
    return bool(char) and (char.isalnum() or char == "_" or char in _HYPHENS)


def _shouts(before: str, after: str, names: Territories) -> bool:
    """Tell whether a neighbouring word is in capitals too: then `US` may be the pronoun."""
    word = _WORD_AFTER.match(after)
    words = [_word_before(before), word[1] if word else ""]
    return any(len(w) > 1 and w.isupper() and w not in names.labels for w in words)


def _follows_name(text: str, before: str) -> bool:
    """Tell whether the word before is capitalised as a name: `New Mexico`, `Oracle France`.

    A sentence's first word is capitalised anyway: it is no name if it is a particle, or if the
    text has it in lower case too.
    """
    word = _word_before(before)
    if not word[:1].isupper() or word.lower() in _PARTICLES:
        return False
    return not _has_word(text, word.lower())


@lru_cache(maxsize=64)  # the same word stands before many names of a text
def _has_word(text: str, word: str) -> bool:
    # to look for it as letters is quick, and nearly always enough
    return word in text and re.search(rf"\b{re.escape(word)}\b", text) is not None


def _word_before(before: str) -> str:
    """Return the word that stands before, a space between; empty if there is none."""
    before = before.removesuffix("\n")  # a line may end with that space
    if before[-1:] not in _SPACES:
        return ""
    last = before[:-1].rpartition(" ")[2]  # a search from further left would try each letter
    word = _WORD_BEFORE.search(last)
    return word[0] if word else ""


def _capital(after: str) -> bool:
    word = _WORD_AFTER.match(after)
    return word is not None and word[1][0].isupper()
