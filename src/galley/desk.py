"""The library's front door: a workspace, with the stages wired together.

Example:
    ```python
    from pathlib import Path
    from galley.desk import Workspace

    workspace = Workspace.open(Path())
    print(workspace.build())
    ```
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from galley.config import Config, load_config
from galley.layout import Layout
from galley.ledger import Ledger
from galley.schema.contract import Contract
from galley.schema.vocabulary import Labels, Taxonomy, load_labels, load_taxonomy

if TYPE_CHECKING:
    from galley.annotations.studio.server import Studio


@dataclass(frozen=True)
class Workspace:
    """A dataset workspace: a folder with raw files, schema, annotations and releases.

    Attributes:
        layout: Where things are.
        config: The settings.
    """

    layout: Layout
    config: Config

    @classmethod
    def open(cls, folder: Path) -> "Workspace":
        """Open the workspace at `folder`.

        Raises:
            WorkspaceError: `folder` is no workspace.
            ConfigError: Its settings are wrong.
        """
        layout = Layout.find(folder)
        return cls(layout, load_config(layout.pyproject))

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
        return Ledger(self.layout.ledger, writer=self.layout.private / "writer")

    @cached_property
    def studio(self) -> "Studio":
        """The embedded Label Studio of this workspace."""
        from galley.annotations.studio.server import Studio  # noqa: PLC0415 - stages load lazily

        return Studio(self.layout.private / "studio", self.config.studio.port)
