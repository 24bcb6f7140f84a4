"""`galley`: the group of all commands, and the one place where exit codes are made.

0 ok, 1 findings, 2 usage, configuration or failure, 130 interrupted.
"""

import errno
import gc
import importlib
import re
import sys
from collections.abc import Sequence
from typing import Any

import click
from click.exceptions import NoSuchCommand
from click.shell_completion import CompletionItem

from galley import __version__
from galley.cli.output import Output
from galley.errors import GalleyError
from galley.nearest import suggest

# Name of a command to the module that holds it as `command`: it is imported when it is used,
# so that `galley --help` stays quick. The summaries are tested against the commands.
COMMANDS = {
    "init": "Lay out a new dataset workspace.",
    "run": "Go the whole way, as far as it goes without people.",
    "status": "Show where the dataset stands, and what to do next.",
    "build": "Read raw files and write records.",
    "inspect": "Show how a raw file was read, or what is known of a record.",
    "quarantine": "See what the build refused, and try it again.",
    "studio": "Run a Label Studio on this machine.",
    "suggest": "Propose tags and entities for all records.",
    "push": "Send records to Label Studio.",
    "pull": "Bring annotations back into the ledger.",
    "agreement": "Measure how far annotators agree.",
    "adopt": "Bring annotations made before Galley into the ledger.",
    "datasheet": "See which questions of the datasheet wait for an answer.",
    "diff": "Show what changed between two releases.",
    "report": "Write one HTML file to look at.",
    "release": "Cut a release of the dataset.",
    "verify": "Check a release against its hashes.",
    "publish": "Publish a release on the Hub or into a folder.",
    "yank": "Take a published version away.",
    "rollback": "Make a published version the current one again.",
    "export": "Write a release for other programs.",
    "rejoin": "Put the labels of a standoff release onto one's own texts.",
    "retract": "Take a record out for good.",
    "forget": "Forget who an annotator was.",
    "validate": "Check Parquet or JSON Lines against the schema.",
    "schema": "See what a changed schema does to releases.",
    "completion": "Print what completes commands and options in a shell.",
}


class Commands(click.Group):
    """The commands, imported one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or return None where there is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"galley.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that `args` begin with; click suggests only what it has imported."""
        if args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command without importing them all, as click would for their help."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        found = COMMANDS.items()
        return [CompletionItem(n, help=text) for n, text in found if n.startswith(incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="galley")
def main() -> None:
    """Build, annotate and release a dataset.

    Raw pages become records (build), people correct them in Label Studio (studio, push, pull),
    what they corrected is released as a Hugging Face dataset (release, verify).
    """


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    code = call(sys.argv[1:] if arguments is None else list(arguments))
    gc.freeze()  # Python would look through all that is left for what only holds each other
    sys.exit(code)


def call(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    output = Output(json="--json" in arguments, quiet="--quiet" in arguments)
    try:
        result: Any = main.main(arguments, prog_name="galley", standalone_mode=False)
    except (KeyboardInterrupt, click.Abort):
        return 130
    except GalleyError as error:
        output.error(error)
        return 2
    except click.ClickException as error:
        output.error(_usage_error(error))
        return 2
    except Exception as error:  # noqa: BLE001 - an unexpected one must not look like findings
        known = _system_error(error)
        output.unexpected(error) if known is None else output.error(known)
        return 2
    return result if isinstance(result, int) else 0


# What the machine refuses, whatever was about to be done: a code, and what helps.
_ROOM = ("disk_full", "make room there, then run the command again: it goes on where it stopped")
_RIGHT = ("no_access", "whose is it, and may it be written to? Then run the command again")
_TAKEN = ("path_taken", "something else stands there: name another place, or move it away")
_REFUSALS = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EROFS: _RIGHT,
    errno.EACCES: _RIGHT,
    errno.EPERM: _RIGHT,
    errno.ENOTDIR: _TAKEN,
    errno.EEXIST: _TAKEN,
    errno.EISDIR: _TAKEN,
    errno.EIO: ("disk_failing", "the disk fails: copy what is on it to another one"),
    errno.EMFILE: ("too_many_files", "raise the number of open files: `ulimit -n 4096`"),
}


def _system_error(error: BaseException | None) -> GalleyError | None:
    """Return what the machine refused that led to `error`, if it did."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _REFUSALS:
            code, hint = _REFUSALS[error.errno]
            where = f": {error.filename}" if error.filename else ""
            return GalleyError(f"{error.strerror or error}{where}", code=code, hint=hint)
        error = error.__cause__
    return None


def _usage_error(error: click.ClickException) -> GalleyError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "galley"
    possibilities = getattr(error, "possibilities", None)
    if possibilities:  # click says them within the message; they are a hint
        hint = f"did you mean {' or '.join(sorted(possibilities))}?"
        return GalleyError(error.message.rstrip("."), code="usage", hint=hint)
    kind, said = getattr(error, "param", None), re.match(r"'(.+?)' is not one of", error.message)
    if kind is not None and isinstance(kind.type, click.Choice) and said:
        near = suggest(said[1], map(str, kind.type.choices))
        return GalleyError(error.format_message().rstrip("."), code="usage", hint=near)
    return GalleyError(
        error.format_message().rstrip("."), code="usage", hint=f"see `{path} --help`"
    )
