"""`galley diff`: what changed between two releases, or since the last one."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace


@click.command()
@click.argument("old", metavar="[A]", required=False)
@click.argument("new", metavar="[B]", default=".")
@click.option("--markdown", is_flag=True, help="Print Markdown, for a pull request.")
@with_workspace
@with_output
def command(folder: Path, *, old: str | None, new: str, markdown: bool, output: Output) -> None:
    """Show what changed between two releases.

    A and B are versions, revisions on the Hub as hf://datasets/ORG/NAME@v1.0.0, or `.` for what
    would be released now. Without B that is `.`, and without A it is the newest release.

    Records, labels, fields and splits are compared by what is committed. Where the Parquet
    files are there too, so are the fields, spans and tags of each record.
    """
    from galley.releases.narrative import tell, tell_markdown  # noqa: PLC0415 - loads pyarrow

    with output.progress("records") as advance:
        found = Workspace.open(folder, advance).diff(old, new)
    output.result(found.to_json(), *(tell_markdown(found) if markdown else tell(found)))
