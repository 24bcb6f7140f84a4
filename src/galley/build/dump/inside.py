"""What the lines of a main text are: paragraphs and subheads, or what a page put between them."""

import re

from galley.build.dump.above import plain_part
from galley.build.dump.body import read_body
from galley.build.dump.kinds import TEXT, Kind, is_item
from galley.build.dump.reading import Reading, Slice, mark_body
from galley.build.dump.sheet import Sheet
from galley.build.lines import Line
from galley.record import Part

_SHORT = 120  # weight up to which a line may be a subhead
_HEADLINE = 40  # weight from which a line may be another article's headline
_TITLE = 12  # code points of a title that a paragraph does not begin with by chance
_NAME = 24  # weight up to which a line may name an amount
_AMOUNT = re.compile(r"\d[\d.,/]*(?:\s?[–-]\s?\d[\d.,/]*)?\s?[^\W\d_]{1,8}\.?")
_LINKS = 3  # headlines in a row that are links
_QUOTE = range(30, 260)  # weight of a sentence that a page sets again in large type
_DROPPED = frozenset(
    {
        *(Kind.COMMENT_FORM, Kind.NAVIGATION, Kind.READ_MORE, Kind.NOTICE),
        *(Kind.LABEL, Kind.RELATED, Kind.DATE, Kind.TIME, Kind.COMMENTS, Kind.BYLINE, Kind.ABOUT),
        *(Kind.PLUG, Kind.FRAME),
    }
)


def mark_inside(sheet: Sheet, reading: Reading) -> None:
    """Give the lines of the main text their parts."""
    seen: set[str] = set()
    for index in sheet.core:
        line = sheet.lines[index]
        part = _part(index, sheet, seen)
        seen.add(line.plain)
        if part is Part.TEXT:
            _paragraph(line, reading, sheet)
            continue
        own = part in {Part.SUBHEAD, Part.CAPTION, Part.REPEATED_TITLE}
        reading.slices.append(Slice(*line.span, part, 0 if own else None))
        if part is Part.SUBHEAD:
            reading.drafts[0].text.append(line.span)
            reading.drafts[0].subheads.add(line.span)


def _part(index: int, sheet: Sheet, seen: set[str]) -> Part:
    """Return the part of the line at `index`: `text` for all that may hold running text."""
    line, kind = sheet.lines[index], sheet.kinds[index]
    part = Part.TEXT
    if kind is Kind.LABEL and _is_amount(index, sheet):
        return part
    if kind in _DROPPED:
        part = plain_part(kind)
    elif sheet.heading.repeats(line):
        part = Part.REPEATED_TITLE
    elif kind is Kind.CAPTION and "|" not in line.text:
        part = Part.CAPTION
    elif line.weight in _QUOTE and _is_said_again(line, sheet, seen):
        part = Part.BOILERPLATE
    elif kind is Kind.SHORT and _is_link(index, sheet):
        part = Part.TEASER
    elif kind not in TEXT and _is_subhead(index, sheet):
        part = Part.SUBHEAD
    return part


def _is_amount(index: int, sheet: Sheet) -> bool:
    """Return whether a line says how much of what the short line above it names: "15 Min"."""
    above = sheet.lines[index - 1]
    named = index > 0 and sheet.kinds[index - 1] is Kind.SHORT and above.weight < _NAME
    return (
        named and not above.text[-1].isdigit() and bool(_AMOUNT.fullmatch(sheet.lines[index].text))
    )


def _is_said_again(line: Line, sheet: Sheet, seen: set[str]) -> bool:
    """Return whether the main text says the line in another place too."""
    return line.plain in seen or sheet.passages.hold(line.plain)


def _is_link(index: int, sheet: Sheet) -> bool:
    """Return whether a short line is a headline among pointers to other articles."""
    run = _run(index, sheet)
    before = [sheet.kinds[other] for other in range(run.start, index)]
    if Kind.RELATED in before:
        return True
    if is_item(sheet.lines[index]):
        return False
    if sheet.counts[sheet.lines[index].plain] > 2:
        return True
    items = [sheet.lines[other] for other in run if sheet.kinds[other] is Kind.SHORT]
    above = sheet.lines[run.start - 1].text
    if len(items) < _LINKS or above.endswith((":", "：")) or any(map(is_item, items)):
        return False
    return min(item.weight for item in items) >= _HEADLINE


def _run(index: int, sheet: Sheet) -> range:
    """Return the lines without text around the one at `index`."""
    start, stop = index, index + 1
    while start - 1 in sheet.core and not sheet.is_text(start - 1):
        start -= 1
    while stop in sheet.core and not sheet.is_text(stop):
        stop += 1
    return range(start, stop)


def _is_subhead(index: int, sheet: Sheet) -> bool:
    """Return whether a line is short, no sentence, and has a paragraph after it."""
    line = sheet.lines[index]
    heads = index + 1 in sheet.core and sheet.kinds[index + 1] is not Kind.READ_MORE
    ends = line.text.rstrip("”“\"»’' \xa0\u202f")[-1:]
    opened = line.text[:1] in '“«„"' and line.text[-1:] not in '”»“"'
    sentence = ends in (".", "…", "。", ",", ";", ":", "!") or opened or line.text[:1] in "—–-•*"
    letters = any(char.isalpha() for char in line.text) and not is_item(line)
    return heads and letters and line.weight <= _SHORT and not sentence and "|" not in line.text


def _paragraph(line: Line, reading: Reading, sheet: Sheet) -> None:
    """Mark the parts of a paragraph: text, and what an agency put into it."""
    title = sheet.heading.title.text
    if reading.drafts[0].text or len(title) < _TITLE:
        title = ""
    body = read_body(
        line.source or line.text, title, language=sheet.language, evidence=sheet.evidence
    )
    mark_body(line, body, reading)
