"""What the tests of publishing share: releases, a hub, clients in processes of their own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from galley.manifest import list_files
from tests.conftest import ROOT
from tests.e2e.publish.warm import run_warm
from tests.factory import make_corrected, make_record
from tests.hub.faults import Fault
from tests.hub.server import Hub, run_hub
from tests.hub.state import TOKEN
from tests.unit.releases.conftest import Workshop

NAME = "ada/ferries"
SHEET = (ROOT / "DATASHEET.md").read_text(encoding="utf-8")
FIRST, SECOND, THIRD = "0.1.0", "0.1.1", "0.2.0"


@dataclass
class Client:
    """Somebody at another machine, who talks to the hub.

    Attributes:
        hub: The hub.
        workspace: The workspace that has the releases.
        home: Of Hugging Face's caches.
        environ: What is set beside that.
        interpreter: What runs Python; the tests have one that starts quickly.
    """

    hub: Hub
    workspace: Path
    home: Path
    environ: dict[str, str] = field(default_factory=dict)
    interpreter: str = sys.executable

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run Python; a `kill` among the faults ends it and what it started."""
        command = [self.interpreter, *map(str, words)]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "GALLEY_"))}
        env = kept | {
            "HF_ENDPOINT": self.hub.url,
            "HF_HOME": str(self.home),
            "HF_TOKEN": TOKEN,
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "NO_COLOR": "1",
        }
        process = subprocess.Popen(
            command,
            env=env | self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        self.hub.faults.victim = process.pid
        out, err = process.communicate(timeout=300)
        self.hub.faults.victim = None
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def galley(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command of Galley."""
        return self.run(Path(sys.executable).with_name("galley"), *words)

    def publish(
        self, version: str = FIRST, *words: str, to: str = NAME
    ) -> subprocess.CompletedProcess[str]:
        """Run `galley publish`."""
        words = ("--to", to, "--workspace", str(self.workspace), "--yes", "--json", *words)
        return self.galley("publish", version, *words)

    def python(self, code: str, *words: str) -> Any:
        """Run Python code with nothing cached, and return the JSON that it prints last."""
        shutil.rmtree(self.home, ignore_errors=True)
        done = self.run("-c", code, *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def release(self, version: str) -> dict[str, bytes]:
        """Return the files of a release on disk."""
        folder = self.workspace / "releases" / version
        return {name: (folder / name).read_bytes() for name in list_files(folder)}

    def put(self, *versions: str) -> None:
        """Put releases on the hub as if they had been published there."""
        for version in versions:
            self.hub.put(NAME, self.release(version), f"v{version}")

    def plan(self, kind: str, pattern: str = "", nth: int = 0, **more: Any) -> None:
        """Let a request go wrong."""
        self.hub.faults.planned.append(Fault(kind, pattern, nth, **more))


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with three releases; the third has nothing that people did not see."""
    folder = tmp_path_factory.mktemp("released")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "schema", folder / "schema")
    workshop = Workshop(folder / "releases")
    corrected = [make_corrected(number) for number in range(16)]
    seen = [*corrected, *map(make_record, range(16, 20))]
    changed = make_corrected(0, tags=["shipping", "water"])
    for version, records in {
        FIRST: seen,
        SECOND: [changed, *seen[1:]],
        THIRD: [changed, *corrected[1:]],
    }.items():
        assert str(workshop.cut(records, datasheet=SHEET).release.version) == version
    return folder


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """Yield a hub without a dataset."""
    with run_hub(tmp_path / "hub") as running:
        yield running


@pytest.fixture(scope="session")
def warm() -> Iterator[str]:
    """Yield a program that runs Python quickly."""
    with run_warm() as program:
        yield str(program)


@pytest.fixture
def client(hub: Hub, released: Path, tmp_path: Path, warm: str) -> Client:
    """Return a client that uploads by LFS."""
    return Client(hub, released, tmp_path / "home", {"HF_HUB_DISABLE_XET": "1"}, warm)
