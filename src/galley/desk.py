"""The library's front door: a workspace, with the stages wired together.

Example:
    ```python
    from pathlib import Path
    from galley.desk import Workspace

    workspace = Workspace.open(Path())
    print(workspace.build())
    ```
"""

from collections.abc import Iterator
from typing import Any

from galley.workspace.advance import Advance, silent
from galley.workspace.annotating import Annotating
from galley.workspace.reading import Reading
from galley.workspace.surveying import Surveying


class Workspace(Annotating, Reading, Surveying):
    """A dataset workspace: a folder with raw files, schema, annotations and releases.

    Attributes:
        layout: Where things are.
        config: The settings.
    """

    def run(
        self, *, release: bool = False, advance: Advance = silent
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Go the whole way, as far as it goes without people; what is done already costs little.

        Build, start the embedded Label Studio unless another is named, push, pull, and with
        `release` cut one. Killed anywhere, it goes on where it stopped when it is run again.

        Args:
            release: Whether to cut a release of what people have done so far.
            advance: Is told how many of how many a step has done.

        Yields:
            Each step when it is done: the name of its command, and the object of its `--json`.

        Raises:
            GalleyError: A step fails; those before it are done.
        """
        yield "build", self.build(advance=advance).to_json()
        if not self.named_server:
            status = self.studio.up()
            yield "studio", {"url": status.url}
        yield "push", self.push(advance).to_json()
        yield "pull", self.pull().to_json()
        if release:
            yield "release", self.release().to_json()
