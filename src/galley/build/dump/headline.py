"""Which line above the text is the headline of a page that does not say it again.

Each line there is weighed: by its form, by how little but bylines and dates stands between it
and the text, and by how many of its words the text says. A name, a row of a menu, a path and
the site's name, which stands in the page's last lines again, are none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from galley.build.dump import lexicon
from galley.build.dump.capitals import is_small
from galley.build.dump.heading import Heading, words_of
from galley.build.dump.kinds import META, TEXT, Kind, is_cased_name
from galley.build.dump.stems import may_match
from galley.build.lines import Line

_ABOVE = 12  # lines above a text in which its headline stands
_WIDE = 60  # weight above which a headline is no more of one
_STEP = 2.0  # what each line between it and the text takes
_DATED = 5  # lines that may stand between a headline and the text: who wrote it, and when
_DIGITS = 5  # of a line that holds no date
_SIGNED = 40.0  # what a line with the author or the date right below counts for
_LED = 15.0  # what a line below a path counts for
_SAID = 45.0  # what it counts for if the text says all of its words
_MUCH = 3  # words that it says then
_TELLING = 16  # weight from which a first line may be a headline rather than a name
_LIKELY = 35  # likeness of a headline of a page that begins with a word that it says again
_BYLINE = 6  # lines between a headline and a caption below its byline
_CERTAIN = 55  # likeness of a headline that a page does not begin with, though with a title
_BODY = 4000  # code points of a text in which a headline's words are looked for
_FOOT = 25  # lines at the end of a page in which the site is named
_STEM = 4  # letters of a word by which another form of it is found
_MENU = 4  # lines of a menu around an entry of it
_ENTRY = 0.4  # what an entry counts of what another line would
_NETWORKS = 2  # in a row of buttons
_ROW = 4  # sections in a row of a menu
_SECTION = 30  # weight that each of them has at most
_LONGEST = 260  # weight of a headline
_WIDEST = 600  # code points of a row; to look for steps in more takes for ever
_BETWEEN = re.compile(r"(?<!\s)\s*[|·•›»→>]\s*|\s{2,}|\s/\s")
_PATH = re.compile(r"\s[»›→>]\s")
_HEADLINES = frozenset({Kind.SHORT, Kind.SENTENCE})
_STATED = re.compile(r"[\d:：・·]")  # in a line that says when, or who
_NUMBERED = re.compile(r"\d{1,2}[.)]\s")
_BULLETS = "-–—•*·▪■●○✓+#$"


@dataclass(slots=True)
class _View:
    """A page whose headline is looked for, and where its text begins."""

    lines: list[Line]
    kinds: Sequence[Kind]
    core: range
    body: str = field(init=False)
    foot: list[str] = field(init=False)
    names: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = (self.lines[index].text for index in self.core if self.kinds[index] in TEXT)
        self.body = " ".join(found)[:_BODY].casefold()
        last = max(self.core.stop, len(self.lines) - _FOOT)
        self.foot = [line.plain for line in self.lines[last:] if "©" in line.text]

    def said(self, line: Line) -> float:
        """Return how much of a line the text says, 0 to 1; one word alone tells little."""
        if line.weight > _LONGEST:
            return 0.0
        words = [word for word in words_of(line) if len(word) >= _STEM or _is_pair(word)]
        if not words:
            return 0.0
        hits = sum(_stem(word) in self.body for word in words)
        return hits / len(words) * min(hits, _MUCH) / _MUCH

    def is_site(self, line: Line) -> bool:
        """Return whether the page says below whose it is, and `line` names that."""
        return any(line.plain in foot for foot in self.foot)

    def is_meta(self, index: int) -> bool:
        """Return whether a line says who wrote the text, or when."""
        if self.kinds[index] in META or self.is_name(index):
            return True
        return is_cased_name(self.lines[index].text) and self.kinds[index + 1] in META

    def is_name(self, index: int) -> bool:
        """Return whether a line is nothing but who wrote the text, as the lines near it tell."""
        if index not in self.names:
            self.names[index] = self._is_name(index)
        return self.names[index]

    def _is_name(self, index: int) -> bool:
        line = self.lines[index]
        if _is_signature(line.text) or lexicon.pattern("family_name").fullmatch(line.text):
            return True
        near = range(max(index - _DATED, 0), min(index + _DATED, self.core.start))
        return any(
            self.kinds[other] is Kind.BYLINE and line.plain in self.lines[other].plain
            for other in near
            if other != index
        )

    def is_entry(self, index: int) -> bool:
        """Return whether a line is no longer than the entries of a menu around it."""
        near = self.lines[max(index - _MENU, 0) : index]
        near += self.lines[index + 1 : min(index + 1 + _MENU, self.core.start)]
        short = sorted(line.weight for line in near if line.weight < _SECTION)
        return len(short) >= _MENU and self.lines[index].weight <= 1.6 * short[len(short) // 2]


def _is_signature(text: str) -> bool:
    """Return whether a line begins as one that says who posted a text, or when, and says it."""
    match = lexicon.pattern("signature").match(text)
    if match is None:
        return False
    rest = text[match.end() :].strip()
    return not rest or is_cased_name(rest) or _STATED.search(text) is not None


def _is_pair(word: str) -> bool:
    return len(word) == 2 and ord(word[0]) > 0x0DFF


def _stem(word: str) -> str:
    return word if _is_pair(word) else word[: max(_STEM, len(word) - 3)]


def is_row(text: str) -> bool:
    """Return whether a line is a row of a menu, or the way down to a page: short steps."""
    if len(text) > _WIDEST:
        return False
    steps = [step for step in _BETWEEN.split(text) if step]
    least = 2 if _PATH.search(text) else _ROW
    return len(steps) >= least and all(len(step) < _SECTION for step in steps)


def find_headline(
    lines: list[Line], kinds: Sequence[Kind], heading: Heading, core: range
) -> Heading | None:
    """Return the heading of a page whose first line is of its menu rather than a title.

    Args:
        lines: Of the page.
        kinds: What each of them is.
        heading: As found so far.
        core: The lines of the main text.
    """
    short = heading.title.weight < _TELLING
    confirmed = heading.confirmed and kinds[heading.index] not in META
    again = heading.index > 0 and not short and heading.title.plain in lines[0].plain
    if (confirmed and not short) or again or heading.index >= core.start:
        return None
    view = _View(lines, kinds, core)
    first = max(core.start - _ABOVE, heading.start if confirmed else 1)
    above = [index for index in range(first, core.start) if not heading.is_breadcrumb(lines[index])]
    found = {index: _likeness(view, index) for index in above}
    if not found:
        return None
    index = max(found, key=lambda index: (found[index], index))
    index = _above_meta(view, found, index)
    if index == heading.index or found[index] <= _least(view, heading, lines[index]):
        return None
    return Heading(lines[index], index, index + 1)


def _above_meta(view: _View, found: dict[int, float], best: int) -> int:
    """Return the likeliest line, or the one above its byline: a caption stands below that.

    What has a byline below itself is no caption, if the text says more of its words.
    """
    least = view.said(view.lines[best]) if view.is_meta(best + 1) else 0.0
    for index in range(best - 1, max(best - _BYLINE, -1), -1):
        line = view.lines[index]
        telling = found.get(index, 0.0) > _LIKELY and line.weight >= _TELLING
        if telling and view.is_meta(index + 1) and view.said(line) >= least:
            return index
    return best


def _least(view: _View, heading: Heading, other: Line) -> float:
    """Return how likely a headline has to be, beside the title that was found so far."""
    title = heading.title
    known = view.kinds[heading.index] is Kind.SHORT and not is_row(title.text)
    if not known or view.is_site(title) or _is_known(title):
        return _TELLING
    if title.weight < _TELLING:
        return _LIKELY if heading.confirmed else _TELLING
    least = _CERTAIN - _SAID * (view.said(other) - view.said(title))
    near = heading.index >= view.core.start - _ABOVE
    return max(least, _likeness(view, heading.index)) if near else least


def _is_known(line: Line) -> bool:
    """Return whether a line is what sites print around headlines: a way in, a row of buttons."""
    if lexicon.pattern("beside_title").fullmatch(line.text):
        return True
    if "network" not in may_match(line.text):
        return False
    return len(lexicon.whole_words("network").findall(line.text)) >= _NETWORKS


def _likeness(view: _View, index: int) -> float:
    """Return how much a line above a text looks like its headline: long, near, no name.

    Nothing speaks more for it than a line below that says who wrote the text, and when.
    """
    line, said = view.lines[index], view.lines[index].text
    if not _may_be(view, index):
        return 0.0
    wordy = 0.5 if is_cased_name(said) or "[" in said else 1.0
    wordy *= _ENTRY if view.is_entry(index) else 1.0
    start = view.core.start
    metas = [view.is_meta(below) for below in range(index + 1, min(index + 1 + _DATED, start))]
    bonus = _SIGNED * (any(metas[:1]) + any(metas)) / 2 + _SAID * view.said(line)
    bonus += _LED * (index > 0 and is_row(view.lines[index - 1].text))
    return (min(line.weight, _WIDE) + bonus) * wordy - _STEP * (start - index)


def _may_be(view: _View, index: int) -> bool:
    """Return whether a line has the form of a headline."""
    line, said = view.lines[index], view.lines[index].text
    kind = view.kinds[index]
    cut = kind is Kind.CUT_OFF and line.weight < _WIDE
    if (not cut and kind not in _HEADLINES) or line.weight > _LONGEST:
        return False
    if said[-1] in ".»›→,;:：、；" or said[0] in "‹←" or said[0] in _BULLETS or is_small(said[0]):
        return False
    if sum(map(str.isdigit, said)) > _DIGITS or _NUMBERED.match(said) or is_row(said):
        return False
    after = view.lines[index + 1]
    wrapped = is_small(after.text[0]) and not (after.blank_before or view.is_meta(index + 1))
    return not (wrapped or _is_known(line) or view.is_name(index) or view.is_site(line))
