"""The card of a folder of releases, so that `load_dataset` of it gives the current one.

Without it, `load_dataset` would take every Parquet file below the folder for one dataset: all
versions, and what nobody has looked at, mixed together.
"""

from pathlib import Path
from typing import Any

import yaml

from galley.files import write_text
from galley.releases import card

_MARK = "<!-- written by galley publish -->"
_FENCE = "---\n"
_BODY = """
{mark}

# {name}

The current release is [{version}]({version}/README.md); `latest.json` names it for programs. Every
folder beside this file is one release, and never changes.

```python
from datasets import load_dataset

dataset = load_dataset("{folder}")  # {version}, as long as it is the current one
```

`galley.load("{folder}", revision="v{version}")` pins it.
"""


def write_front(folder: Path, version: str) -> None:
    """Write `README.md` of a folder of releases, unless somebody wrote one of their own there.

    Args:
        folder: It holds a folder for each version.
        version: The current one.
    """
    path = folder / card.FILE_NAME
    if path.exists() and _MARK not in path.read_text(encoding="utf-8", errors="replace"):
        return
    head = _read_head(folder / version / card.FILE_NAME)
    for config in head.get("configs", []):
        for files in config["data_files"]:
            files["path"] = [f"{version}/{name}" for name in _listed(files["path"])]
    front = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=100)
    name = head.get("pretty_name", folder.name)
    body = _BODY.format(mark=_MARK, name=name, version=version, folder=folder.name)
    write_text(path, f"{_FENCE}{front}{_FENCE}{body}")


def _read_head(path: Path) -> dict[str, Any]:
    _, head, _ = path.read_text(encoding="utf-8").split(_FENCE, 2)
    found: dict[str, Any] = yaml.safe_load(head)
    return found


def _listed(paths: str | list[str]) -> list[str]:
    return [paths] if isinstance(paths, str) else paths
