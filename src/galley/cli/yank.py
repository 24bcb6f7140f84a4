"""`galley yank`: take the name of a published version away."""

import click

from galley.cli.output import Output, with_output
from galley.cli.target import ask, show, with_target
from galley.desk import Workspace


@click.command()
@click.argument("version")
@with_target
@with_output
def command(version: str, *, target: str, dry_run: bool, yes: bool, output: Output) -> None:
    """Take a published version away.

    On the Hub its tag is deleted: nobody can load it by its name any more. The commit stays in
    git history, and `main` stays what it is. In a folder the version's folder is deleted.
    """
    confirm = ask(dry_run=dry_run, yes=yes)
    with output.progress("yank", asks=not (dry_run or yes)):
        plan = Workspace.yank(version, to=target, confirm=confirm)
    show(output, plan, dry_run=dry_run)
