"""The listing layout: a page of a tag, with several articles one after another.

    Tag - Military

    Title
    The whole article in one long line
    Tag
    Tag
    Title
    …

The anchor is the long line: the line before it is its title, the lines after it, up to the
next title, are its tags.
"""

import re

from galley.build.body import read_body
from galley.build.credits import Evidence
from galley.build.language import Detector
from galley.build.lines import Line, split_lines
from galley.build.reading import Draft, Reading, Slice
from galley.record import Part, Span

LAYOUT = "listing"
EXTRACTOR = "listing/1"
_BODY = 250  # weight from which a line is an article
_SHORT_BODY = 110  # the same for a line of several whole sentences
_TAG = 80  # weight up to which a line may be a tag
_HEADER = re.compile(
    r"^[^:–—|»›\-]{1,30}?(?:\s+[-–—»›|]|\s?:)\s+(?P<tag>[^|]+?)(?:\s+[|–—-]\s+.*)?$"
)


def read_listing(text: str, detector: Detector) -> Reading | None:
    """Return `text` read as a listing, or None if it has no article with a title and tags."""
    lines = split_lines(text)
    bodies = _bodies(lines)
    if not bodies:
        return None
    reading = Reading(LAYOUT, EXTRACTOR, _score(lines, bodies))
    tags = _header(lines[: bodies[0] - 1], reading)
    evidence = Evidence.gather(lines[index].text for index in bodies)
    for number, index in enumerate(bodies):
        stop = bodies[number + 1] - 1 if number + 1 < len(bodies) else len(lines)
        draft = _article(lines[index - 1 : stop], reading, evidence, detector)
        draft.listing_tags = list(tags)
    return reading


def _bodies(lines: list[Line]) -> list[int]:
    """Return the indexes of the lines that are articles: long, with a title before them."""
    found: list[int] = []
    for index, line in enumerate(lines[1:], 1):
        if _is_body(line) and not _is_body(lines[index - 1]):
            found.append(index)
    return found


def _is_body(line: Line) -> bool:
    whole = line.stops and line.sentences > 1
    return line.weight >= _BODY or (whole and line.weight >= _SHORT_BODY)


def _score(lines: list[Line], bodies: list[int]) -> float:
    """Return how regular the page is: the share of lines in title, body, tags groups.

    A listing has no paragraphs: two long lines that follow each other speak against it, as
    do blank lines inside an article.
    """
    stops = [*(index - 1 for index in bodies[1:]), len(lines)]
    fits = 0
    for index, stop in zip(bodies, stops, strict=True):
        tags = lines[index + 1 : stop]
        tight = not lines[index].blank_before
        labels = [line for line in tags if line.weight <= _TAG and not line.stops]
        if tight and tags and len(labels) == len(tags) <= 15 and not tags[0].blank_before:
            fits += len(tags) + 2
    return fits / len(lines)


def _header(lines: list[Line], reading: Reading) -> list[str]:
    """Mark the lines before the first title, and return the tags that they name."""
    tags: list[str] = []
    for line in lines:
        reading.slices.append(Slice(*line.span, Part.PAGE_HEADER))
        match = _HEADER.match(line.text)
        if match and not tags:
            tags.append(match["tag"].strip())
        elif line.text.startswith("#") and not tags:
            tags.append(line.text.lstrip("# "))
    return tags


def _article(lines: list[Line], reading: Reading, evidence: Evidence, detector: Detector) -> Draft:
    """Read one article: its title, its body and its tags."""
    title, line, *tags = lines
    number = len(reading.drafts)
    draft = Draft(title.span)
    reading.drafts.append(draft)
    language = detector.detect(line.text)
    body = read_body(line.text, title.text, language=language, evidence=evidence)
    draft.authors, draft.contributors = body.authors, body.contributors
    reading.slices.append(Slice(*title.span, Part.TITLE, number))
    for mark, part in body.marks:
        span = Span(line.span.start + mark.start, line.span.start + mark.end)
        reading.slices.append(Slice(*span, part, number))
        if part in {Part.TEXT, Part.SUBHEAD}:
            draft.text.append(span)
        if part is Part.SUBHEAD:
            draft.subheads.add(span)
    _tags(tags, number, reading)
    return draft


def _tags(lines: list[Line], number: int, reading: Reading) -> None:
    """Mark the tags; what a blank line sets off after them belongs to the page."""
    inside = True
    for line in lines:
        inside = inside and not line.blank_before
        if inside:
            reading.slices.append(Slice(*line.span, Part.TAG, number))
        else:
            reading.slices.append(Slice(*line.span, Part.NAVIGATION))
