"""The single-page layout: one article with the page around it, a line for each paragraph.

The title is the line that the page repeats, or its first. The main text is the stretch after
it in which prose outweighs everything else; the lines around it and the short lines in it
are told apart by what they look like and where they stand.
"""

import re
from dataclasses import dataclass

from galley.build import lexicon
from galley.build.body import read_body
from galley.build.credits import Evidence
from galley.build.heading import Heading, find_heading
from galley.build.language import Detector
from galley.build.lines import Line, split_lines
from galley.build.reading import Draft, Reading, Slice
from galley.record import Part, Span

LAYOUT = "page"
EXTRACTOR = "page/1"
_PROSE = 80  # weight from which a line with a full stop is a paragraph
_LONG = 160  # weight from which any line is one
_ENOUGH = 300.0  # weight of prose that makes an article
_SHORT = 120  # weight up to which a line may be a subhead, a source line, a teaser's title

_ARROW = re.compile(r"(?:[→»›▶►⇒➜➔▸☞]|>>?|-&gt;)+\s*")


def read_single(text: str, detector: Detector) -> Reading | None:
    """Return `text` read as a single page, or None if it has no title and no prose."""
    lines = split_lines(text)
    if len(lines) < 2:
        return None
    kinds = [_kind(line) for line in lines]
    heading = find_heading(lines, [kind == "prose" for kind in kinds])
    core = _core(lines, kinds, heading.start)
    if core is None:
        return None
    reading = Reading(LAYOUT, EXTRACTOR, _score(lines, kinds, core))
    page = _Page(lines, kinds, heading, core)
    _read(page, reading, detector)
    return reading


@dataclass(frozen=True)
class _Page:
    """A page with its heading, its kinds of lines and the stretch of its main text."""

    lines: list[Line]
    kinds: list[str]
    heading: Heading
    core: range


def _is_prose(line: Line) -> bool:
    return line.weight >= _LONG or (line.stops and line.weight >= _PROSE)


def _kind(line: Line) -> str:
    """Return what a line is by its own words, before its place on the page counts."""
    text = line.text
    for name in ("comment_form", "navigation"):
        match = lexicon.pattern(name).search(text)
        if match and match.start() < 40 and (line.weight < 2 * len(match[0]) + 90):
            return name
    arrow = _ARROW.match(text)
    read_more = lexicon.pattern("read_more").match(text, arrow.end() if arrow else 0)
    if read_more and _is_pointer(text, read_more.end(), line):
        return "read_more"
    if arrow and not line.stops and line.weight < _LONG:
        return "read_more"
    notice = lexicon.pattern("notice").match(text)
    if notice and line.weight < _PROSE + 40 and (line.weight < 60 or not line.stops):
        return "notice"
    if line.cut_off and not line.text.startswith(("“", "«", "„", '"')):
        return "cut_off"
    return "prose" if _is_prose(line) else "short"


def _is_pointer(text: str, end: int, line: Line) -> bool:
    """Return whether a line that begins with "read more" points elsewhere.

    It does when the rest is glued to it, follows a colon or an arrow, or is a title, which
    does not end as a sentence.
    """
    rest = text[end:]
    if not rest.strip(" .…:»›→>|-–—"):
        return True
    glued = rest[0].isupper() or rest[0] in "“„«‘\"'[("
    marked = re.match(r"\s*[:»›→>|–—]", rest) is not None
    return line.weight < 220 and (glued or marked or not line.stops)


def _core(lines: list[Line], kinds: list[str], start: int) -> range | None:
    """Return the stretch of lines, from `start` on, in which prose outweighs the rest most.

    A comment form below enough prose ends the search: what readers say is no article.
    """
    best, best_sum, total, begin = None, 0.0, 0.0, start
    for index in range(start, len(lines)):
        if kinds[index] == "comment_form" and best_sum > _ENOUGH:
            break
        if total <= 0:
            total, begin = 0.0, index
        total += _value(lines[index], kinds[index])
        if total > best_sum:
            best, best_sum = range(begin, index + 1), total
    return best


def _value(line: Line, kind: str) -> float:
    """Return what a line adds to a stretch of main text."""
    match kind:
        case "prose":
            return float(min(line.weight, 400))
        case "comment_form":
            return -900.0
        case "navigation":
            return -500.0
        case "cut_off":
            return -150.0
        case "notice" | "read_more":
            return -40.0
        case _:
            return 20.0 if line.stops and line.weight > 25 else -35.0


def _score(lines: list[Line], kinds: list[str], core: range) -> float:
    """Return how much the page looks like paragraphs of one article.

    Paragraphs are apart by blank lines, or at least of prose that follows prose.
    """
    prose = [lines[index] for index in core if kinds[index] == "prose"]
    apart = sum(line.blank_before for line in prose) / len(prose) if prose else 0.0
    weight = sum(line.weight for line in prose)
    return (0.35 + 0.6 * apart) * min(1.0, weight / 300)


def _read(page: _Page, reading: Reading, detector: Detector) -> None:
    """Give every line its part."""
    lines, core = page.lines, page.core
    draft = Draft(page.heading.title.span)
    reading.drafts.append(draft)
    for index in range(core.start):
        _before(index, page, reading)
    text = "\n".join(lines[index].text for index in core if page.kinds[index] == "prose")
    language = detector.detect(text or lines[core.start].text)
    evidence = Evidence.gather(lines[index].text for index in core)
    for index in core:
        _inside(index, page, reading, _Context(language, evidence))
    _after(page, reading)


@dataclass(frozen=True)
class _Context:
    """What the lines of a main text share."""

    language: str
    evidence: Evidence


def _before(index: int, page: _Page, reading: Reading) -> None:
    """Mark a line above the main text."""
    line, heading = page.lines[index], page.heading
    if index == heading.index:
        _title(line, heading, reading)
        return
    if line.plain == heading.title.plain:
        part = Part.REPEATED_TITLE
    elif heading.is_breadcrumb(line):
        part = Part.BREADCRUMB
    elif byline := _byline(line):
        reading.drafts[0].authors += byline
        part = Part.BYLINE
    else:
        part = _plain_part(page.kinds[index])
    article = 0 if part in {Part.REPEATED_TITLE, Part.BYLINE} else None
    reading.slices.append(Slice(*line.span, part, article))


def _title(line: Line, heading: Heading, reading: Reading) -> None:
    """Mark the title's line; a site's name behind the title belongs to the page."""
    span = heading.title.span
    reading.slices.append(Slice(*span, Part.TITLE, 0))
    if span.end < line.span.end:
        rest = len(line.text) - len(line.text[len(heading.title.text) :].lstrip())
        reading.slices.append(Slice(line.span.start + rest, line.span.end, Part.PAGE_HEADER))


def _byline(line: Line) -> list[str]:
    """Return the names in a line that is nothing but a byline."""
    words = "|".join(lexicon.words("byline"))
    match = re.fullmatch(rf"(?i:(?:{words}))[ \xa0](?P<names>{lexicon.NAMES})", line.text)
    return lexicon.split_names(match["names"]) if match else []


def _plain_part(kind: str) -> Part:
    match kind:
        case "comment_form":
            return Part.COMMENT_FORM
        case "navigation":
            return Part.NAVIGATION
        case "read_more":
            return Part.READ_MORE
        case _:
            return Part.BOILERPLATE


def _inside(index: int, page: _Page, reading: Reading, context: _Context) -> None:
    """Mark a line of the main text."""
    line, kind, draft = page.lines[index], page.kinds[index], reading.drafts[0]
    if kind in {"comment_form", "navigation", "read_more", "notice"}:
        reading.slices.append(Slice(*line.span, _plain_part(kind)))
    elif page.heading.repeats(line):
        reading.slices.append(Slice(*line.span, Part.REPEATED_TITLE, 0))
    elif _is_subhead(index, page):
        reading.slices.append(Slice(*line.span, Part.SUBHEAD, 0))
        draft.text.append(line.span)
        draft.subheads.add(line.span)
    else:
        _paragraph(line, reading, page.heading.title.text, context)


def _is_subhead(index: int, page: _Page) -> bool:
    """Return whether a line is short, no sentence, and has a paragraph after it."""
    line = page.lines[index]
    following = page.lines[index + 1 : index + 2]
    heads = bool(following) and index + 1 in page.core and page.kinds[index + 1] != "read_more"
    ends = line.text.rstrip("”“\"»’' \xa0\u202f")[-1:]
    opened = line.text[:1] in '“«„"' and line.text[-1:] not in '”»“"'
    sentence = ends in (".", "…", "。", ",", ";", ":", "!") or opened or line.text[:1] in "—–-•*"
    letters = any(char.isalpha() for char in line.text)
    return heads and letters and line.weight <= _SHORT and not sentence and "|" not in line.text


def _paragraph(line: Line, reading: Reading, title: str, context: _Context) -> None:
    """Mark the parts of a paragraph: text, and what an agency put into it."""
    draft = reading.drafts[0]
    if draft.text:
        title = ""
    body = read_body(line.text, title, language=context.language, evidence=context.evidence)
    draft.authors += body.authors
    draft.contributors += body.contributors
    for mark, part in body.marks:
        span = Span(line.span.start + mark.start, line.span.start + mark.end)
        reading.slices.append(Slice(*span, part, 0))
        if part in {Part.TEXT, Part.SUBHEAD}:
            draft.text.append(span)
        if part is Part.SUBHEAD:
            draft.subheads.add(span)


def _after(page: _Page, reading: Reading) -> None:
    """Mark the lines below the main text: source line, ways out, form, teasers."""
    rest = range(page.core.stop, len(page.lines))
    seen_form = False
    for index in rest:
        line, kind = page.lines[index], _kind_below(page.lines[index], page.kinds[index])
        part = _plain_part(kind)
        if index == page.core.stop and _is_source_line(line, kind):
            part = Part.SOURCE_LINE
            reading.drafts[0].publisher = line.text
        elif kind == "short" and seen_form and _is_form_part(index, page):
            part = Part.COMMENT_FORM
        elif _is_teaser(index, page):
            part = Part.TEASER
        seen_form = part is Part.COMMENT_FORM
        article = 0 if part is Part.SOURCE_LINE else None
        reading.slices.append(Slice(*line.span, part, article))


def _kind_below(line: Line, kind: str) -> str:
    """Return what a line below the main text is: there a root of a word is enough."""
    if kind in {"short", "prose"} and line.weight < _LONG:
        for name in ("form", "navigation"):
            if lexicon.pattern(f"{name}_root").search(line.text):
                return "comment_form" if name == "form" else name
    return kind


def _is_source_line(line: Line, kind: str) -> bool:
    """Return whether a line after the text is a bare name."""
    words = line.text.split()
    named = all(not word[0].islower() or len(word) < 4 for word in words)
    return kind == "short" and len(words) <= 5 and line.weight <= 40 and named and not line.stops


def _is_form_part(index: int, page: _Page) -> bool:
    """Return whether a short line after a line of the form belongs to the form."""
    following = page.kinds[index + 1 : index + 2]
    return page.lines[index].weight <= 40 and following not in (["cut_off"], ["prose"])


def _is_teaser(index: int, page: _Page) -> bool:
    """Return whether a line announces another article: prose, or the title before prose."""
    if page.kinds[index] in {"prose", "cut_off"}:
        return True
    following = page.kinds[index + 1 : index + 2]
    return page.kinds[index] == "short" and following in (["prose"], ["cut_off"])
