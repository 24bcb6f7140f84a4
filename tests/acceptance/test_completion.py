"""`galley completion`, in real shells as far as they are here."""

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

BIN = Path(sys.executable).parent
# What bash does when somebody presses Tab, and what it offers then.
_TAB = """
eval "$(galley completion bash)"
COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
$(complete -p galley | sed 's/.*-F \\([^ ]*\\) .*/\\1/') galley
printf '%%s\\n' "${COMPREPLY[@]}"
"""


CASES = [
    ("galley rel", ["release"]),
    ("galley studio ''", ["down", "install", "status", "up"]),
    ("galley export --fo", ["--format"]),
    ("galley export --format c", ["conll", "csv"]),
    ("galley completion ''", ["bash", "fish", "zsh"]),
]
ENVIRON = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.parametrize(("typed", "offered"), CASES)
def test_bash(typed: str, offered: list[str]) -> None:
    """Commands, commands of groups, options and their values."""
    command = ["bash", "--norc", "-euc", _TAB % typed]
    done = subprocess.run(command, env=ENVIRON, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split()) == offered


def needs(shell: str) -> str:
    """Return the shell, or skip."""
    return shutil.which(shell) or pytest.skip(f"{shell} is not here")


@pytest.mark.parametrize(("typed", "offered"), CASES)
def test_fish(typed: str, offered: list[str]) -> None:
    """As in bash; help stands whole behind each."""
    words = typed.replace("''", "")
    script = f'galley completion fish | source; complete -C "{words}"'
    done = subprocess.run(
        [needs("fish"), "-Nc", script], check=False, env=ENVIRON, capture_output=True, text=True
    )
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert sorted(line[0] for line in lines) == offered
    helps = dict(line for line in lines if len(line) > 1)
    assert helps.get("up", "Start the server, unless it runs.").endswith(", unless it runs.")


@pytest.mark.parametrize("before", ["", "autoload -U compinit; compinit -D"])
def test_zsh(before: str, tmp_path: Path) -> None:
    """Tab in a terminal, whether its completion system was started before or not."""
    environ = ENVIRON | {"ZDOTDIR": str(tmp_path), "HOME": str(tmp_path), "TERM": "xterm"}
    terminal, end = pty.openpty()
    shell = [needs("zsh"), "-f", "-i"]
    with subprocess.Popen(
        shell, env=environ, stdin=end, stdout=end, stderr=end, start_new_session=True
    ) as zsh:
        try:
            start = f'{before}\neval "$(galley completion zsh)"\necho rea""dy\n'
            os.write(terminal, start.encode())
            assert "not found" not in heard(terminal, "ready\r\n")
            os.write(terminal, b"galley rel\t")
            heard(terminal, "lease")
            os.write(terminal, b"\x15galley export --fo\t")
            heard(terminal, "rmat")
            os.write(terminal, b"\x15galley studio \t")
            assert "install  -- Install the server" in heard(terminal, "unless it runs.")
        finally:
            zsh.kill()
    os.close(end)
    os.close(terminal)


def heard(terminal: int, expected: str, *, patience: float = 60) -> str:
    """Return what the terminal says until `expected` comes."""
    said, end = "", time.monotonic() + patience
    while expected not in said:
        assert time.monotonic() < end, said
        if select.select([terminal], [], [], 0.5)[0]:
            said += os.read(terminal, 4096).decode(errors="replace")
    return said


def test_completing_is_quick(galley: Any) -> None:
    """Nothing is imported for it but what is completed."""
    code = (
        "import os, sys\nos.environ |= dict(_GALLEY_COMPLETE='bash_complete', "
        "COMP_WORDS='galley re', COMP_CWORD='1')\nfrom galley.cli.main import call\n"
        "try:\n    call([])\nexcept SystemExit:\n    pass\n"
        "print([n for n in sys.modules if n.startswith('galley.desk')])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    *found, modules = done.stdout.splitlines()
    assert (set(found) >= {"plain,release", "plain,report"}, modules) == (True, "[]")
