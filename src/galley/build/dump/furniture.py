"""What recurs below the articles of a listing, and so is none of their tags.

A template sets the same lines under every article: a button, a count, a name, a rule. They are
found by their recurrence at the same place, in any language; words are asked for only where a
page is too short to tell.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from galley.build.dump import lexicon
from galley.build.dump.kinds import META, Kind, Kinds, is_name
from galley.build.dump.stems import may_match
from galley.build.lines import Line

_NONE = META | {Kind.READ_MORE, Kind.RELATED, Kind.NOTICE, Kind.COMMENTS, Kind.COMMENT_FORM}
RECURS = 3  # articles that tell a template: in fewer nothing recurs
_SOME = 4  # articles that tell it where its line is a plain word
_NEARLY = 0.8  # share of the articles below which it stands, at the same place
_MOST = 0.6  # share of those whose tags stand behind the same words
_LONGEST = 40  # code points of these words
_NUMBER = re.compile(r"\d[\d.,  \xa0\u202f’']*")
_NAMED = re.compile(r"[^\W\d][^(（:：]* 0")  # "Election 2024", with its number masked
_POINTING = frozenset({Kind.READ_MORE, Kind.RELATED, Kind.NOTICE, Kind.NAVIGATION})
_ROWS = 0.3  # share of such lines that hold several tags, where they hold tags
_COMMAS = re.compile(r"[:：].+(?:[,;] |\|)")  # as a headline seldom has them
_SIGNS = "#•·*- \xa0"  # before a tag
_ROW = re.compile(r"[:：].+[,，、،;|]")
_ARROW = re.compile(r"(?:[»›→>▶…]|\.\.\.)$")
_COLON = re.compile(rf"[^:：]{{2,{_LONGEST}}}?\s?[:：]\s*(?=\S)")
_STEP = re.compile(rf"\S.{{1,{_LONGEST}}}?\s+[»›>→|]\s+(?=\S)")

_KEPT = 1 << 11  # short lines of which it is remembered what they are


@dataclass(frozen=True)
class Furniture:
    """The lines below the articles of a listing that are no tags.

    Attributes:
        fixed: Indexes of those that recur.
        signed: Indexes of those that name the author.
        labels: What stands before the tags, with its colon or arrow.
    """

    fixed: frozenset[int] = frozenset()
    signed: frozenset[int] = frozenset()
    labels: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, lines: list[Line], kinds: Kinds, tails: list[list[int]], *, head: str
    ) -> "Furniture":
        """Find what recurs below the articles of a page.

        Args:
            lines: Of the page.
            kinds: What each of them is.
            tails: Those below each article.
            head: What stands above all of them, in lower case: the page's tag is no furniture.
        """
        pointing = [[i for i in tail if kinds[i] in _POINTING] for tail in tails]
        rows = frozenset(_labels(lines, pointing, len(tails), rows=True))
        repeated = frozenset(_repeated(lines, pointing))
        own = ([i for i in tail if _is_own(lines[i], kinds[i])] for tail in tails)
        tails = [tail for tail in own if tail]
        noted = {i for tail in tails for i in tail if kinds[i - 1] is Kind.ABOUT}
        noted = {index for index in noted if is_name(lines[index].text)}
        if len(tails) < RECURS:
            return cls(signed=frozenset(noted), labels=rows)
        fixed = frozenset(_fixed(lines, tails, head)) | repeated
        known = fixed | noted
        rest = [[index for index in tail if index not in known] for tail in tails]
        signed = frozenset((*noted, *_signed(lines, rest)))
        return cls(fixed, signed, rows | frozenset(_labels(lines, rest, len(rest))))

    def label(self, text: str) -> int:
        """Return where the tags begin in a line that begins with a label of the page, or 0."""
        if not self.labels:
            return 0
        return max((len(label) for label in self.labels if text.startswith(label)), default=0)


def _is_own(line: Line, kind: Kind) -> bool:
    """Return whether a line may be a tag, or a template's, by its own words."""
    return kind not in _NONE and not _names_source(line.text)


@lru_cache(_KEPT)
def _names_source(text: str) -> bool:
    if "source_label" not in may_match(text):
        return False
    return lexicon.pattern("source_label").match(text) is not None


def mask_of(text: str) -> str:
    """Return a line in lower case, its numbers masked: as a template sets it again and again."""
    return _NUMBER.sub("0", text.casefold())


def _repeated(lines: list[Line], tails: list[list[int]]) -> Iterator[int]:
    """Yield the lines that lead elsewhere, or ask for something, and are the same below most."""
    said = Counter(text for tail in tails for text in {lines[index].text for index in tail})
    least = max(RECURS, _NEARLY * len(tails))
    yield from (i for tail in tails for i in tail if said[lines[i].text] >= least)


def _fixed(lines: list[Line], tails: list[list[int]], head: str) -> set[int]:
    """Return the lines that stand first or last below nearly all articles, from outside in."""
    masks = {i: mask_of(lines[i].text) for tail in tails for i in tail}
    least = max(RECURS, min(_NEARLY * len(tails), len(tails) - 1))
    fixed: set[int] = set()
    for side in (0, -1):
        while True:
            rest = [[index for index in tail if index not in fixed] for tail in tails]
            ends = [tail[side] for tail in rest if tail]
            if not ends:
                break
            mask, count = Counter(masks[index] for index in ends).most_common(1)[0]
            texts = [lines[index].text for index in ends if masks[index] == mask]
            alone = 2 * sum(len(tail) == 1 for tail in rest) > len(ends)
            if count < least or not _is_furniture(mask, texts, head, alone=alone):
                break
            fixed |= {index for tail in rest for index in tail if masks[index] == mask}
    return fixed


def _is_furniture(mask: str, texts: list[str], head: str, *, alone: bool) -> bool:
    """Return whether lines that recur are no tag: numbers differ, or it says where to go.

    The tag that the page is about is below all of them too, `alone` perhaps.
    """
    said = {text.casefold() for text in texts}
    counted = "0" in mask and not _NAMED.fullmatch(mask)
    if not any(map(str.isalnum, mask)) or (counted and len(said) > 1):
        return True
    if len(said) > 1 or any(text.strip(_SIGNS) in head for text in said):
        return False
    return bool(counted or _ARROW.search(mask)) or (len(texts) >= _SOME and not alone)


def _signed(lines: list[Line], tails: list[list[int]]) -> Iterator[int]:
    """Yield the lines that name the authors: names at one end of all tails, and never elsewhere."""
    tails = [tail for tail in tails if tail]
    for side in (0, -1):
        ends = [tail[side] for tail in tails if len(tail) > 1]
        texts = [lines[index].text for index in ends]
        if len(ends) < _SOME or len(set(texts)) == 1 or not all(map(_may_sign, texts)):
            continue
        others = {lines[i].text for tail in tails for i in tail} - {lines[i].text for i in ends}
        inner = {lines[i].text for tail in tails for i in (tail[1:] if side == 0 else tail[:-1])}
        if others and not inner & set(texts):
            yield from ends
            return


def _may_sign(text: str) -> bool:
    """Return whether a line may be nothing but a name, a family's too."""
    whole = " " in text and re.fullmatch(lexicon.NAMES, text) is not None
    return whole or lexicon.pattern("family_name").fullmatch(text) is not None


def _labels(
    lines: list[Line], tails: list[list[int]], articles: int, *, rows: bool = False
) -> Iterator[str]:
    """Yield what stands before the tags below most articles: words with a colon or an arrow.

    Args:
        lines: Of the page.
        tails: Those below each article that may hold tags.
        articles: How many there are.
        rows: Whether the lines may hold other things: then several stand in some of them.
    """
    least = max(RECURS, _MOST * articles)
    whole = "\n".join(lines[index].text for tail in tails for index in tail)
    for pattern, marks in ((_COLON, ":："), (_STEP, "»›>→|")):
        if not any(map(whole.__contains__, marks)):
            continue
        said: dict[str, list[str]] = {}
        for tail in tails:
            for label, text in dict(_matches(pattern, lines, tail)).items():
                said.setdefault(label, []).append(text)
        for label, texts in said.items():
            mark, share = (_COMMAS, _NEARLY) if _points(label) else (_ROW, _ROWS)
            marked = sum(mark.search(text) is not None for text in texts)
            row = not rows or share * len(texts) <= marked
            if len(texts) >= least and len(set(texts)) > 1 and row:
                yield label


def _points(label: str) -> bool:
    """Return whether a label announces another article: "Read also:"."""
    said = lexicon.pattern("read_more").fullmatch(label.rstrip(":： "))
    return said is not None and lexicon.pattern("tag_label").match(label) is None


def _matches(
    pattern: re.Pattern[str], lines: list[Line], tail: Iterable[int]
) -> Iterator[tuple[str, str]]:
    """Yield the labels of some lines, each with its line."""
    for index in tail:
        if match := pattern.match(lines[index].text):
            yield match[0], lines[index].text
