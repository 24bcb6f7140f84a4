"""Where things are in a workspace."""

from dataclasses import dataclass
from pathlib import Path

from galley.errors import WorkspaceError


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of a workspace.

    Attributes:
        root: The folder that holds `pyproject.toml` with a `[tool.galley]` table.
    """

    root: Path

    @classmethod
    def find(cls, folder: Path) -> "Layout":
        """Return the layout of the workspace at `folder`.

        Raises:
            WorkspaceError: `folder` is no workspace.
        """
        for name in ("pyproject.toml", "schema/article.schema.json"):
            if not (folder / name).is_file():
                raise WorkspaceError(
                    f"{folder} is not a Galley workspace: it has no {name}",
                    code="no_workspace",
                    hint="name one with --workspace DIR, or lay one out with `galley init DIR`",
                )
        return cls(folder.resolve())

    @property
    def pyproject(self) -> Path:
        """The settings."""
        return self.root / "pyproject.toml"

    @property
    def build(self) -> Path:
        """The stage folder of the build; paths in `sources.toml` are relative to it."""
        return self.root / "build"

    @property
    def sources(self) -> Path:
        """Which raw files the build reads."""
        return self.build / "sources.toml"

    @property
    def profiles(self) -> Path:
        """What the pages of each source repeat, learned."""
        return self.build / "profiles"

    @property
    def identity(self) -> Path:
        """Every key ever seen, with the record it belongs to."""
        return self.build / "identity.jsonl"

    @property
    def out(self) -> Path:
        """What the build writes."""
        return self.build / "out"

    @property
    def schema(self) -> Path:
        """The contract."""
        return self.root / "schema" / "article.schema.json"

    @property
    def tags(self) -> Path:
        """The tag vocabulary."""
        return self.root / "schema" / "tags.yaml"

    @property
    def entities(self) -> Path:
        """The entity labels."""
        return self.root / "schema" / "entities.yaml"

    @property
    def migrations(self) -> Path:
        """How one version of the vocabularies became the next."""
        return self.root / "schema" / "migrations"

    @property
    def annotations(self) -> Path:
        """The stage folder of the annotations."""
        return self.root / "annotations"

    @property
    def guidelines(self) -> Path:
        """What annotators follow."""
        return self.annotations / "guidelines.md"

    @property
    def labeling_config(self) -> Path:
        """The annotators' screen, generated from the schema."""
        return self.annotations / "labeling_config.xml"

    @property
    def suggestions(self) -> Path:
        """What suggesters proposed, one line a record."""
        return self.annotations / "suggestions.jsonl"

    @property
    def annotations_quarantine(self) -> Path:
        """Annotations that do not fit their text or the vocabularies, append-only."""
        return self.annotations / "quarantine.jsonl"

    @property
    def annotator_fingerprint(self) -> Path:
        """Of the key of the annotators' pseudonyms."""
        return self.annotations / "annotator-key.fingerprint"

    @property
    def ledger(self) -> Path:
        """The append-only record of all human work."""
        return self.annotations / "ledger"

    @property
    def releases(self) -> Path:
        """One folder for each version."""
        return self.root / "releases"

    @property
    def changelog(self) -> Path:
        """What each version changed, with its manifest's hash."""
        return self.releases / "CHANGELOG.md"

    @property
    def datasheet(self) -> Path:
        """The human answers of the datasheet."""
        return self.root / "DATASHEET.md"

    @property
    def datasheet_lock(self) -> Path:
        """Which facts the answers of the datasheet were given for."""
        return self.root / "DATASHEET.lock.json"

    @property
    def private(self) -> Path:
        """What never leaves this machine: tokens, keys, the local server's data."""
        return self.root / ".galley"
