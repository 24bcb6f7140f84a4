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
from statistics import fmean, median

from galley.build.dump import lexicon
from galley.build.dump.above import plain_part
from galley.build.dump.body import read_body
from galley.build.dump.credits import Evidence
from galley.build.dump.dates import find_published, is_date_line
from galley.build.dump.groups import Group, find_groups, heft
from galley.build.dump.kinds import Kind, Kinds, byline_names, is_name
from galley.build.dump.profile import Profile
from galley.build.dump.reading import Draft, Reading, Slice, mark_body
from galley.build.dump.series import find_series, part_of
from galley.build.dump.tags import Tagging, is_sentence, is_tag_word, slices
from galley.build.dump.wrapped import split_page
from galley.build.language import Detector
from galley.build.lines import Line
from galley.record import Part

LAYOUT = "listing"
EXTRACTOR = "listing/6"
_SURE = 0.97  # score from which nearly all articles are read as texts of one line
_FITS = 0.4  # score from which they may be
_MOST = 15  # tags of an article
_STRAYS = 5  # lines below an article that are neither tags nor known to be none
_ALIKE = 0.8  # share of the articles that have a title and tags on a page of blank lines
_FULL = 0.6  # share of the lines that are theirs there
_TELLING = 4  # articles that tell whether headlines end with a full stop, or are marked
_RARELY = 0.34  # share of the headlines that do where some do
_BULLETS = ("- ", "– ", "— ", "* ", "• ", "· ")
_TITLE = 20  # median weight of headlines: those who comment have shorter names
_LONGEST = 160  # weight of a headline
_AGAIN = 0.6  # share that is left of the score of a page that says its first line again
_TEXT = 200  # mean weight of the texts there
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


def find_listing(lines: list[Line]) -> Listing | None:
    """Return the page with these lines as a listing, or None if it has no article with a title."""
    kinds = Kinds(lines)
    groups = find_groups(lines, kinds)
    found = None
    if groups:
        tagging = Tagging.of(lines, kinds, groups)
        head = lines[: groups[0].title]
        found = Listing(head, groups, tagging, _score(tagging, groups, head))
    return found if found and _is_sure(found) else _find_series(lines, found)


def _is_sure(listing: Listing) -> bool:
    """Return whether the texts of a page are known to be of one line each."""
    if not _FITS <= listing.score < _SURE:
        return listing.score >= _SURE
    return all(_fits(listing.tagging, group, bio=True) for group in listing.groups)


def _find_series(lines: list[Line], single: Listing | None) -> Listing | None:
    """Return a page whose texts run over several lines, unless it fits better as `single`."""
    if _repeats_title(lines):
        return single
    series = find_series(lines, lambda text: _named(text)[0])
    if series is None or (single and single.score >= series.score):
        return single
    if single and single.score >= _FITS and not series.broken:
        return single
    first = series.groups[0]
    start = first.before.start if first.before else first.title
    return Listing(lines[:start], series.groups, series.tagging, series.score, several=True)


def read_listing(text: str, detector: Detector, *, profile: Profile) -> Reading | None:
    """Return `text` read as a listing, or None if it has no article with a title.

    Args:
        text: The page.
        detector: Tells the language.
        profile: What other pages of the source say too; a sentence of it is no tag.
    """
    known, lines = profile.split(split_page(text))
    found = find_listing(lines)
    if found is None:
        return None
    reading = found.read(text, detector)
    reading.slices += [Slice(*line.span, Part.BOILERPLATE) for line in known]
    reading.slices.sort(key=lambda piece: piece.start)
    return reading


def _score(tagging: Tagging, groups: list[Group], head: list[Line]) -> float:
    """Return how regular the page is: the share of lines in title, body, tags groups.

    A listing has no paragraphs: two long lines that follow each other speak against it. Where
    blank lines stand between all lines they say nothing, and what a page of one article looks
    like too is one only if it is regular all through.
    """
    said = any(_named(line.text)[0] for line in head)
    bio = said or not tagging.spaced  # where blank lines part all, sentences are prose
    named = _headlines([tagging.lines[group.title] for group in groups])
    pairs = zip(groups, named, strict=True)
    fits = [g for g, fine in pairs if (fine or said) and _fits(tagging, g, bio=bio)]
    share = sum(2 + len(group.head) + len(group.tail) for group in fits) / len(tagging.lines)
    if 2 * len(fits) < len(groups):
        share /= 2
    if _repeats_title(tagging.lines):
        share *= _AGAIN
    titles = median(heft(tagging.lines[group.title]) for group in groups)
    if not tagging.spaced:
        return share if said or titles >= _TITLE else share / 3
    whole = len(fits) > (1 if said else 2) and len(fits) >= _ALIKE * len(groups) and share >= _FULL
    texts = fmean(heft(tagging.lines[group.body.start]) for group in groups)
    rich = titles >= _TITLE and texts >= (_TEXT / 2 if said else _TEXT)
    return 1.0 if whole and rich else share / 3


def _headlines(titles: list[Line]) -> list[bool]:
    """Return of each line whether it may be a headline beside the others.

    An item of a list is none where others are no items, nor a sentence where most are none,
    or few tell.
    """
    items = [line.text.startswith(_BULLETS) for line in titles]
    stopped = [line.text.endswith((".", "。")) for line in titles]
    lists = all(items) and len(titles) >= _TELLING
    rare = len(titles) >= _TELLING and sum(stopped) <= _RARELY * len(titles)
    return [
        (lists or not item) and (rare or not stop)
        for item, stop in zip(items, stopped, strict=True)
    ]


def _repeats_title(lines: list[Line]) -> bool:
    """Return whether a page begins with a headline that it says again: it has one article."""
    return lines[0].text.startswith(
        tuple([line.text for line in lines[1:] if line.weight >= _TITLE])
    )


def _fits(tagging: Tagging, group: Group, *, bio: bool) -> bool:
    """Return whether an article has one text, and tags below it; `bio` allows one sentence."""
    lines, tail = tagging.lines, tagging.tail(group)
    if len(group.body) != 1 or not 0 < len(tail) <= _MOST:
        return False
    title = lines[group.title]
    prose = title.stops and title.sentences > 1  # a paragraph over another is no headline
    if prose or heft(title) > _LONGEST:
        return False
    between = range(group.body.stop, tail[0])
    near = not lines[group.body.start].blank_before and all(map(tagging.is_aside, between))
    if not near and not tagging.spaced:
        return False
    held = set(tail)
    strays = [i for i in group.tail if i not in held and not tagging.is_aside(i)]
    foot = group.tail.stop == len(lines)  # where a site states its rights
    if len(strays) > _STRAYS and not foot:
        return False
    fixed = tagging.furniture.fixed
    said = [i for i in group.tail if is_sentence(lines[i]) and i not in fixed]
    if len(said) <= bio:
        return True
    said = [i for i in said if tagging.kinds[i] is not Kind.NOTICE]
    return len(set(said) - tagging.offered(group.tail)) <= bio


def _header(lines: list[Line], text: str, reading: Reading) -> list[str]:
    """Return the tag that the lines before the first title name.

    A line that does not say that it names a tag does if articles have that tag.
    """
    named = [_named(line.text) for line in lines]
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


def _named(text: str) -> tuple[bool, str]:
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
