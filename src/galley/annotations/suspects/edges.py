"""Spans that begin or end oddly: in a word, in punctuation, or not where their label does."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from galley.annotations.suggesters.tokens import Token, tokenize
from galley.annotations.suspects.suspicion import Ground, Suspicion
from galley.record import Entity, Record

_OPENING, _CLOSING = "([{“„«‹‘\"'#@$€£¥§", ")]}”“»›’\"'%°"
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"))
# How likely each is a mistake.
_CUT, _SPACE, _MARK, _STOP, _PAIR = 0.95, 0.98, 0.9, 0.6, 0.8
# Letters before a stop that may be an abbreviation's: Inc., Corp.
_SHORT = 4
_LEAST_SEEN = 2
# What `usual` begins with: so many unlike it must be seen before it says much.
_PRIOR = 1.0


@dataclass
class Edges:
    """Which words each label's spans begin and end with, and which stand beside them.

    Attributes:
        inside: By label, side and word: spans of several words whose outermost it is.
        outside: By label, side and word: spans that it stands beside.
        stops: Spans by label that end in a full stop.
        spans: Spans by label.
    """

    inside: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    outside: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    stops: Counter[str] = field(default_factory=Counter)
    spans: Counter[str] = field(default_factory=Counter)

    @classmethod
    def collect(cls, records: Iterable[Record]) -> "Edges":
        """Return the edges of all that is marked in `records`."""
        edges = cls()
        for record in records:
            for entity, sides in _sides(record):
                edges.spans[entity["label"]] += 1
                edges.stops[entity["label"]] += entity["text"].endswith(".")
                for side, (inner, outer) in sides.items():
                    edges.inside[entity["label"], side, inner] += bool(inner)
                    edges.outside[entity["label"], side, outer] += bool(outer)
        return edges

    def suspicions(self, record: Record) -> Iterator[Suspicion]:
        """Yield the spans of `record` with odd edges, each for its oddest."""
        for entity, sides in _sides(record):
            found = [*self._odd(record["text"], entity), *self._unusual(entity, sides)]
            if found:
                score, why = max(found)
                words = f"“{entity['text']}” ({entity['label']}) {why}"
                yield Suspicion(Ground.EDGE, round(score, 4), words, entity["start"], entity["end"])

    def _odd(self, text: str, entity: Entity) -> Iterator[tuple[float, str]]:
        start, end, surface = entity["start"], entity["end"], entity["text"]
        if surface != surface.strip():
            yield _SPACE, "begins or ends with a space"
        if _joined(text, start) or _joined(text, end):
            yield _CUT, "cuts a word"
        if not surface[0].isalnum() and surface[0] not in _OPENING:
            yield _MARK, "begins with punctuation"
        if surface[-1] in ",;:!?…-–—":
            yield _MARK, "ends with punctuation"
        if surface[-1] == "." and not self._may_stop(entity):
            yield _STOP, "ends with a full stop"
        if any((left in surface) != (right in surface) for left, right in _PAIRS):
            yield _PAIR, "has one half of a pair of brackets or quotation marks"

    def _may_stop(self, entity: Entity) -> bool:
        label, surface = entity["label"], entity["text"]
        last = surface[:-1].replace(".", " ").split()
        short = bool(last) and len(last[-1]) <= _SHORT
        return short or "." in surface[:-1] or 4 * (self.stops[label] - 1) > self.spans[label] - 1

    def _unusual(
        self, entity: Entity, sides: dict[str, tuple[str, str]]
    ) -> Iterator[tuple[float, str]]:
        label = entity["label"]
        for side, (inner, outer) in sides.items():
            within, beside = self.inside[label, side, inner] - 1, self.outside[label, side, inner]
            if inner and beside >= _LEAST_SEEN and beside > within:
                score = beside / (beside + within + _PRIOR)
                yield score, f"takes in “{inner}”, which others of its label leave out"
            within, beside = self.inside[label, side, outer], self.outside[label, side, outer] - 1
            if outer and within >= _LEAST_SEEN and within > beside:
                score = within / (beside + within + _PRIOR)
                yield score, f"leaves out “{outer}”, which others of its label take in"


def _sides(record: Record) -> Iterator[tuple[Entity, dict[str, tuple[str, str]]]]:
    """Yield each entity with its outermost word and the word beside it, on either side."""
    tokens = tokenize(record["text"])
    starts = {token.start: number for number, token in enumerate(tokens)}
    ends = {token.end: number for number, token in enumerate(tokens)}
    for entity in record["entities"]:
        first, last = starts.get(entity["start"]), ends.get(entity["end"])
        sides = {}
        if first is not None and last is not None:
            several = last > first
            sides = {
                "left": (several * tokens[first].text, _word(tokens, first - 1)),
                "right": (several * tokens[last].text, _word(tokens, last + 1)),
            }
        yield entity, sides


def _word(tokens: list[Token], number: int) -> str:
    """Return a token if it is a word: punctuation beside a span says nothing."""
    text = tokens[number].text if 0 <= number < len(tokens) else ""
    return text if text[:1].isalnum() else ""


def _joined(text: str, at: int) -> bool:
    """Tell whether a word of letters goes on across `at`; not in scripts without spaces."""
    if not 0 < at < len(text) or not (text[at - 1].isalnum() and text[at].isalnum()):
        return False
    both = tokenize(text[at - 1 : at + 1])
    return len(both) == 1
