"""What a line of a page is by its own words, before its place on the page counts."""

import re
from collections import Counter
from enum import StrEnum
from functools import cache, lru_cache

from galley.build.dump import lexicon
from galley.build.dump.capitals import is_small
from galley.build.dump.dates import is_date_line, is_time_line
from galley.build.dump.stems import begins, first_match, is_one, may_match
from galley.build.lines import Line
from galley.record import Span


class Kind(StrEnum):
    """What a line looks like."""

    PROSE = "prose"  # a paragraph
    SENTENCE = "sentence"  # short, and ends as a sentence does
    SHORT = "short"  # anything else that is short
    CUT_OFF = "cut_off"  # ends in an ellipsis
    DATE = "date"  # nothing but a date
    TIME = "time"  # nothing but a time of day
    BYLINE = "byline"  # names who wrote it
    CAPTION = "caption"  # says who took a picture
    LABEL = "label"  # a button, a network, a count
    NOTICE = "notice"  # rights, consent, sign up
    READ_MORE = "read_more"  # points to an article
    RELATED = "related"  # opens a block of such pointers
    NAVIGATION = "navigation"
    COMMENT_FORM = "comment_form"
    COMMENTS = "comments"  # opens what readers wrote
    ABOUT = "about"  # opens a note about the author
    PLUG = "plug"  # other pages of the source say it too, between their paragraphs
    FRAME = "frame"  # other pages of the source say it too, around their texts


PROSE = 80  # weight from which a line with a full stop is a paragraph
LONG = 160  # weight from which any line is one
META = frozenset({Kind.DATE, Kind.TIME, Kind.BYLINE})
TEXT = frozenset({Kind.PROSE, Kind.SENTENCE})
WORDY = 40  # weight from which an item of a list is half a sentence
_CLAUSE = 55  # weight from which a line of a script without full stops may be a sentence
_LABEL = 90  # weight up to which a line may be a label or open a block
_AGAIN = 30  # weight up to which a line that recurs is a label
_TWICE = 2
_BUTTONS = 3  # in a row of them
_ROW = 60  # weight up to which a line may be one
_SAID = (Kind.LABEL, Kind.COMMENTS, Kind.ABOUT, Kind.RELATED)  # by a line that says no more
# Lists and signs of which a line has one that is of a kind by what stands in it.
_TELLING = frozenset(
    {
        *(Kind.COMMENT_FORM, Kind.NAVIGATION, Kind.READ_MORE),
        *("notice", "legal", "appeal", "picture", "picture_head"),
    }
)
_NAMING = frozenset({"byline", "byline_after", "byline_label"})
_TELLING_SIGN = re.compile(r"[\d#:：»›】\])）→▶►⇒➜➔▸☞•・>&]")
_WORDS = 600  # weight above which no line is anything but text: the longest notice has less
_KEPT = 1 << 11  # short lines whose kinds are remembered
_UNSPACED_PROSE = 100  # weight from which a line of a script without spaces is one
_COUNT = 12  # weight up to which a line without a letter is a label
_NOTICE = 420  # weight up to which a line may be a notice
_EARLY = 90  # code points of a paragraph in which a notice says what it is about
_CAPTION = 500  # weight up to which a line may be a caption
_CUT = re.compile(r"\s*[|·•,，、/]\s*|\s[–—-]\s|\s+(?=\d)|$")  # between a name and a date
_NAME = 24  # code points of a name in another script
_FACT = re.compile(r"[^\W\d_][^:.]{1,30}: \S")
_HASHTAGS = re.compile(r"(?:#[^\W\d][\w-]*(?: [\w-]+){0,2}[\s,]*)+")
_DIGIT = re.compile(r"\d")
_BETWEEN = re.compile(r"\s*[|•·/,]\s*")  # between buttons
_BARS = re.compile(r"\s[|•·]\s")  # between a date and a count
_PLACE = re.compile(r"\d{1,3} ?/ ?\d{1,3}")  # which picture of how many
_HEADED = re.compile(r"[【\[(（]?(?P<head>[^:：】\])）]{2,40}?)\s*[:：】\])）]+\s*(?P<rest>\S.*)")
_PATH = re.compile(r"[^»›]{2,60}(?: [»›] [^»›]{2,60}){2,}")  # a way down to a page
_ARROW = re.compile(r"(?:[→»›▶►⇒➜➔▸☞•・]|>>?|-&gt;)+\s*")
_NUMBERED = re.compile(r"^[(（\[]?\d{1,5}[)）\]]?\s+(?=\D)|(?<!\s)\s*[(（\[]?\d{1,5}[)）\]]?$")
_FRAME = " \t\xa0:：|·•…>»›→▼▲▾+*#-–—&【】[]()（）「」『』《》<>,،。."
_MARKS = re.compile(r"[,.;:](?=\s)|[،؛۔、。，；：।։።፣፤။၊។]|[{}=$\\<>`]|\s-\w")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_BULLETS = (*"-–—•*·‣◦▪■●○✓✔+#$", "=>")
_OPENING = ("“", "«", "„", '"', "「", "『", "‘", "—", "–")


def kind_of(line: Line) -> Kind:
    """Return what `line` is by its own words."""
    if line.weight > _WORDS:
        return _prose(line)
    return _short(line.text) if line.weight <= _LABEL else _kind(line)


@lru_cache(_KEPT)
def _short(text: str) -> Kind:
    """Return the kind of a short line; pages say many of them again and again."""
    return _kind(Line(text, Span(0, len(text)), blank_before=False))


def _kind(line: Line) -> Kind:
    if line.weight >= LONG:
        if may_match(line.text).isdisjoint(_TELLING):
            return _prose(line)
    elif _is_plain(line.text):
        return (_said(line) if line.weight <= _LABEL else None) or _prose(line)
    return _whole(line) or _pointing(line) or _around(line) or _prose(line)


@lru_cache(_KEPT)
def _is_plain(text: str) -> bool:
    """Return whether a line has no word and no sign that tells its kind, but as a whole maybe.

    Most headlines and tags are such lines; this is far sooner known than the kinds of others.
    """
    if _TELLING_SIGN.search(text) or not (held := may_match(text)).isdisjoint(_TELLING):
        return False
    if not any(map(str.isalpha, text)) or is_date_line(text):
        return False
    return held.isdisjoint(_NAMING) or not byline_names(text)  # without a digit, it takes a word


@lru_cache(_KEPT)
def is_meta(text: str) -> bool:
    """Return whether a line is a date, a time or a byline, sooner than its kind is known."""
    if _is_plain(text):
        return False
    if is_date_line(text) or is_time_line(text):
        return True
    return bool(byline_names(text)) and _short(text) in META


class Kinds(dict[int, Kind]):
    """The kinds of a page's lines by their index, each found out when it is asked for."""

    def __init__(self, lines: list[Line]) -> None:
        """Take the lines of a page."""
        self.lines = lines

    def __missing__(self, index: int) -> Kind:
        """Find out the kind of the line at `index`."""
        kind = self[index] = kind_of(self.lines[index])
        return kind

    def is_meta(self, index: int) -> bool:
        """Return whether the line at `index` is a date, a time or a byline."""
        line = self.lines[index]
        return line.weight <= _LABEL and is_meta(line.text)

    def is_button(self, index: int) -> bool:
        """Return whether the line at `index` is a label; soon known of those that are none."""
        line = self.lines[index]
        may_be = line.weight <= _ROW and Kind.LABEL in may_match(line.text)
        return may_be and self[index] is Kind.LABEL


def kinds_of(kinds: Kinds) -> list[Kind]:
    """Return the kind of each line; a short one that a page says again and again is a label."""
    counts = Counter(line.plain for line in kinds.lines if line.weight < _AGAIN)
    found = []
    for index, line in enumerate(kinds.lines):
        again = kinds[index] is Kind.SHORT and counts[line.plain] > _TWICE and not is_item(line)
        found.append(Kind.LABEL if again else kinds[index])
    return found


def bare(text: str) -> str:
    """Return `text` without counts and signs around it.

    Example:
        >>> bare("» Comments (12):")
        'Comments'
    """
    text = text.strip(_FRAME)
    return _NUMBERED.sub("", text).strip(_FRAME) if _DIGIT.search(text) else text


def _whole(line: Line) -> Kind | None:
    """Return the kind of a line that is one of the known ones as a whole."""
    if line.weight > _LABEL:
        return None
    if (dated := is_date_line(line.text)) or is_time_line(line.text):
        return Kind.DATE if dated else Kind.TIME
    text = bare(line.text)
    if not text or _HASHTAGS.fullmatch(line.text) or _PLACE.fullmatch(line.text):
        return Kind.LABEL if text or line.weight < _COUNT else None
    if said := _said(line):
        return said
    if _speaks(line.text):
        return Kind.COMMENTS
    return Kind.BYLINE if byline_names(line.text) else None


def _said(line: Line) -> Kind | None:
    """Return the kind of a line that says what the lexicon knows and no more, but for signs."""
    held = may_match(line.text)
    if held.isdisjoint(_SAID):
        return None
    said, whole = lexicon.fold(bare(line.text)), lexicon.fold(line.text)
    for kind in filter(held.__contains__, _SAID):
        if is_one(kind, said) or (said != whole and is_one(kind, whole)):
            return kind
    row = "network" in held and len(line.text.split()) >= _BUTTONS and is_bar(line.text)
    return Kind.LABEL if row else None


def is_bar(text: str) -> bool:
    """Return whether a line holds nothing but names of buttons, one or several."""
    label = lexicon.pattern("label")
    return any(
        all(label.fullmatch(word) for word in words if word)
        for words in (_BETWEEN.split(text), text.split())
    )


def _speaks(text: str) -> bool:
    """Return whether a line says that somebody said what follows: "Ann Lee says:"."""
    if not text.endswith(":"):
        return False
    match = re.fullmatch(r"\S.{0,40}?\s(?P<verb>[^:]{2,50})\s?:", text)
    return bool(match and lexicon.pattern("speaker").fullmatch(match["verb"].split("\xa0")[-1]))


def _pointing(line: Line) -> Kind | None:
    """Return the kind of a line that leads somewhere: a form, a way around, an article."""
    text, folded = line.text, lexicon.fold(line.text)
    held = may_match(text)
    for kind in filter(held.__contains__, (Kind.COMMENT_FORM, Kind.NAVIGATION)):
        match = first_match(kind, folded)
        if match and match.start() < 40 and line.weight < 2 * len(match[0]) + 90:
            return kind
    arrow = _ARROW.match(text)
    if Kind.READ_MORE in held:
        read_more = lexicon.folded("read_more").match(folded, arrow.end() if arrow else 0)
        if read_more and _is_pointer(text, read_more.end(), line):
            return Kind.READ_MORE
    if _PATH.fullmatch(text) and not line.stops and line.weight < LONG:
        return Kind.NAVIGATION
    headed = _HEADED.fullmatch(text)
    if headed and line.weight < LONG and not line.stops and _announces(headed["head"]):
        return Kind.READ_MORE
    if arrow and text[0] not in "•・" and not line.stops and line.weight < LONG:
        return Kind.READ_MORE
    return None


def _announces(head: str) -> bool:
    """Return whether what stands before a colon, or in brackets, announces links or tags."""
    tags = lexicon.pattern("tag_label").fullmatch(f"{head}:")
    return bool(tags or lexicon.folded("related").fullmatch(lexicon.fold(bare(head))))


def _is_pointer(text: str, end: int, line: Line) -> bool:
    """Return whether a line that begins with "read more" points elsewhere.

    It does when the rest is glued to it, follows a colon or an arrow, or is a title, which
    does not end as a sentence.
    """
    rest = text[end:]
    if not rest.strip(" .…:?»›→>|-–—"):
        return True
    glued = rest[0].isupper() or rest[0] in "“„«‘\"'[("
    marked = re.match(r"\s*[:：»›→>|–—]", rest) is not None
    return line.weight < 220 and (glued or marked or not line.stops)


def _around(line: Line) -> Kind | None:
    """Return the kind of a line about the page, or of a caption."""
    if line.weight >= _CAPTION:
        return None
    text, held = lexicon.fold(line.text), may_match(line.text)
    notice = lexicon.folded("notice").match(text) if "notice" in held else None
    if notice and line.weight < PROSE + 40 and (line.weight < 60 or not line.stops):
        return Kind.NOTICE
    states = line.weight < _NOTICE and "legal" in held
    legal = first_match("legal", text) if states else None
    if legal and (line.weight < LONG or legal.start() < _EARLY or not line.stops):
        return Kind.NOTICE
    asks = line.weight < _NOTICE and "appeal" in held
    appeal = first_match("appeal", text) if asks else None
    if appeal and (line.weight < LONG or appeal.start() < 60):
        return Kind.NOTICE
    pictured = held & {"picture", "picture_head"}
    return Kind.CAPTION if pictured and _is_caption(line, text) else None


def _is_caption(line: Line, folded: str) -> bool:
    """Return whether a line, `folded` too, begins or ends as a picture's caption does."""
    if begins("picture_head", folded):
        return True
    tail = folded[-70:]
    first = first_match("picture", tail)
    if first is None:
        return False
    start = len(line.text) - len(tail) + first.start()
    before = line.text[:start].rstrip(" \xa0(（[【|/–—-")
    return not before or len(line.text) - start < 60


def _prose(line: Line) -> Kind:
    if line.cut_off and not _is_trailing(line) and line.weight < 2 * LONG:
        return Kind.CUT_OFF
    long = line.weight >= LONG and (line.stops or _is_marked(line))
    if long or (line.stops and line.weight >= PROSE):
        return Kind.PROSE
    if line.weight >= _UNSPACED_PROSE and _UNSPACED.search(line.text):
        return Kind.PROSE
    return Kind.SENTENCE if line.is_sentence else Kind.SHORT


def _is_trailing(line: Line) -> bool:
    """Return whether a line ends in an ellipsis as somebody wrote it, rather than cut short."""
    written = line.text.endswith("……") and line.sentences > 1
    return written or line.text.startswith(_OPENING)


def is_unspaced(line: Line) -> bool:
    """Return whether a short line of a script without full stops is as long as a sentence."""
    return line.weight >= _CLAUSE and _UNSPACED.search(line.text) is not None


def _is_marked(line: Line) -> bool:
    """Return whether a long line has marks, of sentences or code, which a row of links lacks."""
    marks = len(_MARKS.findall(line.text))
    return marks * LONG >= line.weight


def byline_names(text: str) -> list[str]:
    """Return the names in a line that is nothing but a byline, or a byline and a date."""
    held = may_match(text)
    for match in _byline().finditer(text) if "byline" in held else ():
        if _is_only_date(text[: match.start()]) and _is_only_date(text[match.end() :]):
            return lexicon.split_names(match["names"])
    signed = _signed().match(text) if "byline_after" in held else None
    if signed and _is_only_date(text[signed.end() :]):
        return [signed["name"]]
    label = lexicon.pattern("byline_label").match(text) if "byline_label" in held else None
    rest = text[label.end() :] if label else text
    if not label and not _DIGIT.search(text):
        return []
    for cut in _CUT.finditer(rest):
        dated = bool(label) or cut.start() < len(rest)
        if dated and is_name(rest[: cut.start()]) and _is_only_date(rest[cut.start() :]):
            return lexicon.split_names(rest[: cut.start()])
    return []


@cache
def _byline() -> re.Pattern[str]:
    words = "|".join(lexicon.words("byline"))
    verbs = "|".join(lexicon.words("byline_verb"))
    return re.compile(
        rf"(?i:\b(?:(?:{verbs})[ \xa0])?(?:{words}))[ \xa0](?P<names>{lexicon.NAMES})(?!\w)"
    )


@cache
def _signed() -> re.Pattern[str]:
    """Return a pattern of a name, what its bearer is, and perhaps an address."""
    names, after = ("|".join(lexicon.words(key)) for key in ("family_name", "byline_after"))
    return re.compile(rf"(?P<name>{names})[ \xa0\u3000]?(?:{after})(?!\w)(?:[ (]+\S+@\S+)?")


def _is_only_date(text: str) -> bool:
    """Return whether what stands beside a byline is a date, or nothing but signs and counts."""
    text = text.strip(" \xa0,;|·•–—-/()")
    if not text or is_date_line(text):
        return True
    *others, last = _BARS.split(text)
    line = Line(last, Span(0, len(last)), blank_before=False)
    if line.weight >= _AGAIN or not any(map(str.isalpha, last)):
        return False
    said = "comment_root" in may_match(last) or _said(line) is Kind.LABEL
    return said and _is_only_date(" · ".join(others))


def is_name(text: str) -> bool:
    """Return whether `text` may be nothing but the name of a person, or of several."""
    if re.fullmatch(lexicon.NAMES, text):
        return True
    foreign = text[:1].isalpha() and not re.search(r"[a-zA-Z\d.!?。:：]", text)
    return foreign and len(text) <= _NAME and len(text.split()) < 4


def is_cased_name(text: str) -> bool:
    """Return whether `text` may be a name in a script that has capitals, which it uses."""
    cased = all(word[0].isupper() for word in text.split())
    return cased and re.fullmatch(lexicon.NAMES, text) is not None


def is_item(line: Line) -> bool:
    """Return whether a short line looks like an item of a list: half a sentence, a fact."""
    fact = ":" in line.text and _FACT.match(line.text)
    begun = is_small(line.text[0]) or line.text.startswith(_BULLETS)
    amount = line.text[0].isnumeric() and " " in line.text and line.weight < PROSE / 2
    return bool(fact) or begun or amount or line.text[-1] in ",;:：、；"


def prose_of(line: Line, kind: Kind) -> float:
    """Return how much of a paragraph `line` is: its weight, or 0; half a sentence counts less."""
    if kind is Kind.PROSE:
        return float(line.weight)
    wordy = kind is Kind.SHORT and is_small(line.text[0]) and line.weight > WORDY
    return WORDY / 2 if wordy else 0.0
