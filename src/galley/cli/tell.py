"""What `galley inspect` says to a person: a raw file or a record, as lines."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from galley.cli.paint import Brush
from galley.record import Part, Record
from galley.report.palette import INKS
from galley.report.visible import escape

if TYPE_CHECKING:
    from galley.build.dump.evidence import Candidate
    from galley.build.inspect import Inspection
    from galley.report.dossier import Dossier

_FIELDS = (
    *("id", "language", "published", "publisher", "authors", "contributors", "dateline", "deck"),
    *("url", "license", "source_tags", "listing_tags"),
)
_EXCERPT = 300  # characters of a text that is no part of the page as it stands


def tell_file(found: "Inspection", brush: Brush) -> Iterator[str]:
    """Yield what became of a raw file: the verdict, the page, the records."""
    facts = [f"{found.size:,} bytes", found.format, found.encoding, found.source]
    yield f"{brush.strong(escape(found.file))}  {' · '.join(fact for fact in facts if fact)}"
    yield from _verdict(found, brush)
    for entry in found.quarantine:
        why = brush.paint(INKS[Part.QUARANTINED], f"quarantined: {entry['reason']}")
        yield f"{why}  bytes {entry['byte_start']}–{entry['byte_end']}: {escape(entry['detail'])}"
        yield from (f"  {entry[key]}" for key in ("meaning", "hint") if entry.get(key))
    yield ""
    yield from _page(found, brush) if found.candidates or not found.records else _items(found)
    for number, record in enumerate(found.records, 1):
        yield ""
        yield brush.strong(f"{number}  {escape(record['title'])}")
        yield from tell_fields(record)


def _verdict(found: "Inspection", brush: Brush) -> Iterator[str]:
    chosen, runner_up = found.chosen, found.runner_up
    if chosen:
        yield f"layout     {brush.strong(chosen.layout)} {_score(chosen)}"
        yield from (f"  + {escape(reason)}" for reason in chosen.reasons)
        yield from (f"  - {escape(reason)}" for reason in chosen.objections)
    elif found.candidates:
        yield "layout     none fits"
    elif found.layout:
        yield f"layout     {brush.strong(found.layout)}: the format decides"
    for item in found.candidates if not chosen else [runner_up] if runner_up else []:
        yield f"{'runner-up' if chosen else 'candidate'}  {item.layout} {_score(item)}"
        yield from (f"  - {escape(reason)}" for reason in item.objections)


def _score(item: "Candidate") -> str:
    return "" if item.score is None else f"{item.score:.2f}"


def _page(found: "Inspection", brush: Brush) -> Iterator[str]:
    total = max(found.size, 1)
    shares = [
        f"{brush.paint(INKS[Part(part)], INKS[Part(part)].name)} {size / total:.1%}"
        for part, size in found.parts.items()
    ]
    yield "  ".join(shares)
    yield ""
    yield from brush.page(found.pieces)


def _items(found: "Inspection") -> Iterator[str]:
    """Yield the entries, rows or elements of a file that is no text dump."""
    for piece in found.pieces:
        said = piece.reason or ""
        if piece.record is not None:
            said = f"record {piece.record + 1}: {found.records[piece.record]['text'][:_EXCERPT]}"
        yield f"[{piece.part}] {piece.place} {escape(said)}".rstrip()


def tell_fields(record: Record) -> Iterator[str]:
    """Yield the fields of a record that are not empty, one on a line."""
    for name in _FIELDS:
        if value := record.get(name):
            yield f"   {name:<13} {_value(value)}"
    counts = {name: len(record[f"{name}s"]) for name in ("subhead", "caption", "credit")}
    said = [f"{n} {name}{'s' * (n != 1)}" for name, n in counts.items() if n]
    said.insert(0, f"{len(record['text']):,} characters")
    yield f"   {'text':<13} {', '.join(said)}"


def _value(value: Any) -> str:
    return escape(" · ".join(map(str, value)) if isinstance(value, list) else str(value))


def tell_record(dossier: "Dossier", brush: Brush) -> Iterator[str]:
    """Yield what is known of a record, and at last its text."""
    record, annotation = dossier.record, dossier.record["annotation"]
    yield f"{brush.strong(escape(record['title']))}"
    yield f"  {record['id']}"
    for name, origin in dossier.origins.items():
        yield f"  {name:<13} {_value(record[name])}  ({origin})"
    yield f"  {'annotation':<13} {annotation['status']}, {_people(annotation['annotators'])}"
    for source in record["sources"]:
        yield f"source  {escape(source['file'])}  bytes {source['byte_start']}–{source['byte_end']}"
        yield f"  {source['layout']} by {source['extractor']}, {source['encoding']}"
    for alias in dossier.aliases:
        yield f"alias   {alias}"
    for member in dossier.members:
        yield f"near-duplicate  {member.id}  {escape(member.title)}"
    for entity in record["entities"]:
        where = f"{entity['start']}–{entity['end']}"
        yield f"entity  {where} {entity['label']}: {escape(entity['text'])}"
    yield ""
    yield from (escape(line) for line in record["text"].split("\n"))


def _people(number: int) -> str:
    return {0: "nobody looked at it", 1: "one annotator"}.get(number, f"{number} annotators")
