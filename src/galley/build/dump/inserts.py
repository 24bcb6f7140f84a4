"""What a page sets between the paragraphs of an article and is none of it.

An offer of letters asks for an address, and a page that has one says it again further down; a
picture has its caption, and below it who took it. A sentence of two words between paragraphs is
none of these: it is the article's.
"""

import re
from collections import defaultdict
from itertools import pairwise

from galley.build.dump.authors import find_authors, find_text
from galley.build.dump.kinds import TEXT, Kind, is_cased_name, is_item
from galley.build.dump.stretches import CLOSES
from galley.build.lines import Line

_ADDRESS = re.compile(
    r"e-?mail|e-?post|correo|courriel|posta elettronica|メールアドレス|邮箱|電郵|电子邮件|電子郵件"
    r"|이메일|ایمیل|بريد|דוא|אימייל|мейл|ел\. ?пошт|эл\. ?почт|электронн\w+ почт|електронн\w+ пошт"
    r"|sähköposti|ईमेल|อีเมล",
    re.IGNORECASE,
)
_SENDING = re.compile(
    r"(?<!\w)(?:per|via|par|por|by|med|pe|prin|με|по|na|på|ile) |mail(?:em|lel|om)\b", re.IGNORECASE
)
_SHOWS = re.compile(r"图为|圖為|写真は")
_FIELD = 36  # weight up to which a line may be the label of a field
_BUTTON = 24  # the same of a button
_FORM = frozenset({Kind.COMMENT_FORM, Kind.COMMENTS})
_WORD = 4  # code points of a word that is none of a name
_SAYS = 2  # sentences of an offer
_OFFER = 160  # weight up to which a line may be one of them
_HEAD = 48  # weight up to which a line may head it
_PLAIN = frozenset({Kind.SHORT, Kind.LABEL, Kind.NOTICE})
_SOON = 8  # lines below an insert in which a text goes on
_SAID = TEXT | {Kind.NOTICE}
_FIELDS = frozenset({Kind.SHORT, Kind.NOTICE})
_RUN = range(3, 9)  # lines in a row that a page says twice: a box
_OFTEN = 4  # times that a page says a line of one, at most
_BOXED = 260  # weight up to which a line may be in one
_LEAST = 8  # weight from which a line with a full stop between paragraphs is a sentence
_STOP = (".", "。", "।", "۔", "»", "”", '"', "“", "」")
_PERIOD = re.compile(r"[.。।۔][»”\"“」]?$")
_CREDITED = re.compile(r"\s[—–|/·•-]\s(?P<name>[^—–|/·•]{2,40})$")
_INITIAL = 2  # code points of a name
_INITIALS = re.compile(r"(?:[^\W\d_]\. ?){1,3}")
_TAKEN = re.compile(
    r"(?:^|\s)(?i:photo|foto|φωτο|фото|fotó|zdjęcie|kuva|bild) "
    r"(?:(?![a-z])[^\W\d_][\w.’'-]*\s?){1,3}$"
)


def without_inserts(lines: list[Line], kinds: list[Kind]) -> list[Kind]:
    """Return `kinds`, with offers as notices, captions as such, and short sentences as sentences.

    Args:
        lines: Of the page.
        kinds: What each is by its own words.
    """
    kinds = list(kinds)
    _mark_sentences(lines, kinds)
    _mark_offers(lines, kinds)
    _mark_repeated(lines, kinds)
    _mark_captions(lines, kinds)
    return kinds


def _mark_offers(lines: list[Line], kinds: list[Kind]) -> None:
    """Mark as notices what asks for an address to send letters to, and what it offers."""
    for index in range(2, len(lines)):
        if kinds[index] not in _FIELDS or kinds[index - 1] not in _SAID:
            continue
        if not _is_field(lines[index]) or _FORM & set(kinds[max(index - 3, 0) : index + 3]):
            continue
        start = index
        while index - start < _SAYS and _may_offer(lines[start - 1], kinds[start - 1]):
            start -= 1
        head = lines[start - 1]
        headed = kinds[start - 1] in _PLAIN and head.weight <= _HEAD and not head.stops
        if start == index or not headed:
            continue
        stop = index + 1
        stop += stop < len(lines) and _is_button(lines[stop], kinds[stop])
        _mark_box(kinds, range(start - 1, stop))


def _is_button(line: Line, kind: Kind) -> bool:
    return kind in _PLAIN and line.weight <= _BUTTON and not line.stops


def _is_field(line: Line) -> bool:
    """Return whether a line is the label of a field for an address."""
    if line.weight > _FIELD or line.stops or set("*@") & set(line.text):
        return False
    return _ADDRESS.search(line.text) is not None and not _SENDING.search(line.text)


def _may_offer(line: Line, kind: Kind) -> bool:
    return kind in _SAID and _HEAD / 2 < line.weight <= _OFFER and line.stops


def _mark_box(kinds: list[Kind], box: range) -> None:
    """Mark the lines of a box: as an insert if paragraphs are above and below it."""
    inside = box.start > 0 and kinds[box.start - 1] in TEXT and _goes_on(kinds, box.stop)
    for index in box:
        if kinds[index] in TEXT | _PLAIN:
            kinds[index] = Kind.PLUG if inside else Kind.NOTICE


def _goes_on(kinds: list[Kind], start: int) -> bool:
    """Return whether two paragraphs in a row follow soon."""
    after = kinds[start : start + _SOON]
    end = next((at for at, kind in enumerate(after) if kind in CLOSES), len(after))
    return any(pair <= TEXT for pair in map(set, pairwise(after[:end])))


def _mark_repeated(lines: list[Line], kinds: list[Kind]) -> None:
    """Mark as notices the lines of a box that a page has twice, a sentence among them."""
    seen: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if kinds[index] in TEXT and line.weight <= _BOXED:
            seen[line.text].append(index)
    for first, line in enumerate(lines):
        if kinds[first] not in TEXT or line.weight > _BOXED or len(seen[line.text]) > _OFTEN:
            continue
        for second in seen[line.text]:
            if second > first and _is_box(kinds, box := _common(lines, first, second)):
                _mark_box(kinds, box)
                _mark_box(kinds, range(second + box.start - first, second + box.stop - first))
                break


def _is_box(kinds: list[Kind], found: range) -> bool:
    """Return whether lines that a page says twice are a sentence or two with a head or a button."""
    inner = [kinds[index] for index in found]
    return Kind.SHORT in inner and 0 < sum(kind in TEXT for kind in inner) <= _SAYS


def _common(lines: list[Line], first: int, second: int) -> range:
    """Return the lines around `first` that are the same around `second`, if they are a box."""
    start = stop = 0  # no further than a box may go
    least = -min(first, _RUN.stop)
    while start > least and lines[first + start - 1].plain == lines[second + start - 1].plain:
        start -= 1
    room = min(second - first, len(lines) - second, _RUN.stop)
    while stop < room and lines[first + stop].plain == lines[second + stop].plain:
        stop += 1
    found = range(first + start, first + stop)
    plain = all(lines[i].weight <= _BOXED and not is_item(lines[i]) for i in found)
    return found if plain and len(found) in _RUN else range(0)


def _mark_sentences(lines: list[Line], kinds: list[Kind]) -> None:
    """Mark as a sentence what stands by a paragraph and has a full stop, however short it is."""
    for index in range(1, len(lines) - 1):
        line = lines[index]
        if kinds[index] is not Kind.SHORT or line.weight < _LEAST or not _PERIOD.search(line.text):
            continue
        if _TAKEN.search(line.text):
            continue
        if _SHOWS.match(line.text):
            kinds[index] = Kind.CAPTION if _is_inside(kinds, index) else Kind.SHORT
            continue
        before, after = kinds[index - 1] in TEXT, kinds[index + 1] in TEXT
        if (before and after) or ((before or after) and _is_worded(line)):
            kinds[index] = Kind.SENTENCE


def _is_worded(line: Line) -> bool:
    """Return whether a line with a full stop has words in it that are no names."""
    words = line.text.split()
    plain = [word for word in words[1:] if len(word) >= _WORD and not word[0].isupper()]
    return line.text.endswith("。") or bool(plain)


def _mark_captions(lines: list[Line], kinds: list[Kind]) -> None:
    """Mark as captions the lines between paragraphs that end in a name, or have one below."""
    inner = range(1, len(lines) - 1)
    found = [i for i in inner if kinds[i] is Kind.SHORT and _is_inside(kinds, i)]
    found = [i for i in found if kinds[i + 1] not in TEXT or _may_credit(lines[i].text)]
    names = find_authors(lines, kinds, find_text(kinds)) if found else set()
    for index in found:
        line = lines[index]
        if kinds[index - 1] not in TEXT or is_item(line):
            continue
        if line.stops and not _TAKEN.search(line.text):
            continue
        if kinds[index + 1] in TEXT and _is_credited(line.text, names):
            kinds[index] = Kind.CAPTION
        elif _goes_on(kinds, index + 2) and _is_credit(lines, kinds, index + 1, names):
            kinds[index : index + 2] = [Kind.CAPTION] * 2


def _is_inside(kinds: list[Kind], index: int) -> bool:
    """Return whether two paragraphs stand right above a line: one alone may be a deck."""
    if kinds[index - 1] not in TEXT:
        return False
    return sum(kind in TEXT for kind in kinds[max(index - _SOON, 0) : index]) > 1


def _is_credit(lines: list[Line], kinds: list[Kind], index: int, names: set[str]) -> bool:
    """Return whether a line says no more than who took the picture above."""
    text, after = lines[index].text, lines[index + 1].text
    if kinds[index] is Kind.CAPTION or _INITIALS.fullmatch(text) or _TAKEN.match(text):
        return lines[index].weight <= _HEAD
    named = any(name.startswith(text) for name in names) and len(text) > _INITIAL
    return named and kinds[index] is Kind.SHORT and text.split()[0] not in after


def _may_credit(text: str) -> bool:
    return bool(_CREDITED.search(text) or _TAKEN.search(text))


def _is_credited(text: str, names: set[str]) -> bool:
    """Return whether a line ends with who took the picture that it tells of."""
    if _TAKEN.search(text):
        return True
    match = _CREDITED.search(text)
    return match is not None and (match["name"] in names or is_cased_name(match["name"]))
