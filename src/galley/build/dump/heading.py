"""Which line of a single page is its title, and below which line its article begins.

A dump begins with the browser's title, which often has the site's name around it; the page
says the headline again above the article, where it is clean.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice, pairwise
from unicodedata import category

from galley.build.dump.kinds import META, TEXT, Kind
from galley.build.lines import Line
from galley.record import Span

# A run of blanks is looked at once, from its first: it may be of any length.
_SEPARATOR = re.compile(r"(?<!\s)(?:\s+(?:[»›→>|/·•–—-]|::?)\s+|\s*[»›→|｜_]\s*)")
# Whether it splits a line is far sooner found than where: it is not tried at every letter.
_SEPARATED = re.compile(r"[»›→|｜_]|\s(?:[>/·•–—-]|::?)\s")
_UNSPACED = re.compile("[\u0e00-\u0eff\u2e80-\U0010ffff]")  # Thai, Lao, all that is East Asian
_MARKS = (0x300, 0x1B00)  # where those are that `\w` leaves out
_STEPS = re.compile(r"[»›→>]")
_DEEP = 3  # steps of a path
_BETWEEN = 12  # lines between two repetitions of the title above one article
_BREADCRUMB = 80  # letters that a path may have before its last step
_PATH = 1000  # weight of a path; in a long line of blanks to look for its steps takes for ever
_BELOW = 40  # lines below a headline in which its article begins
_MOST = 400  # weight above which a paragraph counts no more
_TELLING = 16  # weight from which what recurs is a headline rather than a name or a section
_CLEAR = 8  # lines without prose above a headline that is worded otherwise
_RICH = 200  # how much prose stands below such a headline
_ALIKE = 0.6  # share of its words that a headline has in common with the browser's title
_LONGEST = 260  # weight of a headline
_NAME = 30  # weight that the name of a site has at most
_DATED = 5  # lines that may stand between a headline and the text: who wrote it, and when
_OWN = 60  # weight of the text below a heading of the first level
_SHARE = 0.3  # of the most prose below a heading, which the headline has
_MENUS = 3  # lines of sections at the top of a page
_MOST_BARS = 20  # in a browser's title


@dataclass(frozen=True)
class Heading:
    """The headline of a page.

    Attributes:
        title: The line that holds it; of a first line with the site's name, what is before it.
        index: Of that line.
        start: Index of the first line after the repetitions above the article.
        confirmed: Whether the page says the title again above an article.
    """

    title: Line
    index: int
    start: int
    confirmed: bool = False

    def repeats(self, line: Line) -> bool:
        """Return whether `line` says the title again, alone or as the end of a path."""
        return line.plain == self.title.plain or self.is_breadcrumb(line)

    def is_breadcrumb(self, line: Line) -> bool:
        """Return whether `line` is a path whose last step is the title, maybe cut short."""
        ends = line.plain.endswith(self.title.plain)
        if len(self.title.plain) < 6 or not (ends or line.cut_off) or not _is_path(line):
            return False
        if ends:
            return len(line.plain) - len(self.title.plain) < _BREADCRUMB
        last = Line(_SEPARATOR.split(line.text)[-1], line.span, blank_before=False)
        return last.cut_off and len(last.plain) > 8 and self.title.plain.startswith(last.plain)


def _is_path(line: Line) -> bool:
    """Return whether a line has several steps."""
    return line.weight <= _PATH and _SEPARATED.search(line.text) is not None


def find_heading(lines: list[Line], prose: list[float], kinds: list[Kind]) -> Heading:
    """Return the heading of a page.

    Args:
        lines: Of the page.
        prose: How much of a paragraph each of them is: its weight, or 0.
        kinds: What each of them looks like.
    """
    found = _repeated(lines, prose)
    told = found is not None and found.title.weight >= _TELLING
    marked = _marked(lines, kinds)
    if marked and not (told and found and lines[found.start - 1].level):
        found = marked
    elif not (told and found and found.confirmed):
        found = _reworded(lines, prose) or _led(lines, prose) or found
    heading = found or _signed(lines, prose, kinds) or _first(lines)
    start = heading.start
    for other in range(start, len(lines)):
        if other - start > _BETWEEN or (prose[other] and not heading.repeats(lines[other])):
            break
        if heading.repeats(lines[other]):
            start = other + 1
    return Heading(heading.title, heading.index, start, heading.confirmed)


def _first(lines: list[Line]) -> Heading:
    """Return the heading of a page that says nothing of it: the first line that is no menu."""
    index = next((i for i, line in enumerate(lines[:_MENUS]) if not _is_menu(line)), 0)
    return Heading(_uncut(lines[index:]), index, index + 1)


def _is_menu(line: Line) -> bool:
    """Return whether a line holds sections of a site with bars between them, all of them short."""
    steps = line.text.split(" | ") if line.weight < _LONGEST else []
    return len(steps) > 2 and all(len(step) < _TELLING for step in steps)


def _led(lines: list[Line], prose: list[float]) -> Heading | None:
    """Return the headline that a path leads to: "News > Roads > A bridge is closed", and again.

    Of several the one is taken that most prose follows most closely.
    """
    found: list[tuple[float, int]] = []
    for index, line in enumerate(lines[1:], 1):
        if not _is_path(line):
            continue
        last = Line(_SEPARATOR.split(line.text)[-1], line.span, blank_before=False)
        if last.weight < _TELLING:
            continue
        for other in range(index + 1, min(index + 1 + _BETWEEN, len(lines))):
            if lines[other].plain == last.plain and (below := _prose_below(lines, prose, other)):
                found.append((below, other))
                break
    if not found:
        return None
    _, index = max(found)
    return Heading(lines[index], index, index + 1, confirmed=True)


def _marked(lines: list[Line], kinds: list[Kind]) -> Heading | None:
    """Return the headline that the page's markup makes one: the first with text of its own.

    A site's name is of the first level too, but stands above its menu and not above prose.
    """
    heads = [index for index, line in enumerate(lines) if line.level]
    if not heads:
        return None
    texts = [line.weight * (kind in TEXT) for line, kind in zip(lines, kinds, strict=True)]
    found = [
        (sum(min(weight, _MOST) for weight in texts[index + 1 : stop]), index)
        for index, stop in pairwise([*heads, len(lines)])
    ]
    first = (index for own, index in found if lines[index].level == 1 and own >= _OWN)
    least = max(1, min(_RICH, _SHARE * max(found, default=(0, 0))[0]))
    index = next(chain(first, (index for own, index in found if own >= least)), None)
    if index is None:
        return None
    return Heading(lines[index], index, index + 1, confirmed=True)


def _repeated(lines: list[Line], prose: list[float]) -> Heading | None:
    """Return the heading that says the page's first line, or a part of it, again.

    Of several the one is taken that most prose follows most closely.
    """
    first = lines[0]
    found: list[tuple[float, int, Heading]] = []
    for part in _parts(first):
        if _is_name(part, first):
            continue
        for index, line in enumerate(lines[1:], 1):
            if line.plain != part.plain:
                continue
            below = _prose_below(lines, prose, index)
            whole = part.plain == first.plain
            heading = Heading(first if whole else line, 0 if whole else index, index + 1, below > 0)
            found.append((below, len(part.plain), heading))
    best = max(found, key=lambda item: item[:2], default=None)
    if best is None:
        return None
    heading = best[2]
    return heading if heading.confirmed else Heading(heading.title, heading.index, 1)


def _is_name(part: Line, first: Line) -> bool:
    """Return whether a part is a site's name: short, and behind what may be a headline.

    A path leads the other way, from the site to the article.
    """
    if len(_STEPS.findall(first.text)) >= _DEEP:
        return False
    before = first.weight - part.weight
    return part.weight < _TELLING <= before / 2 and first.text.endswith(part.text)


def _prose_below(lines: list[Line], prose: list[float], index: int) -> float:
    """Return how much prose stands below a line; what is near counts more."""
    return sum(
        min(prose[other], _MOST) * (1 - (other - index) / (_BELOW + 1))
        for other in range(index + 1, min(index + _BELOW + 1, len(lines)))
    )


def _parts(line: Line) -> list[Line]:
    """Return what may be the title in a first line: all of it, its beginnings, its ends."""
    cuts = list(islice(_SEPARATOR.finditer(line.text), _MOST_BARS))
    beginnings = [line.text[: cut.start()] for cut in reversed(cuts)]
    ends = [line.text[cut.end() :] for cut in cuts]
    named = [end for end in re.split(r":\s+", line.text)[1:] if len(end) > _TELLING]
    texts = [line.text, *beginnings, *ends, *named]
    parts = [Line(text, line.span, blank_before=True) for text in texts]
    return [part for part in parts if len(part.plain) > 3]


def _reworded(lines: list[Line], prose: list[float]) -> Heading | None:
    """Return the heading that has most words in common with the page's first line."""
    wanted = words_of(lines[0])
    found: list[tuple[float, int]] = []
    for index, line in enumerate(lines[1:], 1):
        other = line.plain.endswith(lines[0].plain) or line.cut_off or "©" in line.text
        words = words_of(line) if 10 < line.weight < _LONGEST and not other else set()
        common = len(wanted & words)
        if (
            any(prose[max(index - _CLEAR, 0) : index + 1])
            or common < 3
            or common < _ALIKE * min(len(wanted), len(words))
        ):
            continue
        if (below := _prose_below(lines, prose, index)) > _RICH:
            found.append((below * common / len(wanted | words), index))
    if not found:
        return None
    _, index = max(found)
    return Heading(lines[index], index, index + 1, confirmed=True)


def _signed(lines: list[Line], prose: list[float], kinds: list[Kind]) -> Heading | None:
    """Return the headline between a site's name and the line with the author or the date.

    Text that a person copied has no browser's title: it begins with the head of the page, and
    says the headline once.
    """
    text = next((index for index, weight in enumerate(prose) if weight), 0)
    signed = next((index for index in range(text) if kinds[index] in META), 0)
    index = signed - 1
    if index < 1 or text - signed > _DATED or lines[0].weight >= _NAME:
        return None
    line = lines[index]
    longest = all(line.weight > other.weight for other in lines[:index])
    if not longest or not _TELLING < line.weight < _LONGEST or kinds[index] is not Kind.SHORT:
        return None
    return Heading(line, index, index + 1)


def words_of(line: Line) -> set[str]:
    """Return the words of a line; of a script without spaces, its pairs of characters."""
    words: set[str] = set()
    for word in _word().findall(line.text.casefold()):
        wide = _UNSPACED.search(word) is not None
        pairs = {word[at : at + 2] for at in range(len(word) - 1)} if wide else {word}
        words |= pairs if wide else {word} if len(word) > 2 else set()
    return words


@cache
def _word() -> re.Pattern[str]:
    """Return a pattern of a word, vowel signs and other marks of Indic scripts included."""
    marks = filter(lambda char: category(char)[0] == "M", map(chr, range(*_MARKS)))
    return re.compile(rf"[\w{''.join(marks)}]+")


def _uncut(lines: list[Line]) -> Line:
    """Return a first line without the site's name behind it: what the page says elsewhere too."""
    first = lines[0]
    text = first.text
    for cut in reversed(list(_SEPARATOR.finditer(text))):
        name = Line(text[cut.end() :], first.span, blank_before=True)
        if 2 * len(name.text) > len(text) or not _is_site(name, lines[1:], bar="|" in cut[0]):
            break
        text = text[: cut.start()].rstrip()
    return Line(text, Span(first.span.start, first.span.start + len(text)), first.blank_before)


def _is_site(name: Line, lines: list[Line], *, bar: bool) -> bool:
    """Return whether what stands behind a title is the site: a bar, a domain, or said again."""
    domain = re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", name.text)
    return bool(bar or domain or any(name.plain and name.plain in line.plain for line in lines))
