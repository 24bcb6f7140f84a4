"""All that is known of one record: what it holds, where that came from, who worked on it."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from galley.build.identity import read_aliases
from galley.record import Record
from galley.report.lookup import find_id, read_records, read_rows

# Fields that a person looks for first; the rest of a record is shown elsewhere on the page.
FIELDS = (
    *("title", "deck", "dateline", "authors", "contributors", "publisher", "published"),
    *("language", "url", "license", "source_tags", "listing_tags", "tags", "captions", "credits"),
)


@dataclass(frozen=True, slots=True)
class Member:
    """Another record of the same cluster."""

    id: str
    title: str


@dataclass(frozen=True)
class Dossier:
    """One record with its provenance.

    Attributes:
        record: With what people corrected and machines suggest.
        aliases: Ids that gave way to its own.
        members: The other records of its cluster, by id.
    """

    record: Record
    aliases: list[str]
    members: list[Member]

    @property
    def origins(self) -> dict[str, str]:
        """Where each field that is not empty came from, in the order of `FIELDS`."""
        configured = {name for item in self.record["sources"] for name in item["configured"]}
        return {name: self._origin(name, configured) for name in FIELDS if self.record[name]}

    def _origin(self, name: str, configured: set[str]) -> str:
        if name == "tags":
            return str(self.record["annotation"]["status"])
        if name == "language":
            return "detected, unless stated"
        return "sources.toml" if name in configured else "page"

    def to_json(self) -> dict[str, Any]:
        """Return the object of `galley inspect ID --json`."""
        members = [asdict(member) for member in self.members]
        origins = {name: self.origins.get(name) for name in FIELDS if name in self.origins}
        return {
            "record": self.record,
            "origins": origins,
            "aliases": self.aliases,
            "cluster_members": members,
        }


def compile_dossier(
    out: Path, word: str, *, identity: Path, merge: Callable[[list[Record]], Iterator[Record]]
) -> Dossier:
    """Return the dossier of the record whose id begins with `word`, or had an alias that does.

    Args:
        out: The build's folder.
        word: An id or its beginning.
        identity: The registry of ids.
        merge: Puts onto records what people corrected and machines suggest.

    Raises:
        WorkspaceError: There is no such record, or more than one.
    """
    records, aliases = out / "records", read_aliases(identity)
    name = find_id(records, word, aliases=aliases)
    (record,) = merge([read_records(records, [name])[name]])
    same = read_rows(records, ["id", "title"], ("cluster", "=", record["cluster"]))
    members = sorted((row["id"], row["title"]) for row in same if row["id"] != name)
    olds = sorted(old for old, own in aliases.items() if own == name)
    return Dossier(record, olds, [Member(*member) for member in members])
