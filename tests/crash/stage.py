"""A workspace, a command, and what is left of both when it is struck at one of its effects."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

# What is compared by what comes of it, not by its bytes: caches, locks, notes of this machine.
_APART = ("/.cache/", "/.galley/", "/__pycache__/")
_SITE = str(Path(__file__).parent / "site")


@dataclass(frozen=True)
class Run:
    """How a command ended."""

    code: int
    out: str
    err: str
    effects: list[str]

    @property
    def error(self) -> str:
        """The code of the error that it printed."""
        return str(json.loads(self.out)["error"]["code"])


@dataclass
class Theatre:
    """A process that runs commands, each in a child of its own."""

    process: subprocess.Popen[str]
    scratch: Path
    environ: dict[str, str] = field(default_factory=dict)
    pid: int = 0

    def start(self, folder: Path, words: list[str], at: int = -1, way: str = "kill") -> None:
        """Start a command that is struck at an effect below `folder`."""
        counter = self.scratch / "effects"
        counter.unlink(missing_ok=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GALLEY_", "LABEL_"))}
        plan = f"{folder.resolve()}|{counter}|{at}|{way}"
        environ = kept | {"NO_COLOR": "1", "PYTHONPATH": f"{_SITE}:{ROOT}", "CRASH_PLAN": plan}
        request = {
            "folder": str(folder),
            "words": words,
            "environ": environ | self.environ,
            "out": str(self.scratch / "out"),
            "err": str(self.scratch / "err"),
        }
        assert self.process.stdin
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        self.pid = self._answer()["pid"]

    def end(self) -> Run:
        """Wait for the command that was started."""
        code = self._answer()["code"]
        counter = self.scratch / "effects"
        lines = counter.read_text().splitlines() if counter.exists() else []
        out, err = ((self.scratch / name).read_text() for name in ("out", "err"))
        return Run(code, out, err, lines)

    def run(self, folder: Path, words: list[str], at: int = -1, way: str = "kill") -> Run:
        """Run a command to its end."""
        self.start(folder, words, at, way)
        return self.end()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        return dict(json.loads(self.process.stdout.readline()))


@contextmanager
def theatre(scratch: Path, **environ: str) -> Iterator[Theatre]:
    """Yield a theatre with `environ` set from its beginning."""
    scratch.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", "tests.crash.theatre"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        words, cwd=ROOT, env=os.environ | environ, stdin=pipe, stdout=pipe, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield Theatre(process, scratch, environ)
        assert process.stdin
        process.stdin.close()


def snapshot(folder: Path) -> dict[str, str]:
    """Return the hash of each file, by path, and the names of parts that were left behind."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or path.name.endswith(".lock"):
            continue
        if any(part in f"/{name}" for part in _APART):
            continue
        if path.name.endswith(".part"):
            found[name.rsplit(".", 2)[0]] = "left behind"
        else:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def copy(base: Path, folder: Path) -> Path:
    """Make `folder` a copy of `base`, times included."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base, folder, symlinks=True)
    return folder
