"""Galley: raw pages become records, people correct them, releases publish them."""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from galley.desk import Workspace

__all__ = ["Workspace", "__version__", "load"]
__version__ = "0.1.0"

# Libraries read these when they are imported: nobody asked them to tell others of it.
_SILENT = {"HF_HUB_DISABLE_TELEMETRY": "1", "RAY_USAGE_STATS_ENABLED": "0"}
for _variable, _setting in _SILENT.items():
    os.environ.setdefault(_variable, _setting)


def load(
    repo_or_path: str | Path,
    *,
    revision: str | None = None,
    config: str | None = None,
    label_names: bool = False,
) -> Any:
    """Load a published release and be sure that it is that revision: see `galley.loading.load`."""
    # By name and when it is called: every command begins by importing this module.
    loading = import_module("galley.loading")
    return loading.load(repo_or_path, revision=revision, config=config, label_names=label_names)


def __getattr__(name: str) -> Any:
    if name == "Workspace":  # as above
        return import_module("galley.desk").Workspace
    raise AttributeError(f"module 'galley' has no attribute {name!r}")
