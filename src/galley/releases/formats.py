"""One record in the formats of other programs. Offsets are code points in all of them."""

import csv
import io
from collections.abc import Callable
from typing import Any

from galley.hashing import canonical_json
from galley.record import Record
from galley.releases.tokens import flatten, label_tokens, tokenise

# What a spreadsheet may take for a formula, in both widths, and what marks that it must not.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠'")


def to_jsonl(record: Record) -> str:
    """Return the record as one canonical JSON line, labels by name."""
    return canonical_json(record) + "\n"


def to_spacy(record: Record) -> str:
    """Return a JSON line: what spaCy's `Example.from_dict` takes beside the text.

    `entities` are `[start, end, label]`; of those that overlap the longest, because spaCy takes
    no others. `cats` has the tags.
    """
    entities = [[item["start"], item["end"], item["label"]] for item in flatten(_proven(record))]
    cats = dict.fromkeys(record["tags"], 1.0)
    value = {"text": record["text"], "entities": entities, "cats": cats}
    return canonical_json(value | {"meta": {"id": record["id"]}}) + "\n"


def to_conll(record: Record) -> str:
    """Return lines of a token, a tab and its label (BIO); a blank line ends a paragraph.

    A record begins with `# id = …` and `-DOCSTART-`. Of entities that overlap the longest stay.
    """
    text, entities = record["text"], flatten(_proven(record))
    tokens = list(tokenise(text, entities))
    lines, last = [f"# id = {record['id']}", "-DOCSTART-\tO", ""], 0
    for token, label in zip(tokens, label_tokens(tokens, entities), strict=True):
        gap = text[last : token.start]
        if gap.strip():
            raise ValueError(f"the tokens leave {gap!r} out")
        if "\n\n" in gap:
            lines.append("")
        lines.append(f"{text[token.start : token.end]}\t{label}")
        last = token.end
    return "\n".join(lines) + "\n\n"


def to_csv(record: Record) -> str:
    """Return a row: lists and objects as JSON, null as nothing.

    A value that a spreadsheet could run begins with an apostrophe, and so does one that began
    with one: who takes the first apostrophe away has the value, in which the offsets count.
    """
    return _row(_cell(value) for value in record.values())


def csv_head(names: list[str]) -> str:
    """Return the first row of a CSV file."""
    return _row(names)


def _row(cells: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else canonical_json(value)
    return f"'{text}" if text[:1] in _FORMULA else text


def _proven(record: Record) -> list[dict[str, Any]]:
    """Return the entities, each of which is what stands at its offsets.

    Raises:
        ValueError: One is not.
    """
    entities: list[dict[str, Any]] = record["entities"]
    for entity in entities:
        if record["text"][entity["start"] : entity["end"]] != entity["text"]:
            raise ValueError(f"{entity['text']!r} does not stand at its offsets")
    return entities


FORMATS: dict[str, Callable[[Record], str]] = {
    "jsonl": to_jsonl,
    "conll": to_conll,
    "spacy": to_spacy,
    "csv": to_csv,
}
