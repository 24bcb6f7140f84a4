"""`galley rollback`: make a published version current again."""

import click

from galley.cli.output import Output, with_output
from galley.cli.target import ask, show, with_target
from galley.desk import Workspace


@click.command()
@click.argument("version")
@with_target
@with_output
def command(version: str, *, target: str, dry_run: bool, yes: bool, output: Output) -> None:
    """Make a published version the current one again.

    On the Hub one commit makes `main` equal to the version's tag; all tags and all history stay.
    In a folder `latest.json` points at it.
    """
    confirm = ask(dry_run=dry_run, yes=yes)
    with output.progress("rollback", asks=not (dry_run or yes)):
        plan = Workspace.rollback(version, to=target, confirm=confirm)
    show(output, plan, dry_run=dry_run)
