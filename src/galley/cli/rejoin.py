"""`galley rejoin`: labels without texts, put back onto one's own copy of the pages."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace


@click.command()
@click.argument("standoff", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File to write."
)
@with_workspace
@with_output
def command(standoff: Path, *, out: Path, folder: Path, output: Output) -> int:
    """Put the labels of a standoff release onto one's own texts.

    STANDOFF is a folder that `galley release --standoff` wrote. The workspace holds the same
    pages, built. What has the same text, by its hash, is written as JSON Lines; the ids of what
    has not are listed, with exit code 1.
    """
    with output.progress("records") as advance:
        found = Workspace.open(folder, advance).rejoin(standoff, out)
    lines = [f"{issue.path}: {issue.got}" for issue in found.missing]
    output.result(found.to_json(), f"{out}: {found.records} records", *lines)
    return 1 if found.missing else 0
