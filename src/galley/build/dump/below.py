"""What stands below the main text of a single page: source, ways out, forms, teasers."""

from galley.build.dump import lexicon
from galley.build.dump.above import plain_part
from galley.build.dump.capitals import is_small
from galley.build.dump.kinds import LONG, Kind
from galley.build.dump.reading import Reading, Slice
from galley.build.dump.sheet import Sheet
from galley.build.dump.stems import may_match
from galley.build.dump.tags import labelled, slices
from galley.build.lines import Line
from galley.record import Part

_NEAR = 12  # lines below a text in which its own tags stand
_SHORTISH = frozenset(
    {Kind.SHORT, Kind.SENTENCE, Kind.LABEL, Kind.RELATED, Kind.COMMENTS, Kind.CAPTION}
)
_ROOTS = (("form_root", Kind.COMMENT_FORM), ("navigation_root", Kind.NAVIGATION))
_ANNOUNCES = frozenset({Kind.PROSE, Kind.CUT_OFF})


def mark_below(sheet: Sheet, reading: Reading) -> None:
    """Give the lines below the main text their parts."""
    seen_form = tagged = False
    for index in range(sheet.core.stop, len(sheet.lines)):
        line = sheet.lines[index]
        if not tagged and index - sheet.core.stop < _NEAR and (tags := labelled(line)):
            reading.slices += slices(line, tags, 0)
            tagged = True
            continue
        kind = _kind(line, sheet.kinds[index])
        part = plain_part(kind)
        if index == sheet.core.stop and _is_source_line(line, kind):
            part = Part.SOURCE_LINE
            reading.drafts[0].publisher = line.text
        elif kind in _SHORTISH and seen_form and _is_form_part(index, sheet):
            part = Part.COMMENT_FORM
        elif _is_teaser(index, sheet):
            part = Part.TEASER
        seen_form = part is Part.COMMENT_FORM
        article = 0 if part is Part.SOURCE_LINE else None
        reading.slices.append(Slice(*line.span, part, article))


def _kind(line: Line, kind: Kind) -> Kind:
    """Return what a line below the main text is: there a root of a word is enough."""
    if (kind in _SHORTISH or kind is Kind.PROSE) and line.weight < LONG:
        for root, meant in _ROOTS:
            words = lexicon.folded(root)
            if root in may_match(line.text) and words.search(lexicon.fold(line.text)):
                return meant
    return kind


def _is_source_line(line: Line, kind: Kind) -> bool:
    """Return whether a line after the text is a bare name."""
    words = line.text.split()
    named = all(not is_small(word[0]) or len(word) < 4 for word in words)
    return kind is Kind.SHORT and len(words) <= 5 and line.weight <= 40 and named and not line.stops


def _is_form_part(index: int, sheet: Sheet) -> bool:
    """Return whether a short line after a line of the form belongs to the form."""
    following = sheet.kinds[index + 1 : index + 2]
    return sheet.lines[index].weight <= 40 and not set(following) & _ANNOUNCES


def _is_teaser(index: int, sheet: Sheet) -> bool:
    """Return whether a line announces another article: prose, or the title before prose."""
    if sheet.kinds[index] in _ANNOUNCES:
        return True
    following = set(sheet.kinds[index + 1 : index + 2])
    return sheet.kinds[index] in _SHORTISH and bool(following & _ANNOUNCES)
