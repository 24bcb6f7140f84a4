"""`galley completion`, in real shells as far as they are here."""

import os
import shutil
import subprocess
import sys
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


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("galley rel", ["release"]),
        ("galley studio ''", ["down", "install", "status", "up"]),
        ("galley export --fo", ["--format"]),
        ("galley export --format c", ["conll", "csv"]),
        ("galley completion ''", ["bash", "fish", "zsh"]),
    ],
)
def test_bash(typed: str, offered: list[str]) -> None:
    """Commands, commands of groups, options and their values."""
    environ = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", "--norc", "-euc", _TAB % typed]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split()) == offered


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells(galley: Any, shell: str, tmp_path: Path) -> None:
    """They read the script without a complaint; where the shell is not here, it is printed."""
    done = galley("completion", shell)
    assert (done.returncode, "_GALLEY_COMPLETE" in done.stdout) == (0, True)
    if program := shutil.which(shell):
        script = tmp_path / "script"
        script.write_text(done.stdout, encoding="utf-8")
        subprocess.run([program, "-n", script], check=True)


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
