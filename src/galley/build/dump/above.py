"""What stands above the main text of a single page: title, path, deck, byline, date."""

import re

from galley.build.dump.dates import find_published
from galley.build.dump.heading import Heading
from galley.build.dump.kinds import TEXT, Kind, byline_names
from galley.build.dump.opening import is_dateline
from galley.build.dump.reading import Reading, Slice
from galley.build.dump.sheet import Sheet
from galley.build.lines import Line
from galley.record import Part

_NEAR = 15  # lines above the text in which a date is the article's
_DECK = 600  # weight of a deck
_UPDATED = re.compile(
    r"updat|modifi|aktuali|mis à jour|aggiorna|actualiz|atualiz|bijgewerkt|edit|обновл|оновл"
    r"|uppdater|opdater|oppdater|päivit|frissít|ενημέρ|güncel|редакти|更新|修正|수정|cập nhật"
    r"|تحديث|עודכן|अपडेट|diperbarui",
    re.IGNORECASE,
)


def mark_above(sheet: Sheet, reading: Reading) -> None:
    """Give the lines above the main text their parts."""
    deck = _deck(sheet)
    for index in range(sheet.core.start):
        line = sheet.lines[index]
        if index == sheet.heading.index:
            _title(line, sheet.heading, reading)
        elif index == deck:
            reading.slices.append(Slice(*line.span, Part.DECK, 0))
        elif index == sheet.core.start - 1 and is_dateline(line.text):
            reading.slices.append(Slice(*line.span, Part.DATELINE, 0))
        else:
            _mark(line, sheet.kinds[index], sheet.heading, reading)
    reading.drafts[0].published = _published(sheet)


def _deck(sheet: Sheet) -> int | None:
    """Return the index of the one sentence between the headline and the text's surroundings."""
    if not sheet.heading.confirmed:
        return None
    above = range(sheet.heading.start, sheet.core.start)
    found = [index for index in above if sheet.kinds[index] in TEXT]
    return found[0] if len(found) == 1 and sheet.lines[found[0]].weight < _DECK else None


def _title(line: Line, heading: Heading, reading: Reading) -> None:
    """Mark the title's line; a site's name behind the title belongs to the page."""
    span = heading.title.span
    reading.slices.append(Slice(*span, Part.TITLE, 0))
    if span.end < line.span.end:
        rest = len(line.text) - len(line.text[len(heading.title.text) :].lstrip())
        reading.slices.append(Slice(line.span.start + rest, line.span.end, Part.PAGE_HEADER))


def _mark(line: Line, kind: Kind, heading: Heading, reading: Reading) -> None:
    if line.plain == heading.title.plain:
        part = Part.REPEATED_TITLE
    elif heading.is_breadcrumb(line):
        part = Part.BREADCRUMB
    elif byline := byline_names(line.text):
        reading.drafts[0].authors += byline
        part = Part.BYLINE
    else:
        part = plain_part(kind)
    article = 0 if part in {Part.REPEATED_TITLE, Part.BYLINE, Part.CAPTION} else None
    reading.slices.append(Slice(*line.span, part, article))


def plain_part(kind: Kind) -> Part:
    """Return the part of a line that is none of the main text."""
    match kind:
        case Kind.COMMENT_FORM:
            return Part.COMMENT_FORM
        case Kind.NAVIGATION:
            return Part.NAVIGATION
        case Kind.READ_MORE:
            return Part.READ_MORE
        case _:
            return Part.BOILERPLATE


def _published(sheet: Sheet) -> str | None:
    """Return the date that the page states near its headline; one of an update is none."""
    above = range(max(sheet.heading.start, sheet.core.start - _NEAR), sheet.core.start)
    after = range(sheet.core.stop, min(sheet.core.stop + 1, len(sheet.lines)))
    for index in (*above, *after):
        text = sheet.lines[index].text
        dated = sheet.kinds[index] is Kind.DATE and not _UPDATED.search(text)
        if dated and (published := find_published(text, sheet.language)):
            return published
    return None
