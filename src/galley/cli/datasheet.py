"""`galley datasheet`: which answers are missing, and which are out of date."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace


@click.command()
@click.option("--check", is_flag=True, help="End with exit code 1 if anything waits.")
@click.option(
    "--confirm",
    "confirmed",
    metavar="NUMBER",
    multiple=True,
    help="Say that the answer to this question holds for the present data; may be repeated.",
)
@with_workspace
@with_output
def command(folder: Path, *, check: bool, confirmed: tuple[str, ...], output: Output) -> int:
    """See which questions of the datasheet wait for an answer.

    A question waits if nothing stands under it, or if its answer was given for other data: a
    new publisher, licence, language or extractor. Edit the answer then, or confirm it as it is.
    No release with corrected records passes while a question waits.
    """
    with output.progress("records") as advance:
        issues = Workspace.open(folder, advance).datasheet(confirmed)
    value = {"ok": not issues, "issues": [issue.to_json() for issue in issues]}
    lines = [f"{i.path}: {i.code}: expected {i.expected}, got {i.got}" for i in issues]
    output.result(value, *(lines or ["every question has its answer"]))
    return 1 if check and issues else 0
