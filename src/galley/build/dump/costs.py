"""What it costs to take a line of a listing for a headline, a text, a tag.

The costs are small for what a line looks like, and for what the page says again and again.
"""

import re
from collections import Counter
from collections.abc import Iterator
from enum import IntEnum
from itertools import takewhile
from statistics import mode

from galley.build.dump import lexicon
from galley.build.dump.capitals import is_small
from galley.build.dump.kinds import META, Kind, Kinds, is_item, is_unspaced
from galley.build.dump.stems import may_match
from galley.build.dump.tags import is_tag_word
from galley.build.lines import Line

NEVER = 99.0
LONG = 110  # weight from which a line of sentences is a paragraph
_WHOLE = 160  # weight from which any line is one
_HALF = 60  # weight from which a sentence is one
_TITLE = 160  # weight of a headline
_TAG = 40  # weight of a tag
_WIDE = 80  # weight up to which a line may be one
_ROW = 400  # weight of a line of tags
_META = 90  # weight of a date or a byline
_DATE = 5  # digits of a date
_OFTEN = 3  # times a line is said that a template sets
_SELDOM = 0.6  # of the articles has what is no button, but its word
_WORDY = 26  # weight of a headline that a page may say again, as a link
_LINKS = 6  # in a list of them
_SPACED = 0.9  # share of the lines behind blank ones where these say nothing
_NUMBER = re.compile(r"\d+")
_DIGIT = re.compile(r"\d")
_COLON = re.compile(r"[^\W\d][^:：]{1,30}?\s?[:：]\s*")
_HASHED = re.compile(r"(?:#[^\W\d][^#]{0,40})+")
_PAGES = re.compile(
    r"\W*(?:[^\W\d]{1,12}\W+)?(?:\d+\W+){2,}(?:[^\W\d]{0,15}\W*){0,2}|[←‹][^›]*|[^«‹]*[→›»]"
    r"|.{0,12}\d+\W+[^\W\d]{1,6}\W+\d+\W*"
)
_BETWEEN = re.compile(r"(?<!\s)(?:\s*[,，、،;；•·|｜#]\s*|\s+/\s+)")
_SIDE = frozenset({Kind.LABEL, Kind.READ_MORE, Kind.COMMENTS, Kind.COMMENT_FORM, Kind.NOTICE})
_GONE = _SIDE | {Kind.RELATED, Kind.NAVIGATION, Kind.ABOUT}


_GOES_ON = frozenset(",;:，；：、")
_NAMING = META | {Kind.CAPTION, Kind.READ_MORE, Kind.COMMENTS, Kind.LABEL}


class Step(IntEnum):
    """What a line is on the way through a listing."""

    HEAD = 0  # above the first article
    BEFORE = 1  # a date or a section over a headline
    TITLE = 2
    META = 3  # a date, a byline or a deck below it
    TEXT = 4  # a paragraph
    INNER = 5  # a subhead, a caption, an item
    ASIDE = 6  # what stands between text and tags
    TAG = 7
    CLOSE = 8  # what stands below the tags
    FOOT = 9  # below the last article


class Page:
    """The lines of a page, with what each of its steps would cost."""

    def __init__(self, lines: list[Line], kinds: Kinds) -> None:
        """Take the lines of a page and what each of them is by its own words."""
        self.lines, self.kinds = lines, kinds
        short = [line for line in lines if line.weight <= _WIDE]
        self.said = Counter(line.text.casefold() for line in short)
        self.most = max(self.said.values(), default=1)
        self._masks = [_mask(line) for line in lines]
        pairs = zip(lines, self._masks, strict=True)
        self.masks = Counter(mask for line, mask in pairs if line.weight <= _WIDE)
        self._named = [_names(line.text) if line.weight <= _ROW else [] for line in lines]
        rows = (self._named[i] for i in range(len(lines)) if not lines[i].stops)
        self.names = Counter(name for row in rows for name in row)
        words = self._label_words()
        self.labels = [self._is_label(index, words) for index in range(len(lines))]
        self.rows = [
            said and line.text[-1] not in ":：" and not is_tag_word(line.text)
            for said, line in zip(self.labels, lines, strict=True)
        ]
        self.gone = frozenset(index for index in range(len(lines)) if self._is_gone(index))
        self.meta = [self._is_meta(index) for index in range(len(lines))]
        self.spaced = sum(line.blank_before for line in lines) > _SPACED * len(lines)
        self.linked = frozenset(self._linked())
        self.costs = [self._costs(index) for index in range(len(lines))]

    def _label_words(self) -> frozenset[str]:
        """Return what recurs most before a colon or as a line with one, and is no tag's name."""
        heads: Counter[str] = Counter()
        for index, line in enumerate(self.lines):
            head = _COLON.match(line.text) if line.weight <= _ROW else None
            rest = self.lines[index + 1 : index + 2] if head and head[0] == line.text else []
            links = any(after.weight >= _WORDY for after in rest)
            if head and self.kinds[index] not in _NAMING and not line.stops and not links:
                heads[head[0].strip().casefold()] += 1
        return frozenset(word for word, count in heads.most_common(1) if count >= _OFTEN)

    def _is_label(self, index: int, words: frozenset[str]) -> bool:
        """Return whether a line says that it holds tags, or that the next ones do."""
        line = self.lines[index]
        if line.weight > _ROW or line.stops:
            return False
        if _HASHED.fullmatch(line.text):
            return index > 0
        if "tag_label" in may_match(line.text) and lexicon.pattern("tag_label").match(line.text):
            return index > 0
        head = _COLON.match(line.text)
        if head and head[0].strip().casefold() in words:
            return self.kinds[index] not in _NAMING
        return is_tag_word(line.text) and self.said[line.text.casefold()] >= _OFTEN

    def _is_gone(self, index: int) -> bool:
        """Return whether a line is a button or a note, or leads to other pages."""
        line = self.lines[index]
        return self.kinds[index] in _GONE or bool(
            line.weight < LONG and _PAGES.fullmatch(line.text)
        )

    def _is_meta(self, index: int) -> bool:
        """Return whether a line may be a date or a byline: its words, or digits, say so."""
        line = self.lines[index]
        if self.kinds[index] in META:
            return True
        if index in self.gone:
            return False
        dated = line.weight <= _META and len(_DIGIT.findall(line.text)) >= _DATE
        return dated and not line.stops and not self.labels[index]

    def _linked(self) -> Iterator[int]:
        """Yield the lines that may be headlines of other articles, below what announces them.

        A page has as many in each of its lists; that tells a short one of them from a tag.
        """
        heads = [i for i in range(len(self.lines)) if self._opens(i) and not self.labels[i]]
        starts = [head + 1 for head in heads]
        runs = [list(takewhile(self._is_plain, range(at, at + _LINKS))) for at in starts]
        long = [list(takewhile(self._is_headline, run)) for run in runs]
        usual = mode(map(len, long)) if long else 0
        for run, found in zip(runs, long, strict=True):
            yield from run[: max(usual, len(found))]

    def _opens(self, index: int) -> bool:
        """Return whether a line announces headlines of other articles."""
        kind, last = self.kinds[index], self.lines[index].text[-1]
        return kind is Kind.RELATED or (kind is Kind.READ_MORE and last in ":：")

    def _is_headline(self, index: int) -> bool:
        return self.lines[index].weight >= _WORDY

    def _is_plain(self, index: int) -> bool:
        """Return whether a line may be the headline of another article."""
        known = index >= len(self.lines) or index in self.gone
        if known or self.meta[index] or self.labels[index]:
            return False
        line = self.lines[index]
        return line.weight <= _TITLE and not (line.weight < _WORDY and self._said(line) > 1)

    def _said(self, line: Line) -> int:
        """Return how often a page says a line, if it is short."""
        return self.said[line.text.casefold()] if line.weight <= _WIDE else 1

    def _costs(self, index: int) -> list[float]:
        line = self.lines[index]
        said = self._said(line)
        gone = index in self.gone
        outside = 12.0 if line.weight >= LONG else 0.3 if gone else 1.6
        costs = [outside + 2.0 * self.meta[index] + 4.0 * self.labels[index]] * len(Step)
        costs[Step.TITLE] = self._title(index, said)
        costs[Step.BEFORE] = costs[Step.META] = self._meta(index)
        costs[Step.TEXT], costs[Step.INNER] = self._text(index), self._inner(index, said)
        costs[Step.TAG] = self._tag(index, said)
        aside = 1.5 if self._is_word(index) else 0.3 if gone else 2.0 if self.meta[index] else 5.0
        if aside > 2 and index in self.linked:
            aside = 0.3
        elif aside > 2 and line.weight < LONG:
            aside = 1.0 if self._recurs(index) or said > 1 else 2.5
        costs[Step.ASIDE] = costs[Step.CLOSE] = aside + (3.0 if self.labels[index] else 0)
        return costs

    def mask(self, index: int) -> str:
        """Return a line in small letters, its numbers masked."""
        return self._masks[index]

    def _is_word(self, index: int) -> bool:
        """Return whether a button's word is said so seldom that it may be a tag's name."""
        line = self.lines[index]
        if self.kinds[index] is not Kind.LABEL or _DIGIT.search(line.text):
            return False
        advert = lexicon.pattern("advert").fullmatch(line.text)
        return advert is None and self._said(line) < _SELDOM * self.most

    def _recurs(self, index: int) -> bool:
        """Return whether a template sets a line: with other numbers it is said again and again."""
        return self.masks[self._masks[index]] >= _OFTEN

    def _title(self, index: int, said: int) -> float:
        line, kind = self.lines[index], self.kinds[index]
        if line.weight > _TITLE:
            return NEVER
        cost = 1.0 + 2.0 * (line.weight >= LONG)
        if line.stops and line.text[-1] in ".。":
            cost += 2.0 if line.sentences == 1 else 3.5
        cost += 6.0 * self.meta[index] + 8.0 * self.labels[index] + 4.0 * (kind is Kind.CAPTION)
        cost += 5.0 * (index in self.gone) + 4.0 * (_is_dashed(line) or line.text[-1] in _GOES_ON)
        if said > 1:
            cost += 0.5 if line.weight >= _WORDY else 3.0
        return cost + 1.5 * (line.weight < 6) + 1.5 * is_small(line.text[0])

    def _meta(self, index: int) -> float:
        line, kind = self.lines[index], self.kinds[index]
        if self.meta[index]:
            return 0.2
        if line.weight > _WHOLE or self.labels[index]:
            return NEVER
        if kind is Kind.LABEL or self._recurs(index):
            return 1.0
        return 2.5 if line.stops else 5.0

    def _text(self, index: int) -> float:
        line = self.lines[index]
        if self.meta[index] or self.labels[index]:
            return 7.0
        gone = 3.0 * (self.kinds[index] in _GONE)
        if line.weight >= _WHOLE or (line.weight >= LONG and line.stops):
            return gone
        if line.stops or (is_unspaced(line) and line.weight >= LONG):
            return gone + (0.5 if line.weight >= _HALF else 1.5)
        return gone + 5.0

    def _inner(self, index: int, said: int) -> float:
        line, kind = self.lines[index], self.kinds[index]
        if line.weight > _ROW:
            return NEVER
        cost = 0.3 if kind is Kind.CAPTION else 0.5 if _is_begun(line) else 1.8
        cost += 3.0 * (said > 1) + 4.0 * self.meta[index] + 7.0 * self.labels[index]
        return cost + 3.0 * (kind in _GONE)

    def _tag(self, index: int, said: int) -> float:
        line, kind = self.lines[index], self.kinds[index]
        if self.labels[index]:
            return -2.0
        if line.weight > _ROW or self.meta[index]:
            return NEVER if line.weight > _ROW else 4.0
        cost = 4.0 * (line.stops and line.weight > 18) + 4.0 * _is_dashed(line)
        cost += 0.0 if self._is_word(index) else 3.0 * (index in self.gone)
        cost += 4.0 * (kind is Kind.CAPTION) + 2.0 * (index in self.linked)
        names = self._named[index]
        known = sum(self.names[name] > 1 for name in names)
        if line.weight > _TAG and len(names) > 1:
            return cost + 3.0 - 3.0 * known / len(names)
        if said > 1:
            return cost + 0.4 - 0.1 * min(said, 6) + 2.0 * (line.weight > _TAG)
        return cost + 1.2 + line.weight / _TAG + 3.0 * (line.weight > _TAG)


def _mask(line: Line) -> str:
    return _NUMBER.sub("0", line.text.casefold())


def _names(text: str) -> list[str]:
    """Return what may be tags in a line, each without the signs between them."""
    label = lexicon.pattern("tag_label").match(text) if "tag_label" in may_match(text) else None
    parts = _BETWEEN.split(text[label.end() if label else 0 :])
    return [part.casefold() for part in parts if part]


def _is_begun(line: Line) -> bool:
    """Return whether a line is an item of a list."""
    return line.weight <= _WHOLE and (is_item(line) or _is_dashed(line))


def _is_dashed(line: Line) -> bool:
    return line.text[0] in "-–—•*‣▪·" and line.text[1:2].isspace()
