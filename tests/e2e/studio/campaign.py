"""A campaign of people with known error rates, and what must come of it."""

import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from galley.record import Record
from tests.factory import make_record

TAGS = ("water", "trade", "rail", "sport")
SWAPPED = {"PER": "ORG", "ORG": "PER", "GPE": "LOC", "LOC": "GPE"}
# Of each person: the shares of spans that are missed, cut short, and given another label; and
# of tags that are turned round.
RATES = ((0.04, 0.03, 0.03, 0.05), (0.08, 0.05, 0.04, 0.10), (0.12, 0.06, 0.05, 0.15))
_NAMES = (
    *(("Ada Quill", "PER"), ("Marlow Council", "ORG"), ("Northland", "GPE"), ("River Tarn", "LOC")),
    *(("Joan Ember", "PER"), ("Harbour Courier", "ORG"), ("Zürich", "GPE"), ("🚢 Sound", "LOC")),
)
Span = tuple[int, int, str]
# What one person leaves: the tags, and of each true span what is said of it, or None.
Answer = tuple[frozenset[str], tuple[Span | None, ...]]


@dataclass(frozen=True)
class Case:
    """One record, its truth, and what each person who saw it leaves."""

    record: Record
    tags: frozenset[str]
    spans: tuple[Span, ...]
    answers: dict[int, Answer] = field(default_factory=dict)

    def settled_tags(self) -> dict[str, bool | None]:
        """Return for each tag whether most chose it; None for a draw."""
        votes = Counter(tag for tags, _ in self.answers.values() for tag in tags)
        people = len(self.answers)
        return {t: None if 2 * votes[t] == people else 2 * votes[t] > people for t in TAGS}

    def settled_spans(self) -> list[tuple[bool, Span | None]]:
        """Return for each true span whether most say one thing of it, and what."""
        found = []
        for number in range(len(self.spans)):
            said = Counter(spans[number] for _, spans in self.answers.values())
            what, votes = said.most_common(1)[0]
            found.append((2 * votes > len(self.answers), what))
        return found

    @property
    def is_open(self) -> bool:
        """Whether anything is left to decide."""
        return None in self.settled_tags().values() or not all(s for s, _ in self.settled_spans())


def make_cases(number: int, seed: int = 11) -> list[Case]:
    """Return records that two or three of the three people annotate."""
    chance = random.Random(seed)
    return [_case(n, chance) for n in range(number)]


def _case(number: int, chance: random.Random) -> Case:
    # words of its own, so that no two records are near-duplicates
    words = " ".join(f"{chance.getrandbits(30):x}" for _ in range(20))
    text, spans = f"No. {number} {words}.", []
    for name, label in chance.sample(_NAMES, 5):
        start = len(text) + len(" Then came ")
        text += f" Then came {name} again."
        spans.append((start, start + len(name), label))
    tags = frozenset(tag for tag in TAGS if chance.random() < 0.4)
    record = make_record(number, text=text, source_tags=["Trade"])
    people = [0, 1, 2] if chance.random() < 0.7 else chance.choice([[0, 1], [0, 2], [1, 2]])
    answers = {person: _answer(tags, spans, RATES[person], chance) for person in people}
    return Case(record, tags, tuple(spans), answers)


def _answer(tags: frozenset[str], spans: list[Span], rates: Any, chance: random.Random) -> Answer:
    missed, cut, swapped, turned = rates
    said: list[Span | None] = []
    for start, end, label in spans:
        luck = chance.random()
        if luck < missed:
            said.append(None)
        elif luck < missed + cut:
            said.append((start, end - 2, label))
        elif luck < missed + cut + swapped:
            said.append((start, end, SWAPPED[label]))
        else:
            said.append((start, end, label))
    chosen = frozenset(tag for tag in TAGS if (tag in tags) != (chance.random() < turned))
    return chosen, tuple(said)


def true_f1() -> float:
    """Return the pairwise F1 that the error rates give."""
    shared = whole = 0.0
    for one, two in combinations(RATES, 2):
        right = [1 - sum(rates[:3]) for rates in (one, two)]
        shared += 2 * (right[0] * right[1] + one[1] * two[1] + one[2] * two[2])
        whole += 2 - one[0] - two[0]
    return shared / whole


def true_alpha() -> float:
    """Return alpha of one tag, of which 0.4 of the records have it."""
    turned = [rates[3] for rates in RATES]
    differ = [a * (1 - b) + b * (1 - a) for a, b in combinations(turned, 2)]
    mean = sum(turned) / len(turned)
    having = 0.4 * (1 - mean) + 0.6 * mean
    return 1 - sum(differ) / len(differ) / (2 * having * (1 - having))


def results(text: str, tags: Any, spans: Any) -> list[dict[str, Any]]:
    """Return an annotation as Label Studio has it."""
    marked = [
        {
            "from_name": "entities",
            "to_name": "text",
            "type": "labels",
            "value": {"start": s, "end": e, "text": text[s:e], "labels": [label]},
        }
        for s, e, label in spans
    ]
    paths = [["transport", tag] if tag == "rail" else [tag] for tag in sorted(tags)]
    chosen = {"from_name": "tags", "to_name": "text", "type": "taxonomy"}
    return [*marked, {**chosen, "value": {"taxonomy": paths}}] if paths else marked
