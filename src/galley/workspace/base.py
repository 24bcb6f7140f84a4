"""What every part of a workspace stands on: its places, settings, schema, ledger and records."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from galley.config import Config
from galley.errors import ConfigError
from galley.layout import Layout
from galley.ledger import Event, Ledger
from galley.nearest import suggest
from galley.record import Record
from galley.schema.contract import Contract
from galley.schema.migration import Migrations, load_migrations
from galley.schema.vocabulary import Labels, Taxonomy, load_labels, load_taxonomy
from galley.settings import load_config
from galley.workspace.advance import Advance, silent

if TYPE_CHECKING:
    from galley.annotations.policy import Policies


def check_names(named: Iterable[str], known: Iterable[str], where: str) -> None:
    """Check names in the settings that a vocabulary must have.

    Raises:
        ConfigError: One is in none.
    """
    names = set(known)
    for name in named:
        if name not in names:
            raise ConfigError(
                f"{where} names `{name}`, which no vocabulary of schema/ has",
                code="config_name",
                hint=suggest(name, names),
            )


# Records that are in memory at a time while all of them are read.
_ROWS = 500


@dataclass(frozen=True)
class Base:
    """A folder with raw files, schema, annotations and releases.

    Attributes:
        layout: Where things are.
        config: The settings.
        advance: Is told how many of how many records a step has read.
    """

    layout: Layout
    config: Config
    advance: Advance = field(default=silent, compare=False)

    @classmethod
    def open(cls, folder: Path, advance: Advance = silent) -> Self:
        """Open the workspace at `folder`.

        Args:
            folder: Its root.
            advance: Is told how many of how many records a step has read.

        Raises:
            WorkspaceError: `folder` is no workspace.
            ConfigError: Its settings are wrong.
        """
        layout = Layout.find(folder)
        return cls(layout, load_config(layout.pyproject), advance)

    @classmethod
    def create(
        cls, folder: Path, name: str | None = None, *, force: bool = False, ci: bool = False
    ) -> Self:
        """Lay out a new workspace at `folder`, with two example pages, and open it.

        Args:
            folder: Where; it is made if need be.
            name: The dataset's; None for the folder's.
            force: Accept a folder that is not empty; no file is overwritten.
            ci: Add the workflows of a hosted CI, and the hook of pre-commit.

        Raises:
            WorkspaceError: The name will not do, or the folder is not empty or no folder.
        """
        from galley.scaffold import lay_out, name_of  # noqa: PLC0415 - seldom needed

        lay_out(folder, name or name_of(folder), force=force, ci=ci)
        return cls.open(folder)

    @cached_property
    def contract(self) -> Contract:
        """The schema of a record."""
        return Contract.load(self.layout.schema)

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The tag vocabulary."""
        return load_taxonomy(self.layout.tags)

    @cached_property
    def labels(self) -> Labels:
        """The entity labels."""
        return load_labels(self.layout.entities)

    @cached_property
    def ledger(self) -> Ledger:
        """All human work."""
        return Ledger(
            self.layout.ledger, writer=self.layout.private / "writer", retracted=self._retracted
        )

    def records(self) -> Iterator[Record]:
        """Yield the records as built, sorted by id.

        Raises:
            WorkspaceError: Nothing is built yet.
        """
        from galley.parquet import count_rows, read_batches  # noqa: PLC0415 - pyarrow is slow

        gone = self._retracted()  # the last build may be older than that
        folder, done = self.layout.out / "records", 0
        total = 0 if self.advance is silent else count_rows(folder)
        for batch in read_batches(folder, _ROWS):
            yield from (record for record in batch.to_pylist() if record["id"] not in gone)
            done += len(batch)
            self.advance(done, total)

    def _retracted(self) -> frozenset[str]:
        from galley.build.identity import read_retracted  # noqa: PLC0415 - stages load lazily

        return read_retracted(self.layout.identity)

    def _aliases(self) -> dict[str, str]:
        from galley.build.identity import read_aliases  # noqa: PLC0415 - stages load lazily

        return read_aliases(self.layout.identity)

    def merged(self, head: dict[str, Any] | None = None) -> Iterator[Record]:
        """Yield the records with what people corrected and machines suggest, sorted by id.

        Args:
            head: A state of the ledger, as in a release's manifest; None for the present one.

        Raises:
            LedgerError: The ledger does not hold `head`.
        """
        return self._merge(self.records(), head)

    def _merge(
        self, records: Iterable[Record], head: dict[str, Any] | None = None
    ) -> Iterator[Record]:
        """Yield `records` with what people corrected and machines suggest."""
        from galley.annotations.merge import merge  # noqa: PLC0415 - stages load lazily
        from galley.annotations.migrate import migrate_suggestion  # noqa: PLC0415
        from galley.annotations.suggestion import read_suggestions  # noqa: PLC0415

        found = read_suggestions(self.layout.suggestions)
        suggestions = {
            name: migrate_suggestion(suggestion, self._migrations)
            for name, suggestion in found.items()
        }
        events, aliases = self._events(head), self._aliases()
        return merge(records, events, suggestions, aliases=aliases, policies=self._policies)

    @cached_property
    def _policies(self) -> "Policies":
        """Who is right where people differ; an e-mail address needs the annotators' key."""
        from galley.annotations.policy import Policies  # noqa: PLC0415 - stages load lazily
        from galley.annotations.pseudonym import Pseudonyms  # noqa: PLC0415

        def pseudonym(name: str) -> str:
            key = self.layout.private / "annotator.key"
            return Pseudonyms.open(key, self.layout.annotator_fingerprint).of(name)

        merge, names = self.config.annotations.merge, self._migrations
        check_names(merge.tags, {*names.tags.present, *names.tags.former}, "annotations.merge.tags")
        check_names(
            merge.entities,
            {*names.entities.present, *names.entities.former},
            "annotations.merge.entities",
        )
        splits = (names.tags.splits, names.entities.splits)
        return Policies(merge.default, merge.tags, merge.entities, *splits).resolved(pseudonym)

    @cached_property
    def _migrations(self) -> Migrations:
        return load_migrations(
            self.layout.migrations,
            version=self.taxonomy.version,
            tags=self.taxonomy.names,
            labels=self.labels.names,
        )

    def _events(self, head: dict[str, Any] | None = None) -> list[Event]:
        """Return the ledger's events under today's names.

        Raises:
            SchemaError: A name is in use that is gone without a migration.
        """
        from galley.annotations.migrate import migrate_events  # noqa: PLC0415 - lazily

        return migrate_events(self.ledger.events(head), self._migrations)
