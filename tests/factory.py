"""Records for tests, valid against the default schema."""

from hashlib import sha256
from typing import Any

from galley.hashing import sha256_text
from galley.record import Record, Span, make_entity
from galley.schema.contract import Contract
from galley.schema.vocabulary import Label, Labels

# Characters outside the Basic Multilingual Plane stand before the entities: who counts in
# UTF-16 is off by one at the first of them.
_TEXT = (
    "🚢 The ferry “Aurélie 𝕏” left Marlow Sound on 3 May.\n\nTIMES\n\nIt returned, wrote Ada Quill."
)
LABELS = Labels("1", tuple(Label(name) for name in ("PER", "ORG", "GPE", "LOC")))


def contract() -> Contract:
    """Return the default schema."""
    return Contract.default()


def make_id(number: int) -> str:
    """Return a record id that goes with `number`."""
    return sha256(str(number).encode()).hexdigest()[:32]


def make_record(number: int = 0, **changes: Any) -> Record:
    """Return a record as built; `number` decides its id and is in its text.

    A change of `id` changes `cluster`, and one of `text` its hash, unless they are given too.
    """
    key = changes.get("id", make_id(number))
    text = changes.get("text", f"{_TEXT} No. {number}.")
    start = text.find("TIMES")
    record: Record = {
        "id": key,
        "cluster": key,
        "title": f"Ferry {number} leaves",
        "text": text,
        "text_sha256": sha256_text(text),
        "language": "en",
        "subheads": [{"start": start, "end": start + 5}] if start >= 0 else [],
        "deck": None,
        "dateline": "MARLOW",
        "authors": ["Ada Quill"],
        "contributors": [],
        "captions": ["The ferry 🚢 at the quay"],
        "credits": [],
        "publisher": "Harbour Courier",
        "url": None,
        "published": "2024-05-03",
        "license": "CC0-1.0",
        "source_tags": ["Shipping"],
        "listing_tags": [],
        "tags": [],
        "entities": [],
        "annotation": {"status": "source", "annotators": 0, "guideline": None, "taxonomy": None},
        "sources": [make_source(number)],
        "changed_in": None,
    }
    return record | changes


def make_source(number: int = 0) -> dict[str, Any]:
    """Return where a record was found."""
    return {
        "file": "harbour-courier/tag-shipping.txt",
        "sha256": sha256_text("the raw file"),
        "byte_start": 100 * number,
        "byte_end": 100 * number + 90,
        "layout": "listing",
        "extractor": "listing/1",
        "encoding": "utf-8",
        "configured": ["publisher"],
    }


def make_corrected(number: int = 0, **changes: Any) -> Record:
    """Return a record with one tag and two entities that one person corrected."""
    record = make_record(number, **changes)
    record["tags"] = changes.get("tags", ["shipping"])
    entities = [find_entity(record, "Marlow Sound", "GPE"), find_entity(record, "Ada Quill", "PER")]
    record["entities"] = changes.get("entities", entities)
    record["annotation"] = {
        "status": "corrected",
        "annotators": 1,
        "guideline": "1",
        "taxonomy": "1",
    }
    return record


def find_entity(record: Record, surface: str, label: str) -> dict[str, Any]:
    """Return the entity where `surface` first stands in the record's text."""
    start = record["text"].index(surface)
    return make_entity(record["text"], Span(start, start + len(surface)), label=label)
