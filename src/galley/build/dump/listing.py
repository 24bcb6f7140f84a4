"""The listing layout: a page of a tag, with several articles one after another.

Tag - Military

Title
The whole article in one long line
Tag
Tag
Title
…
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from galley.build.dump import lexicon
from galley.build.dump.above import plain_part
from galley.build.dump.body import read_body
from galley.build.dump.credits import Evidence
from galley.build.dump.dates import find_published, is_date_line
from galley.build.dump.groups import Group
from galley.build.dump.kinds import Kind, byline_names, is_name
from galley.build.dump.reading import Draft, Reading, Slice, mark_body
from galley.build.dump.series import part_of
from galley.build.dump.tags import Tagging, is_tag_word, slices
from galley.build.language import Detector
from galley.build.lines import Line
from galley.record import Part

LAYOUT = "listing"
EXTRACTOR = "listing/8"
# "Tag - Energy", "Category: Energy | The Site": a word, a mark, the tag.
_HEADER = re.compile(
    r"^(?P<label>[^:：–—|»›]{1,40}?)(?:\s+[-–—»›|/]\s+|\s?[:：]\s*)"
    r"(?P<tag>[^|]+?)(?:\s+[|–—-]\s+.*)?$"
)
_ROLE = re.compile(r"\s*[|·•/:：]\s*|\s+[–—-]\s+")  # between a name and what he is
_STEP = re.compile(r"(?<!\s)\s+[>»›/→]\s+")  # "Home > Tags > Energy"
_DASH = re.compile(r"(?<!\s)\s+[–—|·»›/-]\s+|\s?[:：]\s+")
_SPACE = re.compile(r"\s+")
_RANGE = re.compile(r"\d+\s?[–—-]\s?\d+|\d \w{1,4} \d")
_LABELLED = re.compile(
    r"(?:[^\W\d]{1,4} )?(?P<label>[^:：]{2,30})[:：]\s+"
)  # "la etiqueta: Energía"
_NAMING = 300  # code points up to which a line of the head may name a tag
_WORDS = 2  # before a tag in a line of the head: "Dossier Energy"
_OFTEN = 0.5  # share of the articles that have the tag of the page, where they name it
_QUOTES = "“”„\"'«»‘’「」『』《》 \xa0"


@dataclass(frozen=True)
class Listing:
    """What a page is as a listing, before its articles are read.

    Attributes:
        head: The lines before the first article.
        groups: The articles.
        tagging: How their tags are written.
        score: How well the layout fits, 0 to 1.
        several: Whether the texts run over several lines.
    """

    head: list[Line]
    groups: list[Group]
    tagging: Tagging
    score: float
    several: bool = False

    def read(self, text: str, detector: Detector) -> Reading:
        """Return the page `text`, read."""
        reading = Reading(LAYOUT, EXTRACTOR, self.score)
        for line in self.head:
            reading.slices.append(Slice(*line.span, Part.PAGE_HEADER))
        lines = self.tagging.lines
        evidence = Evidence(lines[index].text for group in self.groups for index in group.body)
        languages = detector.detect_all([lines[group.body.start].text for group in self.groups])
        for group, language in zip(self.groups, languages, strict=True):
            _article(group, self.tagging, reading, _Texts(evidence, language, self.several))
        tags = _header(self.head, text, reading)
        for line in lines[self.groups[-1].tail.stop :]:
            reading.slices.append(Slice(*line.span, Part.NAVIGATION))
        for draft in reading.drafts:
            draft.listing_tags = list(tags)
        return reading


def _header(lines: list[Line], text: str, reading: Reading) -> list[str]:
    """Return the tag that the lines before the first title name.

    A line that does not say that it names a tag does if articles have that tag.
    """
    named = [names_tag(line.text) for line in lines]
    said = [tag for known, tag in named if tag]
    if sure := [tag for known, tag in named if tag and known]:
        return sure[:1]
    used = Counter(text[s.start : s.end].casefold() for s in reading.slices if s.part is Part.TAG)
    short = [line.text for line in lines if len(line.text) <= _NAMING]
    parts = [part for text in short for part in _parts(text)]
    best = max(parts, key=lambda part: used[part.casefold()], default="")
    often = used[best.casefold()] >= _OFTEN * len(reading.drafts)
    if best.casefold() in used and (often or not said):
        return [best]
    return said[:1]


def _parts(text: str) -> Iterator[str]:
    """Yield what of a line of the head may be a tag: all of it, either side of a dash, its end."""
    yield text
    yield from _DASH.split(text)
    yield from (text[match.end() :] for match in islice(_SPACE.finditer(text), _WORDS))


def names_tag(text: str) -> tuple[bool, str]:
    """Return the tag that a line of the head names, and whether it says that it is one."""
    if len(text) > _NAMING:
        return False, ""
    known, tag = _naming(text)
    label = _LABELLED.match(tag)
    tag = tag[label.end() :] if label and is_tag_word(label["label"].strip()) else tag
    counted = tag.isdecimal() or _RANGE.search(tag)
    return (False, "") if counted or is_date_line(tag) else (known, tag)


def _naming(text: str) -> tuple[bool, str]:
    if text.startswith("#"):
        return True, text.lstrip("# ")
    if match := lexicon.pattern("tag_page_of").match(text):
        return True, text[match.end() :].split(" | ", 1)[0].strip(_QUOTES)
    if match := lexicon.pattern("tag_page_after").search(text):
        return True, _DASH.split(text[: match.start()])[0].strip(_QUOTES)
    steps = _STEP.split(text)
    if len(steps) > 2 and any(is_tag_word(step.strip()) for step in steps[:-1]):
        return True, steps[-1].strip(_QUOTES)
    if match := _HEADER.match(text):
        known = is_tag_word(match["label"].strip())
        barred = "|" in text[: match.start("tag")] and not known
        return known, match["label" if barred else "tag"].strip(_QUOTES)
    return False, ""


@dataclass(slots=True)
class _Texts:
    """What is known of the text of an article: of its page's words, and its language."""

    evidence: Evidence
    language: str
    several: bool


def _article(group: Group, tagging: Tagging, reading: Reading, texts: _Texts) -> None:
    """Read one article: its title, its body and its tags."""
    title, number = tagging.lines[group.title], len(reading.drafts)
    language = texts.language
    reading.drafts.append(Draft(title.span, language=language))
    for index in group.before:
        _head(tagging, index, reading, language)
    reading.slices.append(Slice(*title.span, Part.TITLE, number))
    for index in group.head:
        _head(tagging, index, reading, language)
    said = title.text
    for index in group.body:
        line = tagging.lines[index]
        part = part_of(index, group, tagging) if texts.several else Part.TEXT
        if part is not Part.TEXT:
            _mark(line, part, reading)
            continue
        body = read_body(line.text, said, language=language, evidence=texts.evidence)
        said = ""
        mark_body(line, body, reading)
    own = set(tagging.tail(group))
    for index in group.tail:
        if index in own:
            line, article = tagging.lines[index], len(reading.drafts) - 1
            reading.slices += slices(line, tagging.spans(index), article)
        else:
            _aside(tagging, index, reading, language)


def _mark(line: Line, part: Part, reading: Reading) -> None:
    """Mark a line of a text that is one of its own, or none of it."""
    number = len(reading.drafts) - 1
    own = part in {Part.SUBHEAD, Part.CAPTION}
    reading.slices.append(Slice(*line.span, part, number if own else None))
    if part is Part.SUBHEAD:
        reading.drafts[-1].text.append(line.span)
        reading.drafts[-1].subheads.add(line.span)


def _head(tagging: Tagging, index: int, reading: Reading, language: str) -> None:
    """Mark a line between headline and text: a date, a byline, a deck, a bare name."""
    line, draft, number = tagging.lines[index], reading.drafts[-1], len(reading.drafts) - 1
    if tagging.kinds.is_meta(index):
        _aside(tagging, index, reading, language)
    elif line.stops:
        reading.slices.append(Slice(*line.span, Part.DECK, number))
    else:
        draft.authors += _names(line.text)
        reading.slices.append(Slice(*line.span, Part.BYLINE, number))


def _names(text: str) -> list[str]:
    """Return the names in a line that says who wrote an article, without what he is."""
    parts = [name for part in _ROLE.split(text) for name in lexicon.split_names(part)]
    names = [name for name in parts if not lexicon.whole_words("role").search(name)]
    return names if len(parts) == 1 else [name for name in names if is_name(name)]


def _aside(tagging: Tagging, index: int, reading: Reading, language: str) -> None:
    """Mark a line of an article that is neither title nor text nor tag."""
    line, kind = tagging.lines[index], tagging.kinds[index]
    draft, number = reading.drafts[-1], len(reading.drafts) - 1
    if index in tagging.furniture.signed:
        kind, own = Kind.BYLINE, lexicon.split_names(line.text)
        draft.authors += [name for name in own if name not in draft.authors]
    elif kind is Kind.BYLINE:
        draft.authors += byline_names(line.text)
    if kind in {Kind.BYLINE, Kind.DATE} and draft.published is None:
        draft.published = find_published(line.text, language)
    if kind is Kind.BYLINE:
        reading.slices.append(Slice(*line.span, Part.BYLINE, number))
        return
    part = plain_part(kind)
    dated = kind in {Kind.DATE, Kind.TIME}
    part = Part.NAVIGATION if part is Part.BOILERPLATE and not dated else part
    reading.slices.append(Slice(*line.span, part))
