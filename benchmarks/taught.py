"""Time teaching on corrected records and suggesting for others: generated, 5 KB of text each.

Prints one JSON object. What is learned here is nonsense; what it costs is not.
"""

import json
import random
import re
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.article import write
from benchmarks.tongue import codes, tongue
from galley.annotations.suggesters import gazetteer, learned, source_tags
from galley.annotations.suggesters.asking import ask
from galley.annotations.suggesters.pool import workers_of
from galley.annotations.suggesters.proposal import Lesson
from galley.hashing import sha256_text
from galley.record import Record, Span, make_entity
from galley.schema.vocabulary import Label, Labels, Tag, Taxonomy

_LENGTH = 5000  # bytes of a text, on average
_NAMES = ("PER", "ORG", "GPE", "LOC", "NORP", "EVENT")
_TAGS = tuple(f"topic-{number}" for number in range(30))
LABELS = Labels("1", tuple(map(Label, _NAMES)))
TAXONOMY = Taxonomy("1", tuple(Tag(name, name) for name in _TAGS))


def main() -> None:
    """Teach, suggest, and print what it took."""
    corrected, asked = map(int, sys.argv[1:])
    records = list(_records(corrected + asked))
    texts = tuple(record["text"] for record in records)[:2400]
    lesson = Lesson(records[:corrected], TAXONOMY, LABELS, texts, workers=workers_of(0))
    made, begun = time.process_time(), time.perf_counter()
    suggesters = [teach(lesson) for teach in (learned.teach, gazetteer.teach, source_tags.teach)]
    taught = time.perf_counter()
    entities = sum(
        len(suggestion.entities)
        for _, suggestion in ask(suggesters, records[corrected:])
        if suggestion
    )
    done = time.perf_counter()
    value = {
        "corrected": corrected,
        "asked": asked,
        "bytes": sum(len(text.encode()) for text in texts) / len(texts),
        "entities": entities,
        "made": made,
        "teach": taught - begun,
        "suggest": done - taught,
    }
    print(json.dumps(value))


def _records(number: int) -> Iterator[Record]:
    languages = codes()
    for at in range(number):
        words = tongue(languages[at % len(languages)])
        yield _record(words, f"taught {at}")


def _record(words: Any, key: str) -> Record:
    rng = random.Random(key)
    topic, other = rng.sample(range(len(_TAGS)), 2)
    paragraphs: list[str] = []
    number = 0
    while sum(map(len, paragraphs)) < _LENGTH:
        sentences = write(words, f"{key} {number}").sentences[:6]
        paragraphs.append(" ".join([*sentences, f"Word{topic}x{rng.randrange(5)} said so."]))
        number += 1
    text = "\n\n".join(paragraphs)[: _LENGTH + 500]
    names = frozenset(words.names)
    entities = [
        make_entity(text, Span(*found.span()), label=_NAMES[len(found[0]) % len(_NAMES)])
        for found in re.finditer(r"[^\W\d_]+", text)
        if found[0] in names
    ]
    tags = [_TAGS[topic]] + ([_TAGS[other]] if rng.random() < 0.3 else [])
    digest = sha256_text(text)
    return {
        "id": sha256_text(key)[:32],
        "cluster": sha256_text(key)[:32],
        "title": paragraphs[0][:60],
        "text": text,
        "text_sha256": digest,
        "language": words.code,
        "source_tags": [],
        "listing_tags": [],
        "tags": tags,
        "entities": entities,
    }


if __name__ == "__main__":
    main()
