"""The command line as a whole: quick, documented, and with exit codes that mean something."""

import importlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pytest

from galley.cli.main import COMMANDS
from tests.conftest import ROOT

PROGRAM = Path(sys.executable).with_name("galley")
HEAVY = ("datasets", "pyarrow", "label_studio_sdk", "jsonschema", "rich", "psutil")


def _commands() -> dict[str, click.Command]:
    """Return all commands, those of groups too, by their full name."""
    found: dict[str, click.Command] = {}
    for name in COMMANDS:
        command = importlib.import_module(f"galley.cli.{name}").command
        found[name] = command
        for word, inner in getattr(command, "commands", {}).items():
            found[f"{name} {word}"] = inner
    return found


def test_help_is_quick() -> None:
    """`galley --help` returns in under 0.3 s: the best of five, for the machine may be busy."""

    def seconds() -> float:
        begun = time.perf_counter()
        subprocess.run([PROGRAM, "--help"], check=True, capture_output=True)
        return time.perf_counter() - begun

    assert min(seconds() for _ in range(5)) < 0.3


def test_help_imports_nothing_heavy() -> None:
    """What only some commands need is imported where they need it."""
    code = (
        "import sys\nfrom galley.cli.main import call\n"
        f"assert call(['--help']) == 0\nprint([n for n in {HEAVY} if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_is_the_first_line_of_the_help(name: str) -> None:
    """The list of commands is written without importing them, and must not drift."""
    text = importlib.import_module(f"galley.cli.{name}").command.help
    assert text.strip().splitlines()[0] == COMMANDS[name]


def test_every_command_and_option_has_help() -> None:
    """Nothing is left to guess."""
    silent = []
    for name, command in _commands().items():
        options = [item for item in command.params if isinstance(item, click.Option)]
        silent += [f"{name} {item.opts[0]}" for item in options if not item.help]
        silent += [] if command.help else [name]
    assert silent == []


def test_every_command_speaks_json() -> None:
    """`--json` and `--quiet` are everywhere but on groups."""
    leaves = {n: c for n, c in _commands().items() if not isinstance(c, click.Group)}
    for name, command in leaves.items():
        flags = {flag for item in command.params for flag in item.opts}
        assert {"--json", "--quiet"} <= flags, name


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        *(("biuld", "build"), ("studio upp", "up"), ("build --ot", "--out"), ("relase", "release")),
        ("export --format jsnl --out .", "jsonl"),
        ("inspect READMEE.md", "README.md"),
        ("validate pyproject.tmol", "pyproject.toml"),
    ],
)
def test_a_slip_gets_the_nearest_word(galley: Any, words: str, hint: str) -> None:
    """An unknown command or option suggests what was meant."""
    done = galley(*words.split(), cwd=ROOT)
    assert done.returncode == 2
    assert hint in done.stderr.split("hint: ")[1]


def test_a_slip_in_a_variable(galley: Any, tmp_path: Path) -> None:
    """It does not pass for a setting: no command goes on by the default."""
    folder = tmp_path / "workspace"
    assert galley("init", folder).returncode == 0
    done = galley("build", "--json", cwd=folder, GALLEY_BUILD_MAX_QUARANTEEN="0.5")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (2, "config_unknown")
    assert "GALLEY_BUILD_MAX_QUARANTINE" in error["hint"]
    assert not (folder / "build/out").exists()


def test_a_failure_is_one_json_object(galley: Any, tmp_path: Path) -> None:
    """Exit code 2 with `--json`: code, message and hint, on stdout alone."""
    done = galley("build", "--json", "--workspace", tmp_path)
    assert (done.returncode, done.stderr) == (2, "")
    error = json.loads(done.stdout)["error"]
    assert set(error) == {"code", "message", "hint"}
    assert error["code"] == "no_workspace"


def _with_build(body: str) -> list[str]:
    """Return a command line of Galley in which `galley build` does `body`."""
    code = (
        "import sys, time, click\n"
        "from galley.cli import main\n"
        f"@click.command()\ndef command():\n    {body}\n"
        "sys.modules['galley.cli.build'] = sys.modules['__main__']\n"
        "main.run(['build'])"
    )
    return [sys.executable, "-c", code]


def test_an_unexpected_failure_is_no_finding() -> None:
    """A bug exits with 2, not with the 1 of findings, and asks for a report."""
    command = _with_build("raise RuntimeError('nobody foresaw this')")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "error: unexpected RuntimeError: nobody foresaw this" in done.stderr
    assert "please report it" in done.stderr


def test_ctrl_c_exits_with_130() -> None:
    """An interrupt is neither a finding nor a failure."""
    command = _with_build("print('ready', flush=True); time.sleep(60)")
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130
