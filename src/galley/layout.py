"""Where things are in a workspace."""

from dataclasses import dataclass
from pathlib import Path

from galley.errors import WorkspaceError

_MARKS = ("pyproject.toml", "schema/article.schema.json")


def _advise(folder: Path) -> str:
    """Return what to do where a workspace was looked for and is none, or not whole."""
    above = (place for place in folder.resolve().parents if _is_whole(place))
    if (around := next(above, None)) is not None:
        return f"the workspace around it is {around}: go there, or name it with --workspace"
    if (folder / "schema").is_dir() or (folder / "build" / "sources.toml").is_file():
        return f"restore it from git; `galley init --force {folder}` adds what is missing"
    return "name one with --workspace DIR, or lay one out with `galley init DIR`"


def _is_whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in _MARKS)


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
        for name in _MARKS:
            if not (folder / name).is_file():
                raise WorkspaceError(
                    f"{folder} is not a Galley workspace: it has no {name}",
                    code="no_workspace",
                    hint=_advise(folder),
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
