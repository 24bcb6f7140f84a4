"""`galley publish`: a release to the Hub, or into a folder."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.cli.target import ask, show, with_target
from galley.desk import Workspace


@click.command()
@click.argument("version", required=False)
@with_target
@with_workspace
@with_output
def command(  # noqa: PLR0913 - one argument an option
    folder: Path,
    *,
    version: str | None,
    target: str,
    dry_run: bool,
    yes: bool,
    output: Output,
) -> None:
    """Publish a release on the Hub or into a folder.

    VERSION is a release in releases/, the newest by default. A copy of it is checked, and loaded
    config by config as a user would, before anything leaves. On the Hub, one commit makes `main`
    equal to it, the commit gets the tag vVERSION, and what is there is read and loaded again. A
    run that was interrupted can be run again. The token is HF_TOKEN, or that of `hf auth login`.
    """
    confirm = ask(dry_run=dry_run, yes=yes)
    with output.progress("publish", asks=not (dry_run or yes)):
        plan = Workspace.open(folder).publish(version, to=target, confirm=confirm)
    use = f'to use it: galley.load("{target}", revision="v{plan.version}")'
    show(output, plan, use, dry_run=dry_run)
