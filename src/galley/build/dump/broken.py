"""Pages on which every link, and every word in bold, begins a line of its own.

So write programs that set a line for each text node of a page. Where several lines begin or
end within a sentence, the page is of this kind, and its paragraphs are put together again.
"""

import re
from collections import Counter
from itertools import pairwise

from galley.build.dump.capitals import is_small
from galley.build.dump.kinds import META, Kind, kind_of
from galley.build.lines import Line
from galley.record import Span

_WIDE = "、。，）」』！？；：】》"  # a word may follow them without a blank
_SIGNS = ".,;:!?)]»”’؟،؛।" + _WIDE
_GOES_ON = re.compile(rf"[{_WIDE}]|”(?=[\u4e00-\u9fff])|[{re.escape(_SIGNS)}](?![\w./(:;&=@-])")
_FOLLOWS = re.compile(r"[-–—/&+(]\s?\w")
_ALONE = frozenset(".,。、，؟،।")
_OPEN = (",", ";", "(", "[", "„", "“", "«", "–", "—", "、", "，", "「", "（", "&", "/", "،")
# What no line begins with in scripts without capitals: particles, and words that bind clauses.
_WITHIN = re.compile(
    r"[はがをにのでとへも](?![ぁ-ん])|(?:から|まで|より|など|という|した|して|され|った)(?=\w)"
    r"|(?:的(?!士)|们|們|了(?![解不]))(?=\w)"
    r"|(?:के|ने|को|में|से|पर|की|का|है|हैं|था|थे|थी|और इस)(?:\s|$)"
    r"|(?:أن|أنه|التي|الذي|وأن)\s|(?:של|את|כי|אשר)\s|(?:که|را|است)\s|(?:ที่|ซึ่ง|และ|ของ|จะ|ว่า)"
)
_FIRST = "\u0590"  # before it no script is without capitals
_SURE = 3  # lines that begin or end within a sentence, of which one knows such a page
_SIGNED = 2  # what one counts for that begins with the sign after a word; alone it is enough
_STOPS = 4  # lines in which such a sentence ends
_CLAUSE = 60  # weight from which a line is a sentence that goes on
_LONG = 36  # weight of what was put together, from which whatever follows is its rest
_BEGUN = 24  # weight from which a line is one that has a comma at its end, or a stop within
_TELLING = 16  # weight from which a line that the page says again is a headline
_ARTICLE = 4  # code points of a first word that a link follows: "The", "Im"
_RUN = 12  # lines from where a sentence begins to where it ends
_CLOSING = frozenset(
    {
        *(Kind.RELATED, Kind.NAVIGATION, Kind.COMMENT_FORM, Kind.COMMENTS, Kind.ABOUT),
        *(Kind.NOTICE, Kind.READ_MORE),
    }
)
_APART = _CLOSING | {Kind.DATE, Kind.TIME, Kind.BYLINE, Kind.LABEL, Kind.CAPTION}
_LETTERS = re.compile(r"[^\W\d_]")
_CASELESS = re.compile(r"[\u0590-\u0dff\u3000-\ud7ff\uf900-\ufdff\ufe70-\ufeff]")
_UNSTOPPED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def join_broken(text: str, lines: list[Line]) -> list[Line]:
    """Return `lines` with those put together that a page broke at its links.

    Args:
        text: The page.
        lines: Its lines that are not blank, in order.
    """
    if not _is_broken(lines):
        return lines
    said = Counter(line.plain for line in lines if line.weight > _TELLING)
    title = lines[0].plain
    joined = [[lines[0]]]
    for before, line in pairwise(lines):
        named = before.weight > _TELLING and before.plain in title
        whole = before is lines[0] or named or said[before.plain] > 1 or said[line.plain] > 1
        if not line.blank_before and not whole and _goes_on(text, joined[-1], line):
            joined[-1].append(line)
        else:
            joined.append([line])
    return [join(text, parts) for parts in _begun(joined)]


def join(text: str, parts: list[Line]) -> Line:
    """Return lines that follow each other as one."""
    first, last = parts[0], parts[-1]
    if first is last:
        return first
    span = Span(first.span.start, last.span.end)
    weight = sum(part.weight + 1 for part in parts) - 1
    return Line(text[slice(*span)], span, first.blank_before, weight)


def _is_broken(lines: list[Line]) -> bool:
    """Return whether lines of a page begin or end within sentences."""
    found = 0
    for index, (before, line) in enumerate(pairwise(lines), 1):
        first, last = line.text[0], before.text[-1]
        if first.isupper() and last != "," and last < _FIRST:  # nearly all lines
            continue
        if line.blank_before or before.stops:
            continue
        if line.text in _ALONE:
            return True
        if first in _SIGNS:
            found += _SIGNED * (_GOES_ON.match(line.text) is not None)
        elif _is_within(before, line) and not before.cut_off and not _is_apart(line):
            found += any(other.stops for other in lines[index : index + _STOPS])
        if found >= _SURE:
            return True
    return False


def _is_within(before: Line, line: Line) -> bool:
    """Return whether two lines, the first of which does not stop, are of one sentence."""
    if line.text[0] >= _FIRST and _WITHIN.match(line.text):
        return True
    if is_small(line.text[0]) and (before.weight >= _CLAUSE or line.is_sentence):
        return True
    if before.weight < _BEGUN:
        return False
    comma = before.text.endswith((",", "、", "，", "،"))
    return comma or (_CASELESS.match(before.text[-1]) is not None and before.sentences > 1)


def _goes_on(text: str, parts: list[Line], line: Line) -> bool:
    """Return whether `line` goes on with what `parts` begin."""
    last = parts[-1]
    if _GOES_ON.match(line.text):
        return True
    weight = sum(part.weight for part in parts)
    apart = _CLOSING if weight >= _CLAUSE and _has_stops(parts) else _APART
    ended = last.stops or last.cut_off or (last is parts[0] and _is_apart(last))
    if ended or kind_of(line) in apart:
        return False
    first = is_small(line.text[0]) or _FOLLOWS.match(line.text) or _WITHIN.match(line.text)
    begun = first or last.text.endswith(_OPEN)
    if begun and _LETTERS.search(last.text):
        return True
    if " " in text[last.span.end : line.span.start]:
        return True
    return _is_open(parts, line, weight)


def _is_open(parts: list[Line], line: Line, weight: int) -> bool:
    """Return whether what `parts` begin is a sentence that has to go on, whatever follows."""
    if _UNSTOPPED.search(line.text):
        return False
    caseless = _CASELESS.match(line.text) is not None
    if len(parts) > 1 or caseless:
        return weight >= (_BEGUN if len(parts) > 1 and caseless else _LONG)
    return weight >= 2 * _LONG and parts[0].sentences > 1


def _begun(groups: list[list[Line]]) -> list[list[Line]]:
    """Return `groups`, each that ends a sentence with the first words of it that stand before.

    In a script with capitals that is a word such as "The"; in others nothing tells a word from
    a label, so it is all that follows the sentence before.
    """
    whole: list[list[Line]] = []
    for group in groups:
        parts = group
        ends = group[-1].stops or len(group) > 1
        while ends and len(parts) < _RUN and whole and _begins(whole, parts):
            parts = [*whole.pop(), *parts]
        whole.append(parts)
    return whole


def _begins(groups: list[list[Line]], parts: list[Line]) -> bool:
    """Return whether the last of `groups` is how the sentence begins that `parts` go on with."""
    first, last = groups[-1][0], groups[-1][-1]
    if parts[0].blank_before or last.stops or _is_apart(first):
        return False
    if _CASELESS.match(parts[0].text):
        return _follows(groups)
    return first is last and len(first.text) <= _ARTICLE


def _follows(groups: list[list[Line]]) -> bool:
    """Return whether a sentence, or a date, ends before the short lines at the end of `groups`."""
    for group in reversed(groups[-_RUN:]):
        if group[-1].stops or kind_of(group[-1]) in META:
            return True
        if group[0].weight >= _LONG or _is_apart(group[0]):
            return False
    return False


def _has_stops(parts: list[Line]) -> bool:
    """Return whether a sentence ends, or was broken, in what `parts` begin: it is no headline."""
    return len(parts) > 1 or parts[0].sentences > 1


def _is_apart(line: Line) -> bool:
    """Return whether a line is none of a paragraph: a date, a name, a button."""
    return kind_of(line) in _APART
