"""The single-page layout: one article with the page around it, a line for each paragraph.

The title is the line that the page repeats, or its first. The main text is the stretch below
it in which prose outweighs everything else; the lines around it and the short lines in it
are told apart by what they look like and where they stand.
"""

from galley.build.dump.above import mark_above
from galley.build.dump.below import mark_below
from galley.build.dump.boxes import without_boxes
from galley.build.dump.capitals import is_small
from galley.build.dump.core import find_core
from galley.build.dump.heading import Heading, find_heading
from galley.build.dump.headline import find_headline
from galley.build.dump.inserts import without_inserts
from galley.build.dump.inside import mark_inside
from galley.build.dump.kinds import META, TEXT, Kind, Kinds, kinds_of, prose_of
from galley.build.dump.markdown import unmarked
from galley.build.dump.profile import Place, Profile
from galley.build.dump.reading import Draft, Reading, Slice
from galley.build.dump.sheet import Sheet
from galley.build.dump.wrapped import split_page
from galley.build.language import Detector
from galley.build.lines import Line
from galley.record import Part

LAYOUT = "page"
EXTRACTOR = "page/8"
_ENOUGH = 120  # weight of text that makes an article
_TIGHT = 0.45  # score of paragraphs without blank lines between them
_APART = 0.5  # what is added where all are apart
_PROSE = 24  # weight from which a line with a full stop may be a sentence
_UNSPACED = 100  # the same for one without
_HEADED = 0.35  # what is added at least under a headline that the page says again
_HEADLINE = 30  # weight from which what a page says again is a headline rather than a tag
_HEAD = 12  # lines between a headline and its text
_OPENED = frozenset({*META, Kind.COMMENTS, Kind.COMMENT_FORM, Kind.ABOUT})
_READ = frozenset({*TEXT, Kind.SHORT})  # what may be the article's
_RECURRING = {Place.INSIDE: Kind.PLUG, Place.AROUND: Kind.FRAME, Place.EITHER: Kind.NOTICE}


def read_single(
    text: str, detector: Detector, *, profile: Profile, known: Kinds | None = None
) -> Reading | None:
    """Return `text` read as a single page, or None if it has no title and no prose.

    Args:
        text: The page.
        detector: Tells the language.
        profile: What other pages of the source say too: it is neither text nor title.
        known: What the lines of the page are, if that is known.
    """
    known = _seen(Kinds(split_page(text)) if known is None else known)
    every, kinds = known.lines, _kinds(known, profile)
    opening = _opening(every, kinds, profile)
    lines, kinds = every[opening:], kinds[opening:]
    if len(lines) < 2:
        return None
    kinds = without_boxes(lines, without_inserts(lines, kinds))
    prose = [prose_of(*pair) for pair in zip(lines, kinds, strict=True)]
    heading = find_heading(lines, prose, kinds)
    kinds = _counted(kinds, heading)
    core = find_core(lines, kinds, heading)
    if core is not None and (headline := find_headline(lines, kinds, heading, core)):
        heading, core = headline, find_core(lines, kinds, headline)
    if core is None:
        return None
    found = "\n".join(lines[index].text for index in core if kinds[index] in TEXT)
    sheet = Sheet(lines, kinds, heading, core, detector.detect(found))
    reading = Reading(LAYOUT, EXTRACTOR, _score(sheet), drafts=[Draft(heading.title.span)])
    reading.slices += [Slice(*line.span, Part.PAGE_HEADER) for line in every[:opening]]
    mark_above(sheet, reading)
    mark_inside(sheet, reading)
    mark_below(sheet, reading)
    return reading


def highest_score(lines: list[Line]) -> float:
    """Return the score that `read_single` gives a page with these lines at most.

    It is sooner known than the score: by the lines behind blank ones that may be prose.
    """
    apart = [line for line in lines if line.blank_before and _may_be_prose(line)]
    if not apart:
        return _TIGHT + _HEADED
    alone = (_TIGHT + _APART) * min(1.0, sum(line.weight for line in apart) / _ENOUGH)
    return max(alone, _TIGHT + max(_HEADED, _APART * len(apart) / (len(apart) + 1)))


def _may_be_prose(line: Line) -> bool:
    return line.weight >= _PROSE and (
        line.stops or line.weight >= _UNSPACED or is_small(line.text[0])
    )


def _seen(kinds: Kinds) -> Kinds:
    """Return what the lines of a page are as a reader sees them."""
    lines = unmarked(kinds.lines)
    return kinds if lines is kinds.lines else Kinds(lines)


def _kinds(known: Kinds, profile: Profile) -> list[Kind]:
    """Return the kinds of the lines; what might be the article's, but recurs, is none of it."""
    found: list[Kind] = []
    for line, kind in zip(known.lines, kinds_of(known), strict=True):
        place = profile.place(line) if kind in _READ else None
        found.append(kind if place is None else _RECURRING[place])
    return found


def _counted(kinds: list[Kind], heading: Heading) -> list[Kind]:
    """Return the kinds, a count of comments between date and text no beginning of comments.

    What opens comments has names and dates below it.
    """
    found = list(kinds)
    for index in range(heading.start + 1, min(heading.start + _HEAD, len(kinds))):
        if kinds[index] is not Kind.COMMENTS or kinds[index - 1] not in META:
            continue
        below = kinds[index + 1 : index + 1 + _HEAD]
        text = next((at for at, kind in enumerate(below) if kind in TEXT), None)
        if text is not None and not _OPENED & set(below[:text]):
            found[index] = Kind.LABEL
    return found


def _opening(lines: list[Line], kinds: list[Kind], profile: Profile) -> int:
    """Return how many lines stand before the title because all pages begin with them."""
    known = [profile.knows(line) for line in lines]
    if not any(known[:1]):
        return 0
    pairs = zip(known, kinds, strict=True)
    return next((i for i, (knows, kind) in enumerate(pairs) if not knows and kind in _READ), 0)


def _score(sheet: Sheet) -> float:
    """Return how much the page looks like paragraphs of one article.

    Paragraphs are apart by blank lines, or stand under a headline that the page says again.
    """
    pairs = [(sheet.lines[index], sheet.kinds[index]) for index in sheet.core]
    prose = [line for line, kind in pairs if kind in TEXT or prose_of(line, kind)]
    apart = sum(line.blank_before for line in prose) / len(prose)
    weight = sum(line.weight for line in prose)
    headed = sheet.heading.confirmed and sheet.heading.title.weight >= _HEADLINE
    return (_TIGHT + max(_APART * apart, _HEADED * headed)) * min(1.0, weight / _ENOUGH)
