"""The library's front door: a workspace, with the stages wired together.

Example:
    ```python
    from pathlib import Path
    from galley.desk import Workspace

    workspace = Workspace.open(Path())
    print(workspace.build())
    ```
"""

from galley.workspace.annotating import Annotating
from galley.workspace.reading import Reading
from galley.workspace.surveying import Surveying


class Workspace(Annotating, Reading, Surveying):
    """A dataset workspace: a folder with raw files, schema, annotations and releases.

    Attributes:
        layout: Where things are.
        config: The settings.
    """
