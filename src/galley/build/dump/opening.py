"""What may stand before the first sentence of a running text, and after its last.

Before it: the title again, a deck, a byline, an illustrator's credit, a note about the author,
a dateline. After it: thanks to contributors, a note about the author.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from galley.build.dump import lexicon
from galley.build.dump.credits import Evidence, credit_end
from galley.build.sentences import Sentences, backwards
from galley.record import Part, Span

_DASH = r"—–―‒\-"
# "PARIS —", "LYON, France (AFP) –", "BERLIN, 3. Mai —": capitals, then what may follow a place.
_PLACE = (
    r"(?=[^\W\d_])[^\W\d_a-zß-öø-ÿ](?:[^\s,(a-zß-öø-ÿ]|[ \xa0](?=[^\W\d_a-zß-öø-ÿ]))+(?:/[^\s,(]+)?"
)
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}(?:,[ \xa0][^{_DASH},(\n]{{1,24}}){{0,2}})"
    rf"(?:[ \xa0]\([^)\n]{{1,30}}\))?[ \xa0.]*[ \xa0][{_DASH}](?=\s)"
)
# "Oslo (NTB) –": an agency in brackets makes up for the capitals.
_AGENCY_LINE = re.compile(
    r"(?P<place>[^\W\d_][^\s,(]*+(?:[ \xa0][^\W\d_][^\s,(]*+){0,3})"
    rf"[ \xa0]\([A-Za-z/ -]{{2,20}}\)[ \xa0.]*[{_DASH}](?=\s)"
)
_CAPITALS = r"(?:[^\W\d_a-zß-öø-ÿ][^\sa-zß-öø-ÿ]*)"
# What every name of a person holds: a capital after a word with a capital, or a particle.
_PAIR = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w’'.-]*[ \xa0](?:\w+[ \xa0])*[^\W\d_a-zß-öø-ÿ]")
_LETTER = re.compile(r"\w")
_SIGNS = re.compile(r"\W+")
_MOST = 400  # code points in which a deck, a byline and a sentence about an author must end


@dataclass(slots=True)
class Edge:
    """What was found at one end of a running text.

    Attributes:
        marks: The parts found, in order.
        inner: Where the running text begins (or ends).
    """

    inner: int
    marks: list[tuple[Span, Part]] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    contributors: list[str] = field(default_factory=list)

    def add(self, start: int, end: int, part: Part) -> None:
        """Add a part."""
        self.marks.append((Span(start, end), part))


def read_opening(body: str, title: str, *, language: str, evidence: Evidence) -> Edge:
    """Return what stands before the running text of `body`."""
    edge = Edge(_skip(body, 0))
    repeated = _repeated(body, title, edge.inner)
    if repeated:
        edge.add(edge.inner, repeated, Part.REPEATED_TITLE)
        edge.inner = _skip(body, repeated)
    _byline(body, edge, deck=bool(repeated))
    _illustration(body, edge, evidence)
    _notes(body, edge, language)
    dateline = _DATELINE.match(body, edge.inner) or _AGENCY_LINE.match(body, edge.inner)
    if dateline and _plausible_place(dateline["place"]):
        edge.add(dateline.start(), dateline.end(), Part.DATELINE)
        edge.inner = _skip(body, dateline.end())
    return edge


def _plausible_place(place: str) -> bool:
    return sum(char.isalpha() for char in place) > 2


def is_dateline(line: str) -> bool:
    """Return whether `line` is a dateline and nothing else."""
    match = _DATELINE.match(f"{line} ") or _AGENCY_LINE.match(f"{line} ")
    return bool(match and match.end() >= len(line) and _plausible_place(match["place"]))


def dateline_place(dateline: str) -> str:
    """Return a dateline without its dash.

    Example:
        >>> dateline_place("PARIS —")
        'PARIS'
    """
    return dateline.rstrip("—–―‒- \xa0.").strip()


def _skip(body: str, position: int) -> int:
    while position < len(body) and body[position].isspace():
        position += 1
    return position


def _plain(text: str) -> str:
    return _SIGNS.sub("", text.casefold())


def _repeated(body: str, title: str, start: int) -> int | None:
    """Return where the title ends that `body` repeats at `start`, or None.

    Letter case, spaces and quotation marks may differ.
    """
    begun = _LETTER.search(title)
    first = body[start : start + 1]
    if not begun or (_LETTER.match(first) and begun[0].casefold()[0] != first.casefold()[0]):
        return None
    wanted, seen = _plain(title), ""
    for position in range(start, min(len(body), start + 2 * len(title) + 20)):
        seen += _plain(body[position])
        if not wanted.startswith(seen):
            return None
        if seen == wanted:
            end = position + 1
            while end < len(body) and not body[end].isspace() and not body[end].isalnum():
                end += 1
            return end if end == len(body) or body[end].isspace() else None
    return None


def _byline(body: str, edge: Edge, *, deck: bool) -> None:
    """Read "By JANE DOE"; after a repeated title, what stands before it is the deck."""
    match = (
        _byline_pattern().search(body, edge.inner, edge.inner + _MOST)
        if deck
        else _byline_pattern().match(body, edge.inner)
    )
    if not match:
        return
    end = _name_end(body, match)
    if match.start() > edge.inner:
        edge.add(edge.inner, len(body[: match.start()].rstrip()), Part.DECK)
    edge.add(match.start(), end, Part.BYLINE)
    edge.authors += [
        _titled(name) for name in lexicon.split_names(body[match.start("names") : end])
    ]
    edge.inner = _skip(body, end)


@cache
def _byline_pattern() -> re.Pattern[str]:
    words = "|".join(lexicon.words("byline"))
    names = rf"{_CAPITALS}(?:[ \xa0]{_CAPITALS}){{1,3}}"
    more = rf"(?:(?:, | (?:and|et|und|e|y) ){names})*"
    return re.compile(rf"(?i:\b(?:{words}))[ \xa0](?P<names>{names}{more})(?=\s|$)")


def _name_end(body: str, match: re.Match[str]) -> int:
    """Return where a byline in capitals ends: a last lone letter begins the next sentence."""
    end = match.end()
    last = body[match.start() : end].rsplit(None, 1)[-1]
    return len(body[: end - len(last)].rstrip()) if len(last) == 1 else end


def _titled(name: str) -> str:
    """Write a name in capitals as names are written; others stay.

    Example:
        >>> _titled("JEAN-LUC O’NEILL")
        'Jean-Luc O’Neill'
    """
    if not name.isupper():
        return name
    return re.sub(r"[^\W\d_]+", lambda word: word[0][0] + word[0][1:].lower(), name)


def _illustration(body: str, edge: Edge, evidence: Evidence) -> None:
    match = lexicon.pattern("illustration").match(body, edge.inner)
    if not match:
        return
    end = credit_end(body, Span(match.end(), len(body)), evidence)
    if end is not None:
        edge.add(match.start(), end, Part.CREDIT)
        edge.inner = _skip(body, end)


def _notes(body: str, edge: Edge, language: str) -> None:
    """Read notes about authors: sentences about people whom the text never names again."""
    first = edge.inner
    name = _named().match(body, first)
    if name is None or not lexicon.COPULA.match(body, name.end()):
        return  # the first sentence is no note
    head = body[first : first + 1200]
    for start, end in Sentences(head, language).spans():
        sentence = head[start:end].strip()
        note = _is_note(sentence, body[edge.inner + end :])
        if not note:
            return
        begin = edge.inner + start if not edge.marks else _skip(body, edge.marks[-1][0].end)
        edge.add(begin, begin + len(sentence), Part.BYLINE)
        edge.authors.append(note)
    # every sentence was a note: then there is no text, and they were none


def _is_note(sentence: str, rest: str) -> str | None:
    """Return the name of the author whom `sentence` introduces, or None."""
    match = _named().match(sentence)
    if not match or len(sentence) > _MOST:
        return None
    copula = lexicon.COPULA.match(sentence, match.end())
    if not copula or not lexicon.whole_words("role").search(sentence):
        return None
    surname = match[0].split()[-1]
    return None if re.search(rf"\b{re.escape(surname)}\b", rest) else match[0]


@cache
def _named() -> re.Pattern[str]:
    """Return the pattern of a name that a text goes on after."""
    return re.compile(rf"(?:{lexicon.NAME})(?=,?[ \xa0])")


def read_closing(body: str, start: int, *, language: str) -> Edge:
    """Return what stands after the running text of `body`, which begins at `start`."""
    edge = Edge(len(body.rstrip()))
    tail = max(start, edge.inner - 1500)
    near = body[max(tail, edge.inner - _MOST) : edge.inner]  # no sentence about people is longer
    if not any(lexicon.may_close(near)) or not _PAIR.search(near):
        return edge
    for first, last in backwards(body[tail : edge.inner], language):
        sentence = body[tail + first : tail + last].strip()
        if not first or not _close(sentence, body[start : tail + first], edge):
            break
        edge.marks[0] = (Span(tail + first, tail + first + len(sentence)), edge.marks[0][1])
        edge.inner = tail + len(body[tail : tail + first].rstrip())
    return edge


def _close(sentence: str, before: str, edge: Edge) -> bool:
    """Add `sentence` to the front of `edge` if it is one that closes an article."""
    thanks, note = lexicon.may_close(sentence) if len(sentence) <= _MOST else (False, False)
    names = lexicon.find_contributors(sentence) if thanks and len(sentence) < _MOST else []
    if names:
        edge.marks.insert(0, (Span(0, 0), Part.CONTRIBUTOR))
        edge.contributors[:0] = names
        return True
    author = _is_note(sentence, before) if note else None
    if author:
        edge.marks.insert(0, (Span(0, 0), Part.BYLINE))
        edge.authors.insert(0, author)
    return author is not None
