"""Records that are right, and the same with mistakes planted at known places."""

import random
from typing import Any

from galley.record import Record, Span, make_entity
from tests.factory import make_record

FIRST = [
    "Ada",
    "Ben",
    "Cleo",
    "Dora",
    "Emil",
    "Fay",
    "Gus",
    "Hana",
    "Ivo",
    "Jun",
    "Kaja",
    "Lev",
    "Mona",
    "Nils",
    "Olga",
    "Pia",
]
LAST = [
    "Quill",
    "Ember",
    "Marsh",
    "Tarn",
    "Holm",
    "Vance",
    "Reed",
    "Stone",
    "Birch",
    "Lund",
    "Roth",
    "Sorel",
    "Tindal",
    "Wyck",
]
PLACES = [
    "Marlow",
    "Northland",
    "Eastmere",
    "Zürich",
    "Tarnbridge",
    "Oldquay",
    "Sundhaven",
    "Lakeford",
    "Westry",
]
TOPICS = {
    "shipping": ["ferry", "harbour", "cargo", "pilot", "quay"],
    "sport": ["match", "goal", "season", "coach", "stadium"],
    "energy": ["turbine", "grid", "power", "reactor", "gas"],
    "elections": ["ballot", "vote", "candidate", "poll", "mandate"],
}
_SENTENCES = (
    "{PER} said in {GPE} that the {word} was late",
    "The {word} was approved by {ORG} after {PER} had left",
    "In {GPE} the {word} of {ORG} was shown to the press",
    "{ORG} and {PER} spoke about the {word} on Monday",
    "Nobody in {GPE} had expected the {word}",
    "According to {PER}, of {ORG}, the {word} will cost more",
    "A second {word} followed near {GPE} in the evening",
)
KINDS = ("label", "missed", "cut", "long", "tag")


def make_right(number: int = 400, seed: int = 5) -> list[Record]:
    """Return records in which everything is right."""
    chance = random.Random(seed)
    return sorted((_right(n, chance) for n in range(number)), key=lambda record: record["id"])


def _right(number: int, chance: random.Random) -> Record:
    tag = chance.choice(sorted(TOPICS))
    text, spans = "", []
    for sentence in chance.choices(_SENTENCES, k=7):
        for part in sentence.replace("{", "\0{").split("\0"):
            name, close, rest = part[1:].partition("}") if part.startswith("{") else ("", "", part)
            if close and name == "word":
                text += chance.choice(TOPICS[tag])
            elif close:
                surface = _name(name, chance)
                spans.append((Span(len(text), len(text) + len(surface)), name))
                text += surface
            text += rest
        text += ". "
    entities = [make_entity(text, span, label=label) for span, label in spans]
    return make_record(number, text=text, tags=[tag], entities=entities, title=f"No. {number}")


def _name(label: str, chance: random.Random) -> str:
    if label == "PER":
        return f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    place = chance.choice(PLACES)
    return place if label == "GPE" else f"{place} {chance.choice(['Council', 'Trust', 'Works'])}"


def plant(
    records: list[Record], share: float = 0.05, seed: int = 9, kinds: tuple[str, ...] = KINDS
) -> tuple[list[Record], dict[str, str]]:
    """Return `records` with one mistake in a share of them, and the kind of each by record."""
    chance = random.Random(seed)
    chosen = chance.sample(range(len(records)), round(share * len(records)))
    planted: dict[str, str] = {}
    made = list(records)
    for turn, at in enumerate(sorted(chosen)):
        kind = kinds[turn % len(kinds)]
        wrong = _wrong(records[at], kind, chance)
        if wrong is not None:
            made[at] = records[at] | wrong
            planted[records[at]["id"]] = kind
    return made, planted


def _wrong(record: Record, kind: str, chance: random.Random) -> dict[str, Any] | None:
    if kind == "tag":
        return {"tags": [chance.choice([t for t in TOPICS if t not in record["tags"]])]}
    text, entities = record["text"], list(record["entities"])
    if not entities:
        return None
    at = chance.randrange(len(entities))
    item = entities[at]
    start, end = item["start"], item["end"]
    if kind == "missed":
        del entities[at]
        return {"entities": entities}
    if kind == "label":
        label = chance.choice(sorted({e["label"] for e in entities} - {item["label"]} or {"LOC"}))
        entities[at] = item | {"label": label}
        return {"entities": entities}
    if kind == "cut":
        end -= 2 if end - start > 3 else 0
    elif end < len(text) - 1:
        following = text.find(" ", end + 1)
        end = following if 0 < following < end + 20 else end + 1
    if end == item["end"] or any(
        o["start"] < end and o["end"] > start for o in entities if o is not item
    ):
        return None
    entities[at] = make_entity(text, Span(start, end), label=item["label"])
    return {"entities": entities}
