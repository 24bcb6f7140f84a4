"""A dry run of what writes to the annotations: all of it, on copies."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from galley.files import copy_tree
from galley.layout import Layout

# The local server's data: a gigabyte that nothing of this reads or writes.
_LEFT_OUT = "studio"


@contextmanager
def rehearsed(layout: Layout) -> Iterator[Layout]:
    """Yield the layout of a workspace that has its own annotations and notes, and else the same."""
    copied = {layout.annotations, layout.private}
    with tempfile.TemporaryDirectory(prefix="galley-") as name:
        root = Path(name)
        for path in layout.root.iterdir():
            if path not in copied:
                (root / path.name).symlink_to(path)
            elif path.is_dir():
                copy_tree(path, root / path.name, without=_LEFT_OUT, links=True)
        yield Layout(root)
