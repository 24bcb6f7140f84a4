"""What the round trips through Label Studio share."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from galley.annotations.studio.server import StudioStatus
from tests.conftest import ROOT
from tests.e2e.studio.desk import TEXT, Desk
from tests.factory import make_record


@pytest.fixture
def desk(tmp_path: Path, label_studio: StudioStatus, galley: Any) -> Iterator[Desk]:
    """Return a workspace with one record, and the server it works with."""
    lay_out(tmp_path)
    token = {"Authorization": f"Token {label_studio.token}"}
    with httpx.Client(base_url=label_studio.url, headers=token, trust_env=False, timeout=60) as api:
        desk = Desk(tmp_path, label_studio, galley, api)
        desk.write([make_record(text=TEXT, source_tags=["Transport", "Trade"])])
        yield desk


def lay_out(folder: Path) -> Path:
    """Make `folder` a workspace without records, under a name of its own."""
    shutil.copytree(ROOT / "schema", folder / "schema")
    name = f"desk {uuid4().hex[:8]}"
    (folder / "pyproject.toml").write_text(f'[tool.galley]\nname = "{name}"\n', encoding="utf-8")
    return folder
