"""No command asks the network for anything that nobody asked it for, and no token goes astray."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from galley.annotations.studio.settings import environ
from galley.desk import Workspace
from galley.manifest import list_files
from tests.acceptance.conftest import correct
from tests.acceptance.test_forget import files_of
from tests.acceptance.test_retract import git
from tests.acceptance.test_shapes import _ELSEWHERE, _calls
from tools.shapes import load

# They speak to a server that somebody named, or fetch what somebody asked for.
_ONLINE = {"push", "pull", "adopt"}
# Stands in for a cable that is pulled out, and notes who looked for it; the processes of a build
# speak through sockets without addresses.
_BLOCK = """
import os, socket
_real = socket.socket.connect
def _note(place):
    with open(os.environ["CABLE"], "a") as file:
        file.write(f"{place}\\n")
    raise OSError("the cable is out")
def _connect(self, place, *rest):
    return _real(self, place) if self.family == socket.AF_UNIX else _note(place)
socket.socket.connect = socket.socket.connect_ex = _connect
socket.getaddrinfo = lambda *place, **rest: _note(place)
"""


@pytest.fixture
def committed(workspace: Path) -> tuple[Path, str, str]:
    """Return a workspace in git, an id of a record and one of an entry of its quarantine."""
    (workspace / "build/raw/harbour-courier/page-broken.txt").write_bytes(b"a\0b")
    Workspace.open(workspace).build()
    git(workspace, "init", "-q")
    git(workspace, "add", "-A")
    desk = Workspace.open(workspace)
    (entry,) = desk.quarantine.entries()
    return workspace, next(desk.records())["id"], entry.id


def every_call(place: Path, record: str, entry: str) -> Iterator[list[str]]:
    """Yield the words of every offline command, as `tests/acceptance/test_shapes.py` has them."""
    for words in (*_calls(place, record, entry), *_ELSEWHERE):
        if words[0] != "yank":  # without a place it is a question to the Hub
            yield [word.replace("{place}", str(place)) for word in words]


def test_every_offline_command(
    galley: Any, committed: tuple[Path, str, str], tmp_path: Path
) -> None:
    """With the cable out each does what it does, and none even looks for it."""
    workspace, record, entry = committed
    (tmp_path / "block").mkdir()
    (tmp_path / "block" / "sitecustomize.py").write_text(_BLOCK, encoding="utf-8")
    cable = {"PYTHONPATH": str(tmp_path / "block"), "CABLE": str(tmp_path / "cable")}
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | cable, check=False)
    assert done.returncode  # it is out
    (tmp_path / "cable").unlink()
    said = set()
    for words in every_call(tmp_path, record, entry):
        done = galley(*words, "--json", cwd=workspace, **cable)
        assert done.returncode in {0, 1}, (words, done.stdout, done.stderr)
        asked = (tmp_path / "cable").read_text() if (tmp_path / "cable").exists() else ""
        assert asked == "", words
        said.add(words[0])
    known = {name.split()[0] for name in load()["commands"]}
    assert known - said == _ONLINE | {"yank"}


_CANARY = "hf_canary" + "Zq9" * 10


def test_no_token_goes_astray(
    galley: Any, committed: tuple[Path, str, str], tmp_path: Path
) -> None:
    """Tokens in the environment are in nothing that is said or written, not even in git."""
    workspace, record, entry = committed
    desk = Workspace.open(workspace)
    desk.ledger.append([correct(next(desk.records()), hour=14)])
    names = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "LABEL_STUDIO_API_KEY")
    tokens = {name: f"{_CANARY}{number}" for number, name in enumerate(names)}
    tokens |= {"GALLEY_ANNOTATOR_KEY": f"{_CANARY}key"}
    online = [["push"], ["pull"], ["adopt", "1"], ["status"], ["yank", "0.1.0", "--to", "hf://x/y"]]
    for words in (*every_call(tmp_path, record, entry), *online):
        for more in ([], ["--json"]):
            done = galley(
                *words, *more, cwd=workspace, **tokens, LABEL_STUDIO_URL="http://127.0.0.1:9",
                HF_ENDPOINT="http://127.0.0.1:9", GALLEY_NETWORK_PATIENCE="0",
            )  # fmt: skip
            assert _CANARY not in done.stdout + done.stderr, words
    git(workspace, "add", "-A")
    git(workspace, "commit", "-qm", "all")
    for folder in (workspace, tmp_path):
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                assert _CANARY.encode() not in path.read_bytes(), path
    objects = subprocess.run(
        ["git", "-C", workspace, "cat-file", "--batch-all-objects", "--batch"],
        capture_output=True,
        check=True,
    )
    assert objects.stdout
    assert _CANARY.encode() not in objects.stdout


def test_no_token_in_the_list_of_processes(galley: Any, workspace: Path) -> None:
    """While a command runs, no process on this machine has a token in its command line."""
    program = Path(sys.executable).with_name("galley")
    secrets = {"HF_TOKEN": _CANARY, "LABEL_STUDIO_API_KEY": _CANARY}
    command = [program, "build", "--force", "--workspace", workspace]
    seen, running = (
        0,
        subprocess.Popen(
            command, env=os.environ | secrets, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ),
    )
    while running.poll() is None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = path.read_bytes()
            except OSError:  # it ended meanwhile
                continue
            seen += b"galley" in line
            assert _CANARY.encode() not in line
        time.sleep(0.05)
    assert seen


def test_the_key_lies_outside(galley: Any, workspace: Path) -> None:
    """What git would take has no key and no token, whatever `.gitignore` says."""
    from galley.annotations.pseudonym import Pseudonyms

    key = Pseudonyms.open(*files_of(workspace)).key
    (workspace / ".gitignore").unlink(missing_ok=True)
    git(workspace, "init", "-q")
    git(workspace, "add", "-A")
    listed = subprocess.run(
        ["git", "-C", workspace, "ls-files", "-z"], capture_output=True, check=True
    )
    for name in listed.stdout.decode().split("\0")[:-1]:
        assert key not in (workspace / name).read_bytes(), name
    assert [path for path in list_files(workspace / ".galley") if "annotator.key" in path]


def test_telemetry_is_off() -> None:
    """Of the Hub, Ray and Label Studio: what would tell others is off, unless somebody asked."""
    code = (
        "import os, galley, huggingface_hub.constants as c;"
        "print(c.HF_HUB_DISABLE_TELEMETRY, os.environ['RAY_USAGE_STATS_ENABLED'])"
    )
    names = {"HF_HUB_DISABLE_TELEMETRY", "RAY_USAGE_STATS_ENABLED", "DO_NOT_TRACK"}
    passed = {name: value for name, value in os.environ.items() if name not in names}
    for more, said in (({}, "True 0"), ({"HF_HUB_DISABLE_TELEMETRY": "0"}, "False 0")):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=passed | more,
        )
        assert done.stdout.strip() == said
    studio = environ(Path("/nowhere"))
    assert studio["LABEL_STUDIO_COLLECT_ANALYTICS"] == "false"
    assert studio["LABEL_STUDIO_LATEST_VERSION_CHECK"] == "false"
    assert {studio[f"LABEL_STUDIO_{name}SENTRY_DSN"] for name in ("", "FRONTEND_")} == {""}
