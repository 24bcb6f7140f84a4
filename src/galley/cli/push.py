"""`galley push`: records to Label Studio."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace


@click.command()
@with_workspace
@with_output
def command(folder: Path, *, output: Output) -> int:
    """Send records to Label Studio.

    Sends the tasks that the project lacks, each with suggested tags and entities, and brings
    the others up to date. Nothing that a person worked on is deleted. A second push does
    nothing.
    """
    with output.progress("tasks") as advance:
        report = Workspace.open(folder).push(advance)
    for issue in report.issues:
        output.warning(f"withheld: {issue.path}: expected {issue.expected}, got {issue.got}")
    counts = report.to_json()
    said = ", ".join(f"{counts[name]} {name}" for name in list(counts)[1:] if counts[name])
    output.result(counts, f"project {report.project_id}: {said or 'nothing to send'}")
    return 1 if counts["withheld"] or counts["failed"] else 0
