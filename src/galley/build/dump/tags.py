"""The tags below an article of a listing: one a line, or several in one."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from galley.build.dump import lexicon
from galley.build.dump.furniture import Furniture
from galley.build.dump.groups import Group
from galley.build.dump.kinds import META, Kind, Kinds, bare, is_bar
from galley.build.dump.reading import Slice
from galley.build.dump.stems import may_match
from galley.build.lines import Line
from galley.record import Part, Span

WIDEST = 80  # weight of a tag
_ROW = 400  # weight of a line of tags
_COUNT = 40  # weight of a line that says how many comments there are
_MOST = 0.6  # share of the articles whose tags stand in one line, where they do
_NEARLY = 0.8  # share of the articles below which buttons stand, where they do
_SENTENCE = 18  # weight from which a line with a full stop is a sentence
_USED = 0.3  # share of these lines in which the mark between tags stands
# What may stand between the tags of one line; the first of them that a page uses is its own.
_MARKS = tuple(
    re.compile(mark)
    for mark in (r"\s*[•·▪|｜]\s*", r"\s+[/»>–—-]\s+", r"\s+#", r"\s*[;；]\s*", r"\s*[,，、،]\s*")
)
_BULLETS = "•·*#-–—▪►>"
_BULLET = re.compile(rf"[{re.escape(_BULLETS)}]+\s*")
_NONE = frozenset(
    {Kind.READ_MORE, Kind.DATE, Kind.TIME, Kind.BYLINE, Kind.NOTICE, Kind.COMMENT_FORM}
)
_ASIDES = META | {Kind.READ_MORE, Kind.COMMENTS, Kind.COMMENT_FORM}
_DAY = re.compile(r"\d{1,2}\.? [^\W\d]+|[^\W\d]+ \d{1,2}")  # a month and a number may be a name
_PAGES = re.compile(
    r"[\d\s…<>«»‹›←→|/.-]+|(?:(?:\d+|…|\.\.\.) ){2,}\D{2,15}"
    r"|\W*[^\W\d]{1,12}\W+(?:\d+[\s…|.]+){2,}\D{2,15}"
    r"|.{0,8}\d+ ?(?:of|von|de|sur|di|van|z|из|з|/) ?\d+.{0,4}"
)
_COLON = re.compile(r"(?P<word>[^:：]{2,30}?)\s?[:：]\s*")
_INITIALS = re.compile(r"(?<!\w)[^\W\d_a-zà-ÿ]{1,2}\.$")  # an abbreviation: "EE. UU."
_BRACKET = re.compile(r"\[\s*([^\[\]]+?)\s*\]")
_ROWS = (*_MARKS, _BRACKET)
_BRACKETS = re.compile(rf"(?:{_BRACKET.pattern}[\s,]*)+")
_NOTED = re.compile(r"[(（][^()（）]{3,60}[)）]")  # a name or a note: "(Ann Lee)"
OPENING = frozenset({Kind.RELATED, Kind.READ_MORE})  # they announce other articles
_SAYING = frozenset({Kind.LABEL, Kind.RELATED})
_ANNOUNCING = frozenset({Kind.LABEL, Kind.NOTICE, Kind.RELATED})
_WORDS = 3
_POINTS = frozenset(":：»›>→|")  # what stands behind such words
_ROWED = re.compile(r"[,，、،;；|].*[,，、،;；|]|[,，、،]\s*[^\W\d]")
_YEAR = 4  # code points of a line without letters that may be a tag
_FRAME = " \xa0:：#"
_KEPT = 1 << 11  # short lines of which it is remembered what they are


@dataclass(frozen=True)
class Tagging:
    """How a listing writes its tags.

    Attributes:
        lines: Of the page.
        kinds: What each of them is.
        spaced: Whether blank lines stand between all lines, and so say nothing.
        gap: Whether a blank line stands between a text and its tags.
        labels: Lines that only say that tags follow.
        bars: Lines below most articles that share or print them.
        furniture: What else recurs below them.
        mark: What stands between the tags of one line, where an article's are in one.
        tails: For each article's title, the indexes of the lines that hold its tags.
    """

    lines: list[Line]
    kinds: Kinds
    spaced: bool
    gap: bool = False
    labels: frozenset[str] = frozenset()
    bars: frozenset[str] = frozenset()
    furniture: Furniture = field(default_factory=Furniture)
    mark: re.Pattern[str] | None = None
    tails: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: list[Line], kinds: Kinds, groups: list[Group]) -> "Tagging":
        """Find out how the tags of `groups` are written."""
        apart = sum(lines[group.body.start].blank_before for group in groups)
        below = [lines[group.tail.start] for group in groups if group.tail]
        gap = 2 * sum(line.blank_before for line in below) > len(below)
        said = Counter(text for g in groups for text in {lines[index].text for index in g.tail})
        labels, bars = _labels(said, len(groups)), _bars(said, len(groups))
        apart = 2 * apart > len(groups)
        tails = [list(_together(lines, group.tail, apart=apart)) for group in groups]
        head = " ".join(line.text.casefold() for line in lines[: groups[0].title])
        furniture = Furniture.of(lines, kinds, tails, head=head)
        plain = cls(lines, kinds, apart, gap, labels, bars, furniture)
        plain.tails.update((group.title, plain._find_tail(group)) for group in groups)
        tails = [tail for tail in plain.tails.values() if tail]
        single = [lines[tail[0]] for tail in tails if len(tail) == 1]
        if not single or len(single) < _MOST * len(tails):
            return plain
        texts = [plain._unlabelled(line.text)[0] for line in single]
        used = [sum(bool(mark.search(text)) for text in texts) for mark in _MARKS]
        least = 1 if all(plain._label_end(line.text) for line in single) else _USED * len(single)
        mark = _MARKS[used.index(max(used))] if max(used) >= least else None
        return replace(plain, mark=mark)

    def tail(self, group: Group) -> list[int]:
        """Return the indexes of the lines that hold the tags of `group`."""
        return self.tails[group.title]

    def _find_tail(self, group: Group) -> list[int]:
        reach = list(self._reach(group))
        labelled = [index for index in reach if self._label_end(self.lines[index].text)]
        if any(self._unlabelled(self.lines[index].text)[0] for index in labelled):
            return labelled
        if known := {self.lines[index].text for index in labelled} | self.labels:
            heads = [at for at, index in enumerate(reach) if self.lines[index].text in known]
            reach = reach[heads[-1] + 1 if heads else 0 :]
        below = self._above_offer(reach)
        offered = self.offered(below)
        return [index for index in below if index not in offered and self._may_hold(index)]

    def offered(self, tail: Sequence[int]) -> set[int]:
        """Return which of some lines lead to other articles: a line says so above them.

        Nobody says where such a block ends, but for what stands below other articles, too.
        """
        found: set[int] = set()
        if OPENING.isdisjoint(map(self.kinds.__getitem__, tail)):
            return found
        block: list[int] = []
        opened = False
        for index in tail:
            if self._recurs(index) or self._is_label(self.lines[index]) or self._is_bar(index):
                found.update(block)
                opened, block = False, []
            elif self.kinds[index] in OPENING:
                opened = opened or self._announces(index)
            elif opened:
                block.append(index)
        return found

    def _announces(self, index: int) -> bool:
        return self.kinds[index] is Kind.RELATED or self.lines[index].text[-1] in ":："

    def _is_bar(self, index: int) -> bool:
        return self.lines[index].text in self.bars

    def _above_offer(self, below: list[int]) -> list[int]:
        """Return the lines above one that asks to sign up, and above what announces it."""
        if Kind.NOTICE not in map(self.kinds.__getitem__, below):
            return below
        for at, index in enumerate(below):
            offer = self.kinds[index] is Kind.NOTICE and is_sentence(self.lines[index])
            if at and offer and any(map(self._may_hold, below[:at])):
                last = below[at - 1]
                news = lexicon.pattern("newsletter").search(self.lines[last].text)
                heads = news or self.kinds[last] in _ANNOUNCING
                return below[: at - bool(heads and any(map(self._may_hold, below[: at - 1])))]
        return below

    def _reach(self, group: Group) -> Iterator[int]:
        """Yield the indexes of the lines below an article, until the page goes on."""
        last = group.tail.stop == len(self.lines)
        for index in group.tail:
            if self.lines[index].blank_before and not (
                self.spaced or (self.gap and index == group.tail.start)
            ):
                return
            if last and not self._is_known(index) and self._is_way_out(index):
                return
            yield index

    def _is_way_out(self, index: int) -> bool:
        """Return whether a line leads to the listing's next page, or belongs to its foot."""
        text, kind = self.lines[index].text, self.kinds[index]
        if kind in META:
            return False
        pages = lexicon.pattern("pages").fullmatch(bare(text).strip("«‹← \xa0"))
        return kind is Kind.NAVIGATION or bool(pages or _PAGES.fullmatch(text))

    def is_aside(self, index: int) -> bool:
        """Return whether the line at `index` may stand between an article and its tags."""
        known = self.kinds[index] in _ASIDES or self._recurs(index)
        return known or self._is_no_tag(self.lines[index])

    def _is_known(self, index: int) -> bool:
        """Return whether other articles have the line at `index` too, or its label."""
        return self._recurs(index) or self.furniture.label(self.lines[index].text) > 0

    def _recurs(self, index: int) -> bool:
        return index in self.furniture.fixed or index in self.furniture.signed

    def _is_no_tag(self, line: Line) -> bool:
        text = line.text
        known = text in self.bars or _is_none(text, line.weight) or is_sentence(line)
        return known or self._is_label(line)

    def _is_label(self, line: Line) -> bool:
        return line.text in self.labels or self._label_end(line.text) > 0

    def _label_end(self, text: str) -> int:
        """Return where a line goes on behind the words that say that tags follow, or 0."""
        label = _label(text)
        if label:
            return label.end()
        return self.furniture.label(text) if self.furniture.labels else 0

    def _unlabelled(self, text: str) -> tuple[str, int]:
        """Return a line of tags without the word or the sign before them, and where they begin."""
        start = self._label_end(text)
        if not start and text[0] in _BULLETS and (bullet := _BULLET.match(text)):
            start = bullet.end()
        return text[start:], start

    def _may_hold(self, index: int) -> bool:
        """Return whether the line at `index` may hold tags."""
        line, kind = self.lines[index], self.kinds[index]
        if self._recurs(index) or line.weight > _ROW:
            return False
        if kind in _NONE and not (kind is Kind.DATE and _DAY.fullmatch(line.text)):
            return False
        # Fewer words may be a tag too, and a row of tags has a mark before each.
        if kind in _SAYING and len(line.text.split()) >= _WORDS and line.text[0] != "#":
            return False
        wide = line.weight > WIDEST
        return (not wide or _is_row(line.text)) and not self._is_no_tag(line)

    def spans(self, index: int) -> list[Span]:
        """Return where the tags in the line at `index` stand, without what joins them."""
        line = self.lines[index]
        if self.mark is None and line.text[0].isalnum() and not self._label_end(line.text):
            return [line.span]  # nearly always: no sign, no word before it, nothing between tags
        return _spans(line, self.mark, *self._unlabelled(line.text))


def _is_row(text: str) -> bool:
    """Return whether a line may hold several tags."""
    return any(mark.search(text) for mark in _ROWS)


def labelled(line: Line) -> list[Span]:
    """Return where the tags stand in a line that says itself that it holds tags; else nothing."""
    label = _label(line.text)
    if label is None or line.weight > _ROW or is_sentence(line):
        return []
    rest = line.text[label.end() :]
    mark = next((mark for mark in _MARKS if mark.search(rest)), None)
    found = _spans(line, mark, rest, label.end())
    return list(_in_source(line, found)) if line.source else found


def _in_source(line: Line, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield where the page has what stands in `spans` of a line that shows no markup."""
    position, first = 0, line.span.start
    for span in spans:
        text = line.text[span.start - first : span.end - first]
        at = line.source.find(text, position)
        if at >= 0:
            position = at + len(text)
            yield Span(first + at, first + position)


def slices(line: Line, tags: Iterable[Span], article: int) -> list[Slice]:
    """Return the slices of a line with tags: they are tags, what joins them is boilerplate."""
    last, end = line.span
    found: list[Slice] = []
    for first, stop in tags:
        if last < first:
            found.append(Slice(last, first, Part.BOILERPLATE))
        found.append(Slice(first, stop, Part.TAG, article))
        last = stop
    if last < end:
        found.append(Slice(last, end, Part.BOILERPLATE))
    return found


def _spans(line: Line, mark: re.Pattern[str] | None, rest: str, start: int) -> list[Span]:
    """Return where the tags stand in `rest`, which is what `line` holds from `start` on."""
    begin = line.span.start
    if rest[:1] == "[" and _BRACKETS.fullmatch(rest):
        edges = (match.span(1) for match in _BRACKET.finditer(rest))
        return [Span(begin + start + first, begin + start + last) for first, last in edges]
    cuts = list(mark.finditer(line.text, start)) if mark else []
    if rest and not cuts:
        return [Span(begin + start, line.span.end)]
    starts = [start, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(line.text)]
    between = zip(starts, ends, strict=True)
    return [Span(begin + a, begin + b) for a, b in between if line.text[a:b].strip()]


def _together(lines: list[Line], tail: range, *, apart: bool) -> Iterator[int]:
    """Yield the lines of `tail` up to a blank one, unless all lines are `apart`."""
    for index in tail:
        if lines[index].blank_before and not apart and index > tail.start:
            return
        yield index


def _labels(said: Counter[str], articles: int) -> frozenset[str]:
    """Return the lines below most articles that are a word for tags: the tags follow them."""
    most = max(2, _MOST * articles)
    found = (text for text, count in said.items() if count >= most and len(text) < _COUNT)
    return frozenset(text for text in found if is_tag_word(text.strip(_FRAME)))


def is_sentence(line: Line) -> bool:
    """Return whether a line below a text is a sentence, which no tag is."""
    if not line.stops:
        return False
    long = line.weight >= _SENTENCE and _INITIALS.search(line.text) is None
    return long or line.text[-1] == "。"


def _bars(said: Counter[str], articles: int) -> frozenset[str]:
    """Return the lines that stand below nearly all articles and hold nothing but buttons."""
    most = max(2, _NEARLY * articles)
    found = [text for text, count in said.items() if count >= most and is_bar(text)]
    row = any(" " in text for text in found)
    return frozenset(found if len(found) > 1 or row else ())  # one such word may be a tag


@lru_cache(_KEPT)
def is_tag_word(text: str) -> bool:
    """Return whether `text` is a word for tags: "Tags", "Schlagwort", "Archives"."""
    if "tag_page" not in may_match(text):
        return False
    return lexicon.pattern("tag_page").fullmatch(text) is not None


@lru_cache(_KEPT)
def _is_none(text: str, weight: int) -> bool:
    """Return whether a line is a sign or a button, which no tag is."""
    return _is_sign(text) or _is_button(text, weight)


def _is_button(line: str, weight: int) -> bool:
    """Return whether a line leads on to the article, or says how many comments it has."""
    held = may_match(line) & {"read_more", "comment_root"}
    if weight > _COUNT or not held:
        return False
    text = bare(line)
    if "read_more" in held and lexicon.pattern("read_more").fullmatch(text):
        return True
    wide = len(text) > 2 and weight >= 2 * len(text)  # a word of a script without spaces
    if _ROWED.search(text):
        return False
    counts = " " in text or wide or any(char.isdigit() for char in line)
    return counts and lexicon.pattern("comment_root").search(text) is not None


@lru_cache(_KEPT)
def _label(text: str) -> re.Match[str] | None:
    """Return the match of the word with a colon that says that tags follow."""
    if "tag_label" in may_match(text) and (label := lexicon.pattern("tag_label").match(text)):
        return label
    colon = _COLON.match(text) if ":" in text or "：" in text else None
    return colon if colon and is_tag_word(colon["word"].strip(_FRAME)) else None


def may_be_labelled(text: str) -> bool:
    """Return whether a line may begin with words that say that tags follow, a page's own too."""
    return not _POINTS.isdisjoint(text) or "tag_label" in may_match(text)


def _is_sign(text: str) -> bool:
    """Return whether a line is no word: a rule, a number, what leads on, an advertisement."""
    if text[-1] in ":：" or not any(map(str.isalnum, text)) or _NOTED.fullmatch(text):
        return True
    if text.isdecimal() and len(text) < _YEAR:
        return True
    held = may_match(text)
    if "source_label" in held and lexicon.pattern("source_label").match(text):
        return True
    return "advert" in held and lexicon.pattern("advert").fullmatch(bare(text)) is not None
