"""Open corpora of marked names, read from a folder of files in columns.

A sentence is a record: its tokens joined by spaces, its names as people marked them. Of a line,
the first column with letters is the token and the last tag of the kind `B-X` or `I-X` (or, where
a file has none, the last column) is its tag.
"""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from galley.hashing import sha256_text
from galley.record import Record, Span, make_entity

_TAG = re.compile(r"[BI]-\S+")
_COMMENT = re.compile(r"#(?:\t| [\w:]+ = |\s*$)")
_FILES = {".tsv", ".conll", ".txt"}
_LEAST = 150  # sentences
_LONGEST = 60  # tokens of a sentence, where a file does not say where sentences end


def corpora(folder: Path) -> dict[str, list[Record]]:
    """Return the sentences of each corpus below `folder`, in a drawn order.

    A corpus is a folder with files of one form; where the names of its files say that they are
    of several languages, each of them is one.
    """
    found: dict[str, list[Record]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in _FILES and path.is_file() and "LICENSE" not in str(path):
            name = _name(path, folder)
            found.setdefault(name, []).extend(_records(path))
    kept = {name: _once(records) for name, records in found.items()}
    for records in kept.values():
        random.Random(0).shuffle(records)
    return {name: records for name, records in kept.items() if len(records) >= _LEAST}


def _name(path: Path, folder: Path) -> str:
    first = path.relative_to(folder).parts[0]
    language = re.search(r"-(?:dev|test|train)-([a-z]{2})$", path.stem)
    if language is None:
        return first
    part = path.stem.split("-")[-3]
    return f"{first} {part} {language[1]}"


def _once(records: list[Record]) -> list[Record]:
    return list({record["id"]: record for record in records}.values())


def _records(path: Path) -> Iterator[Record]:
    for sentence in _sentences(path):
        if sentence:
            yield _record(sentence)


def _sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    sentence: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split("\t") if "\t" in line else line.split()
        if _COMMENT.match(line) or parts[:1] == ["TOKEN"]:
            continue
        if len(parts) < 2 or not "".join(parts).strip():
            yield sentence
            sentence = []
            continue
        sentence.append(_cell(parts))
        if "EndOfSentence" in line or len(sentence) >= _LONGEST:
            yield sentence
            sentence = []
    yield sentence


def _cell(parts: list[str]) -> tuple[str, str]:
    token = parts[1] if parts[0].isdigit() and len(parts) > 2 else parts[0]
    rest = parts[parts.index(token) + 1 :]
    if len(rest) == 1:
        return token, rest[0].strip()
    return token, rest[0] if _TAG.fullmatch(rest[0]) else "O"


def _record(sentence: list[tuple[str, str]]) -> Record:
    text = " ".join(token for token, _ in sentence)
    entities: list[dict[str, Any]] = []
    at, last = 0, ""
    for token, tag in sentence:
        label = "" if tag in {"O", "_"} else tag.removeprefix("B-").removeprefix("I-")
        if label and label == last and not tag.startswith("B-"):
            span = Span(entities[-1]["start"], at + len(token))
            entities[-1] = make_entity(text, span, label=label)
        elif label:
            entities.append(make_entity(text, Span(at, at + len(token)), label=label))
        last, at = label, at + len(token) + 1
    key = sha256_text(text)
    return {
        "id": key[:32],
        "cluster": key[:32],
        "title": "",
        "text": text,
        "text_sha256": key,
        "language": "und",
        "source_tags": [],
        "listing_tags": [],
        "tags": [],
        "entities": entities,
    }
