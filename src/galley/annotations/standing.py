"""What of the records stands on the server, as the last push from this machine left it."""

import json
from dataclasses import asdict, dataclass, replace

from galley.files import write_json
from galley.hashing import sha256_file, sha256_json
from galley.layout import Layout
from galley.manifest import hash_records

_NAME = "standing.json"


@dataclass(frozen=True)
class Standing:
    """What a push left, for `galley status`.

    Attributes:
        records: How many records have a task that is open to annotators.
        built: The hash of the records that it was made from.
        screen: The hash of what annotators see beside the texts: vocabularies, guidelines.
    """

    records: int
    built: str
    screen: str

    @classmethod
    def now(cls, layout: Layout, records: int) -> "Standing":
        """Return what a push of all that there is leaves."""
        seen = [path for path in (layout.tags, layout.entities, layout.guidelines) if path.exists()]
        return cls(
            records, hash_records(layout.out), sha256_json([sha256_file(path) for path in seen])
        )

    @classmethod
    def read(cls, layout: Layout) -> "Standing | None":
        """Return what the last push left; None where nobody pushed from here."""
        try:
            return cls(**json.loads((layout.private / _NAME).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    @classmethod
    def keep(cls, layout: Layout, records: int, *, whole: bool) -> None:
        """Note what a push left; one of a part of the records brings nothing else up to date."""
        left = cls.now(layout, records)
        if not whole:
            left = replace(cls.read(layout) or cls(0, "", ""), records=records)
        write_json(layout.private / _NAME, asdict(left))
