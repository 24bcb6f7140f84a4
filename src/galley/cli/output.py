"""What commands print: data to stdout, everything else to stderr."""

import json as jsonlib
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from galley.errors import GalleyError

# `advance(done, total)`: how far a step is, in its own unit.
Advance = Callable[[int, int], None]


# What moves the cursor, changes the direction of writing or ends a line where none ends.
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_STYLE = re.compile(r"(\x1b\[[0-9;]*m)")


class Output:
    """One voice for all commands: human, `--json` or `--quiet`.

    Args:
        json: Print one JSON object on stdout and nothing for people.
        quiet: Print nothing but errors.
    """

    def __init__(self, *, json: bool = False, quiet: bool = False) -> None:
        self.json = json
        self.quiet = quiet

    def result(self, value: dict[str, Any], *lines: str) -> None:
        """Print what the command found out: `value` with `--json`, else `lines`."""
        if self.json:
            click.echo(_json(value))
        elif not self.quiet:
            for line in lines:
                click.echo(safe(line, styled=sys.stdout.isatty()))

    def note(self, message: str) -> None:
        """Tell a person what is going on, on stderr."""
        if not self.quiet:
            click.echo(safe(message), err=True)

    def warning(self, message: str) -> None:
        """Tell a person what may be wrong, on stderr."""
        if not self.quiet:
            click.echo(f"{self._paint('warning:', 'yellow')} {safe(message)}", err=True)

    def error(self, error: GalleyError) -> None:
        """Print a failure: the JSON error object, or its message and hint on stderr."""
        if self.json:
            click.echo(_json(error.to_json()))
            return
        click.echo(f"{self._paint('error:', 'red')} {safe(error.message)}", err=True)
        if error.hint:
            click.echo(f"{self._paint('hint:', 'cyan')} {safe(error.hint)}", err=True)

    def unexpected(self, error: Exception) -> None:
        """Print a failure that nobody foresaw, with its traceback for the bug report."""
        click.echo(safe("".join(traceback.format_exception(error))), err=True)
        self.error(
            GalleyError(
                f"unexpected {type(error).__name__}: {error}",
                code="unexpected",
                hint="this is a bug in Galley: please report it with the lines above",
            )
        )

    @contextmanager
    def progress(self, what: str, *, asks: bool = False) -> Iterator[Advance]:
        """Yield `advance(done, total)`; it draws a bar on stderr when that is a terminal.

        Args:
            what: What is counted, or done.
            asks: Whether a person is asked meanwhile: a bar would stand over the question.
        """
        if asks or self.json or self.quiet or not sys.stderr.isatty():
            yield _silent
            return
        from galley.cli.bar import draw  # noqa: PLC0415 - rich, only where a bar is drawn

        with draw(what) as advance:
            yield advance

    def _paint(self, text: str, color: str) -> str:
        return text if "NO_COLOR" in os.environ else click.style(text, fg=color, bold=True)


def safe(text: str, *, styled: bool = False) -> str:
    """Return `text` with each character spelled out that a terminal would obey or hide.

    Args:
        text: What is to be shown; line ends and tabs stay.
        styled: Whether it may hold colours of ours.
    """
    pieces = _STYLE.split(text) if styled else [text]
    return "".join(
        piece if number % 2 else _UNSAFE.sub(lambda found: _name(found[0]), piece)
        for number, piece in enumerate(pieces)
    )


def _name(char: str) -> str:
    return "⟨ESC⟩" if char == "\x1b" else f"⟨U+{ord(char):04X}⟩"


def _json(value: Any) -> str:
    """Return JSON, with escapes for what a terminal would obey."""
    said = jsonlib.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", said)


def _silent(done: int, total: int) -> None:
    """Advance a bar that nobody sees."""
    del done, total


def with_output(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--json` and `--quiet`, and the `output` that follows from them."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
    @click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
    def wrapper(*args: Any, as_json: bool, quiet: bool, **options: Any) -> Any:
        return command(*args, output=Output(json=as_json, quiet=quiet), **options)

    wrapper.__doc__ = command.__doc__
    wrapper.__name__ = command.__name__
    return wrapper


def with_workspace(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--workspace DIR`."""
    return click.option(
        "--workspace",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(),
        show_default="the current directory",
        help="The workspace to work in.",
    )(command)
