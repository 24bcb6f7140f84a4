"""What the last suggestions were made of: while nothing of it has changed, they stand."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from galley.config import SuggestConfig
from galley.files import write_json
from galley.hashing import sha256_file, sha256_json
from galley.layout import Layout

# What is not Galley's own and decides what is suggested.
_LIBRARIES = ("babel", "numpy", "python-crfsuite", "scikit-learn", "scipy", "spacy")
_NAME = "suggested.json"


@dataclass(frozen=True)
class Receipt:
    """What suggestions were made of.

    Attributes:
        made_of: The hash of the records, vocabularies, settings and programs.
        ledger: The hash of what people had said.
        file: The hash of the suggestions; empty before they are made.
        records: How many records there were.
        suggested: For how many of them something was suggested.
        corrected: How many of them people had corrected.
    """

    made_of: str
    ledger: str
    file: str = ""
    records: int = 0
    suggested: int = 0
    corrected: int = 0

    @classmethod
    def draw(cls, layout: Layout, settings: SuggestConfig) -> "Receipt":
        """Return the receipt of suggestions that are about to be made."""
        return cls(_made_of(layout, settings), _hash(layout.ledger.glob("*.jsonl")))

    @classmethod
    def read(cls, layout: Layout) -> "Receipt | None":
        """Return the receipt of the last suggestions, if there is a whole one."""
        try:
            return cls(**json.loads((layout.private / _NAME).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def holds(self, layout: Layout, settings: SuggestConfig, *, ledger: bool = False) -> bool:
        """Tell whether the suggestions stand as they were made, and would be made of the same.

        Args:
            layout: The workspace.
            settings: Of the suggesters.
            ledger: Whether what people said must be the same too.
        """
        now, path = Receipt.draw(layout, settings), layout.suggestions
        same = self.made_of == now.made_of and (self.ledger == now.ledger or not ledger)
        return same and path.exists() and sha256_file(path) == self.file

    def save(self, layout: Layout, **counts: int) -> None:
        """Keep the receipt, now that the suggestions are made."""
        done: dict[str, Any] = {"file": sha256_file(layout.suggestions), **counts}
        write_json(layout.private / _NAME, asdict(replace(self, **done)))


def _made_of(layout: Layout, settings: SuggestConfig) -> str:
    own = asdict(settings) | {"workers": 0}
    data = _hash(
        [
            *(layout.out / "records").glob("*.parquet"),
            *(layout.identity, layout.tags, layout.entities),
            *layout.migrations.glob("*.yaml"),
            *(layout.root / path for paths in settings.lists.values() for path in paths),
            *((layout.root / settings.spacy).rglob("*") if settings.spacy else ()),
        ]
    )
    code, libraries = _programs()
    return sha256_json([own, code, data, libraries])


@cache
def _programs() -> tuple[str, list[str]]:
    """Return the hash of our own code, and the versions of the libraries: of this process."""
    return _hash(Path(__file__).parent.rglob("*.py")), list(map(_version, _LIBRARIES))


def _hash(paths: Iterable[Path]) -> str:
    """Return the hash of the names and contents of the files among `paths`."""
    return sha256_json(sorted(_entries(paths)))


def _entries(paths: Iterable[Path]) -> Iterator[list[str]]:
    return ([path.name, sha256_file(path)] for path in paths if path.is_file())


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
