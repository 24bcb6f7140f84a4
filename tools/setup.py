"""Make the environment: `.venv` from the pins, Label Studio beside it, and a browser.

    python3 tools/setup.py [venv] [studio] [browser]

It needs Python 3.11 and pip, nothing else. What is done already is not done again; what was
interrupted is. Run it through `make setup`.
"""

from __future__ import annotations  # an older Python must get as far as the message for it

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BOOTSTRAP = ROOT / "requirements" / "bootstrap.txt"
PINS = ROOT / "requirements" / "dev.txt"
# Written last: holds the hash of all that the environment was made from.
STAMP = VENV / "galley-setup.txt"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_begun = time.monotonic()


class SetupError(Exception):
    """The set-up cannot go on; the message says why and what to do."""


def main(parts: list[str]) -> int:
    """Make the parts that are asked for, all of them by default."""
    steps = {"venv": make_venv, "studio": make_studio, "browser": find_browser}
    unknown = set(parts) - set(steps)
    if unknown:
        print(f"error: unknown part {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    try:
        for part in parts or steps:
            steps[part]()
    except SetupError as error:
        say(f"error: {error}")
        return 2
    return 0


def say(message: str) -> None:
    """Print a line with the seconds since the start."""
    print(f"[setup {time.monotonic() - _begun:4.0f} s] {message}", file=sys.stderr, flush=True)


def make_venv() -> None:
    """Make `.venv` and install what the pins name, and Galley itself as it lies here."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this may have an older one
        found = ".".join(map(str, sys.version_info[:2]))
        raise SetupError(
            f"Galley needs Python 3.11 or later, this is {found}: `make PYTHON=python3.12 setup`"
        )
    state = _state()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == state and _works():
        return
    say(f"making {VENV.name} with Python {sys.version.split()[0]}")
    # Without pip, because Debian's Python cannot put one in: the pip outside fills it.
    run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)])
    outside = [*_pip(), "--python", str(PYTHON)]
    run([*outside, "install", "--quiet", "--require-hashes", "-r", str(BOOTSTRAP)])
    say(f"installing {_count(PINS)} packages")
    install(["--require-hashes", "-r", str(PINS)])
    # Its build backend is among the pins, so nothing is fetched for building.
    install(["--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    STAMP.write_text(state, encoding="utf-8")
    say("the environment is complete")


def install(arguments: list[str]) -> None:
    """Install into `.venv`: with uv, which is quick, and should it fail with pip."""
    try:
        # Compiled, as pip does: else every process compiles what it imports, for seconds.
        options = ["--quiet", "--compile-bytecode", "--python", PYTHON]
        run(
            [VENV / "bin" / "uv", "pip", "install", *options, *arguments],
            {"UV_SYSTEM_CERTS": "true", **os.environ},
        )  # as pip does
    except SetupError as error:
        say(f"uv failed, trying pip ({error})")
        run([PYTHON, "-m", "pip", "install", "--quiet", *arguments])


def make_studio() -> None:
    """Install the Label Studio server into the user's cache."""
    command = [str(VENV / "bin" / "galley"), "studio", "install"]
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
        raise SetupError("Label Studio could not be installed, see above")


def find_browser() -> None:
    """Install Chromium if that is possible and necessary; else say how."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    apt = shutil.which("apt-get")
    if os.geteuid() == 0 and apt:
        say("installing Chromium for the browser tests")
        quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        run([apt, "update", "-qq"], environ=quiet)
        run([apt, "install", "-qq", "-y", "--no-install-recommends", "chromium"], environ=quiet)
        return
    how = "as root: apt-get install chromium" if apt else "install Chromium with your system's tool"
    say(f"no Chromium: the browser tests will be skipped ({how})")


def run(command: list[object], environ: dict[str, str] | None = None) -> None:
    """Run a command and say now and then that it still runs; its last words if it fails."""
    begun = time.monotonic()
    with subprocess.Popen(
        [str(word) for word in command],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        while True:
            try:
                said, _ = process.communicate(timeout=10)
                break
            except subprocess.TimeoutExpired:
                say(f"… still at it after {time.monotonic() - begun:.0f} s")
    if process.returncode:
        words = " ".join(map(str, command[:4]))
        raise SetupError(f"`{words} …` failed:\n{said.strip()[-2000:]}")


def _state() -> str:
    """Return what the environment depends on: the pins, the project's metadata, Python, place."""
    import tomllib  # noqa: PLC0415 - is not in an older Python

    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    made_from = [document["project"], document["build-system"], sys.version_info[:2], str(VENV)]
    digest = hashlib.sha256(json.dumps(made_from).encode())
    for path in (BOOTSTRAP, PINS):
        digest.update(path.read_bytes())
    return digest.hexdigest() + "\n"


def _works() -> bool:
    """Whether the environment's Python starts: the one that it was made from may be gone."""
    try:
        return subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def _pip() -> list[str]:
    """Return a pip outside the environment."""
    asked = [sys.executable, "-m", "pip", "--version"]
    if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
        return asked[:-1]
    if found := shutil.which("pip3") or shutil.which("pip"):
        return [found]
    raise SetupError("there is no pip: install it (Debian: apt-get install python3-pip)")


def _count(pins: Path) -> int:
    return sum("==" in line for line in pins.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
