"""Entries of feeds that have no title, as notes have none: RSS asks for a title or a text.

What readers of feeds show in its place is how the text begins, and so is the title of its
record: it is never worded here, and the layout `note` says where it is from.
"""

import unicodedata

from galley.build.sentences import Sentences

LAYOUT = "note"
_LONGEST = 100  # code points of a title
_BESIDE = " \t\xa0,;:–—-(["  # what no title ends with
_JOINER = "\u200d"
_VIRAMA = 9  # class of what binds two consonants


def name_note(text: str, language: str) -> str:
    """Return the beginning of a text as a title: its first line, sentence, or words.

    Args:
        text: Of the entry; it has something to read.
        language: BCP 47 tag, for sentence boundaries.

    Returns:
        One line of at most 100 code points, as it stands in the text but for its blanks.

    Example:
        >>> name_note("The ferry is back. It leaves at noon. " * 9, "en")
        'The ferry is back.'
    """
    line = " ".join(text.lstrip().split("\n", 1)[0].split())
    if len(line) <= _LONGEST:
        return line
    sentence = next((line[:end].strip() for _, end in Sentences(line, language).spans()), line)
    return sentence if len(sentence) <= _LONGEST else _cut(sentence)


def _cut(text: str) -> str:
    """Return as many whole words of `text` as a title has, or signs of a script without blanks."""
    blank = text.rfind(" ", 0, _LONGEST + 1)
    end = blank if blank > 0 else _LONGEST
    while blank <= 0 and end > 1 and _belongs(text[end - 1], text[end]):
        end -= 1
    return text[:end].rstrip(_BESIDE) or text[:end]


def _belongs(before: str, sign: str) -> bool:
    """Return whether a sign is a part of what the one before it begins."""
    joined = before == _JOINER or unicodedata.combining(before) == _VIRAMA
    return joined or unicodedata.category(sign)[0] == "M" or sign == _JOINER
