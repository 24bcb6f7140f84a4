"""The articles of a listing: which lines are titles, bodies and tags.

The anchor is the body, a line far longer than a title or a tag. The line before it is its title,
the lines after it, up to the next title, are its tags; a date, a byline or a deck may stand
between title and body.
"""

import re
from collections import Counter
from dataclasses import dataclass
from statistics import median

from galley.build.dump import lexicon
from galley.build.dump.kinds import Kind, Kinds, is_name, is_unspaced
from galley.build.lines import Line

_BODY = 250  # weight from which a line is an article
_SHORT_BODY = 110  # the same for a line of several whole sentences
_UNSTOPPED = 150  # the same in a script without full stops
_BRIEF = 60  # the same for a sentence between two short lines
_TITLE = 20  # median weight of headlines
_DECK = 22  # weight of a deck
_NAME = 32  # weight of an author's name
_SIGNED = 60  # weight of a line that names the author and says what he is
_DATE = 6  # digits of a date
_SAYS = 1.5  # how much more a wide character says than two letters
_WIDE = 1.5  # weight of a character from which most are wide
_DIGIT = re.compile(r"\d")
_FEW = 3  # articles that tell a template
_NAMED = re.compile(r"(?P<label>[^:：–—|»›/-]{1,40}?)\s*[:：–—|»›/-]")  # "Tag: Energy"
_PART = re.compile(r"\s*[,，、|·•/:：]\s*|\s+[–—-]\s+")  # between a name and a role
_MARKS = ",，、|·•/:：–—-"  # that are in each
_WIDER = 1.5  # how much longer a headline is than an author's name
_MOST = 0.8  # share of the articles that have a line of a kind, where a page has it
_ROW = re.compile(r"[,，、،;•·|｜]| / |#")  # between tags
_OUT = frozenset({Kind.NOTICE, Kind.READ_MORE, Kind.COMMENT_FORM})  # no text of an article


@dataclass(slots=True)  # not frozen: it would take twice as long to make one
class Group:
    """One article of a listing, as indexes of lines. Nobody changes it.

    Attributes:
        title: Its headline.
        head: The lines between headline and body: a date, a byline, a deck.
        body: The lines of its text.
        tail: The lines below it, up to the next headline: tags, and what is none.
        before: The lines over the headline that are known to be its own: a date, a section.
    """

    title: int
    head: range
    body: range
    tail: range
    before: range = range(0)


def find_groups(lines: list[Line], kinds: Kinds) -> list[Group]:
    """Return the articles of a page that is read as a listing, in order."""
    bodies = _bodies(lines, kinds)
    floors = [0, *(body.stop for body in bodies)]
    titles = _titles(bodies, floors, kinds)
    pairs = [
        (title, body, floor)
        for title, body, floor in zip(titles, bodies, floors, strict=False)
        if title is not None
    ]
    pairs = [pair for at, pair in enumerate(pairs) if not _is_notice(pairs, at, lines, kinds)]
    pairs = pairs[1:] if len(pairs) > 1 and _is_intro(*pairs[0][:2], lines) else pairs
    found = [title for title, _, _ in pairs]
    floors = [floor for *_, floor in pairs]
    raised = _raised(found, floors, lines, kinds)
    if raised != found:  # a deck and a name
        found = _raised(raised, floors, lines, kinds)
    stops = [*found, len(lines)][1:]
    return [
        Group(title, range(title + 1, body.start), body, range(body.stop, stop))
        for title, (_, body, _), stop in zip(found, pairs, stops, strict=True)
    ]


def _is_notice(
    pairs: list[tuple[int, range, int]], at: int, lines: list[Line], kinds: Kinds
) -> bool:
    """Return whether what was taken for a text asks to sign up or to consent: no tags follow it."""
    _, body, _ = pairs[at]
    stop = pairs[at + 1][0] if at + 1 < len(pairs) else len(lines)
    return body.stop == stop and len(body) == 1 and kinds[body.start] in _OUT


def _is_intro(title: int, body: range, lines: list[Line]) -> bool:
    """Return whether what was taken for the first article says what the page is about."""
    named = _NAMED.match(lines[title].text)
    tag = named and lexicon.pattern("tag_page").fullmatch(named["label"].strip())
    first = lines[body.start]
    return bool(tag) and len(body) == 1 and first.weight < _BODY and first.sentences == 1


def _raised(titles: list[int], floors: list[int], lines: list[Line], kinds: Kinds) -> list[int]:
    """Return the lines above `titles` where these are names of authors or decks, else `titles`.

    They are if nearly all look like it, and what stands above them like headlines rather than
    like the last tags of the article before.
    """
    now, least = [lines[title] for title in titles], _MOST * len(titles)
    names, decks = sum(map(_is_name, now)) >= least, sum(map(_is_deck, now)) >= least
    template = _is_template(now)
    if len(titles) < 2 or not (names or decks or template):
        return titles
    above = [_above(title, kinds, floor) for title, floor in zip(titles, floors, strict=True)]
    raised = [title for title in above if title is not None]
    if len(raised) < len(titles):
        return titles
    then = [lines[title] for title in raised]
    width, wider = (median(heft(line) for line in found) for found in (now, then))
    names = (names and wider >= _WIDER * width) or (template and wider > width)
    decks = decks and sum(map(_is_headline, then)) >= least
    return raised if wider >= _TITLE and (names or decks) else titles


def heft(line: Line) -> float:
    """Return how much a line says, as a weight: wide characters say more than their width."""
    return line.weight * _SAYS if line.weight >= _WIDE * len(line.text) else line.weight


def _is_template(lines: list[Line]) -> bool:
    """Return whether nearly all lines are made alike: "Ann Lee, reporter", "12:05, 3 ...".

    They begin or end with the same words, are the same, or hold the digits of a date.
    """
    texts = [line.text for line in lines if line.weight <= _SIGNED]
    least = _MOST * len(lines)
    if len(lines) < _FEW or len(texts) < least:
        return False
    whole = "\n".join(texts)  # tells at once where no line has to be looked at
    if len(_DIGIT.findall(whole)) >= _DATE * least:
        dated = sum(len(_DIGIT.findall(text)) >= _DATE for text in texts)
        if dated >= least:
            return True
    parted = sum(map(whole.count, _MARKS)) >= least
    parts = [_PART.split(text) for text in texts] if parted else []
    ends = [Counter(part[side] for part in parts if len(part) > 1) for side in (0, -1)]
    return any(max(end.values(), default=0) >= least for end in (*ends, Counter(texts)))


def _is_deck(line: Line) -> bool:
    return line.stops and line.weight >= _DECK


def _is_headline(line: Line) -> bool:
    """Return whether a line above a sentence may be a headline rather than a row of tags."""
    row = len(_ROW.findall(line.text)) > 1 or lexicon.pattern("tag_label").match(line.text)
    return heft(line) >= _TITLE and line.text[-1] not in ".。" and not row


def _is_name(line: Line) -> bool:
    """Return whether a line may be nothing but the name of a person."""
    return line.weight <= _NAME and not line.stops and is_name(line.text)


def _bodies(lines: list[Line], kinds: Kinds) -> list[range]:
    """Return the texts: runs of lines that are long enough, the headline before them aside."""
    most = [line.weight * _SAYS for line in lines]  # that each may say; few are looked at
    long = [says >= _SHORT_BODY and _is_body(line) for says, line in zip(most, lines, strict=True)]
    found: list[range] = []
    for index in range(1, len(lines)):
        brief = most[index] >= _BRIEF and not long[index] and _is_brief(index, lines, kinds, long)
        if long[index] or brief:
            if found and found[-1].stop == index and _is_paragraph(lines[index - 1]):
                found[-1] = range(found[-1].start, index + 1)
            elif found and found[-1].stop == index:
                found[-1] = range(index, index + 1)
            else:
                found.append(range(index, index + 1))
    return found


def _is_body(line: Line) -> bool:
    weight = heft(line)
    if weight < _SHORT_BODY:
        return False
    whole = weight >= _BODY or (line.stops and line.sentences > 1)
    whole = whole or (line.weight >= _UNSTOPPED and is_unspaced(line))
    return whole and not lexicon.pattern("tag_label").match(line.text)


def _is_paragraph(line: Line) -> bool:
    """Return whether a line before a body is a part of it rather than its headline."""
    return heft(line) >= _BODY


def _is_brief(index: int, lines: list[Line], kinds: Kinds, long: list[bool]) -> bool:
    """Return whether a sentence is a text of its own, since no text is next to it."""
    line = lines[index]
    if heft(line) < _BRIEF or not line.stops or kinds[index] in _OUT:
        return False
    after = index + 1
    while after < len(lines) - 1 and (kinds.is_meta(after) or _is_name(lines[after])):
        after += 1
    following = long[after : after + 1] == [True]
    before = lines[index - 1]
    return not long[index - 1] and not following and not (before.stops and before.text[-1] in ".。")


def _titles(bodies: list[range], floors: list[int], kinds: Kinds) -> list[int | None]:
    """Return the line above each text that may be its headline; buttons are not, if most are."""
    edges = list(zip(bodies, floors, strict=False))
    found = [_above(body.start, kinds, floor) for body, floor in edges]
    above = [index for index in found if index is not None]
    least = max(_FEW, _MOST * len(found))
    if not any(map(kinds.is_button, above[:_FEW])) or sum(map(kinds.is_button, above)) < least:
        return found
    return [_above(body.start, kinds, floor, buttons=False) for body, floor in edges]


def _above(line: int, kinds: Kinds, floor: int, *, buttons: bool = True) -> int | None:
    """Return the last line above `line`, from `floor` on, that is no date and no byline.

    Args:
        line: A line.
        kinds: Of all lines.
        floor: The first line that may be it.
        buttons: Whether it may be one that says no more than a button.
    """
    index = line - 1
    while index >= floor and (kinds.is_meta(index) or (not buttons and kinds.is_button(index))):
        index -= 1
    return index if index >= floor else None
