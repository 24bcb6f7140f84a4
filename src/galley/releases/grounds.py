"""What a release rests on, and what the newest one was last found to stand for here."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from galley.config import Config
from galley.files import write_json
from galley.hashing import sha256_file
from galley.layout import Layout

_NAME = "released.json"
BUILT = "records as built"


@dataclass(frozen=True)
class Grounds:
    """What `galley release` last read on this machine, for `galley status`.

    A manifest cannot say it: what changes no byte of a release makes no new one.

    Attributes:
        version: The release that stands for it.
        inputs: As in its manifest, with the hash of the records that the build wrote.
    """

    version: str
    inputs: dict[str, Any]

    @classmethod
    def read(cls, layout: Layout) -> "Grounds | None":
        """Return what is known here; None where nothing was released yet."""
        try:
            known = cls(**json.loads((layout.private / _NAME).read_text(encoding="utf-8")))
            known.inputs["ledger"]["files"].items()
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return known

    def keep(self, layout: Layout) -> None:
        """Write it down, if it is news."""
        if self != self.read(layout):
            write_json(layout.private / _NAME, asdict(self))


def list_settings(config: Config, merge: dict[str, Any]) -> dict[str, Any]:
    """Return the settings that decide a release, as its manifest has them.

    Args:
        config: The settings.
        merge: Who is right where people differ; empty where the last annotation is.
    """
    release = config.release
    return {
        "name": config.name,
        "title": release.title,
        "description": release.description,
        "license": release.license,
        "seed": release.seed,
        # Pairs, because the order of the splits counts.
        "splits": [[name, share] for name, share in release.splits.items()],
        **({} if release.split_by == "hash" else {"split_by": release.split_by}),
        **({"split_dates": release.split_dates} if release.split_dates else {}),
        **({"merge": merge} if merge else {}),
    }


def hash_sources(layout: Layout) -> dict[str, str | None]:
    """Return the hash of each file that says what a release holds; None where there is none."""
    files = {
        "taxonomy": layout.tags,
        "labels": layout.entities,
        "suggestions": layout.suggestions,
        "datasheet": layout.datasheet,
    }
    return {name: sha256_file(path) if path.exists() else None for name, path in files.items()}


def hash_migrations(layout: Layout) -> dict[str, str]:
    """Return the hash of each file that says what became of names."""
    return {path.name: sha256_file(path) for path in sorted(layout.migrations.glob("*.yaml"))}
