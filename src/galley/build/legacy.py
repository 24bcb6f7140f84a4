"""Which of the encodings from before Unicode makes language of some bytes.

What is ASCII reads the same in all of them, so only the words in which two readings differ
decide between the two: by the disorder that charset-normalizer measures in them, by how much
they are like a language, and at last by which encoding the language of the text was set in.
"""

import re

from galley.build.language import most_like

LEGACY = (
    *("cp1252", "iso8859-15", "cp1250", "iso8859-2", "cp1251", "koi8-r", "koi8-u", "iso8859-5"),
    *("cp1253", "iso8859-7", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("gb18030", "cp950", "cp949", "euc_jp", "cp932"),
    # Hardly met any more, but what looks as likely to be one of them is not certain.
    *("mac-roman", "mac-cyrillic", "mac-latin2", "cp437", "cp737", "cp850", "cp852", "cp855"),
    *("cp857", "cp866"),
)
# What the Latin alphabets outside of Western Europe were set in.
_HOMES = {
    **dict.fromkeys(("cp1250", "iso8859-2", "mac-latin2", "cp852"), "bs cs hr hu pl ro sk sl sq"),
    **dict.fromkeys(("cp1254", "cp857"), "az ku tr"),
    "cp1257": "et lt lv",
    "cp1258": "vi",
}
_SPACE = re.compile(r"[ \t\r\n]+")  # what is white space in all of them
_MESS = 0.2  # disorder, from 0, that is more than chance
_MARGIN = 0.05  # by which one reading must be more like a language than another
_FEW = 0.05  # of the words: they do not outweigh what the others say of the language


def choose(readings: dict[str, str]) -> str | None:
    """Return the one text that is language where every other is less so, or None.

    Args:
        readings: What the bytes are in each encoding: texts, with the encoding of each.
    """
    words = {text: _SPACE.split(text) for text in readings}
    for text in readings:
        foreign = [word for word in words[text] if not word.isascii()]
        enough = len(foreign) >= 3 or sum(map(len, foreign)) >= 20
        if not enough or _disorder(" ".join(foreign)) > _MESS:
            continue
        if most_like(" ".join(foreign))[1] > 0 and all(
            _beats((text, other), words, readings) for other in readings if other is not text
        ):
            return text
    return None


def _beats(pair: tuple[str, str], words: dict[str, list[str]], codecs: dict[str, str]) -> bool:
    """Return whether the first text of `pair` is more of a language than the second."""
    mine, yours = words[pair[0]], words[pair[1]]
    if len(mine) != len(yours):
        return False
    differing = [both for both in zip(mine, yours, strict=True) if both[0] != both[1]]
    # A quotation mark that stands alone is no less of a word than a letter that does.
    telling = [both for both in differing if len(both[0]) > 1 or len(both[1]) > 1]
    ours, theirs = (" ".join(both[side] for both in telling) for side in (0, 1))
    disorder = _disorder(theirs) - _disorder(ours)
    (_, own), (_, other) = most_like(ours), most_like(theirs)
    if disorder > _MESS and own >= other:
        return True
    language = most_like(pair[0])[0]
    home, away = (_is_home(codecs[text], language) for text in pair)
    few = len(differing) <= _FEW * sum(not word.isascii() for word in mine)
    if few or abs(own - other) <= other * _MARGIN:
        return home and not away
    return disorder > -_MESS and own > other


def _is_home(codec: str, language: str) -> bool:
    """Return whether `language` was commonly set in `codec`."""
    if codec in _HOMES:
        return language in _HOMES[codec].split()
    return not any(language in languages.split() for languages in _HOMES.values())


def _disorder(text: str) -> float:
    """Return the disorder of a text, from 0."""
    from charset_normalizer.md import mess_ratio  # noqa: PLC0415 - few files are not UTF-8

    return mess_ratio(text, 1.0)
