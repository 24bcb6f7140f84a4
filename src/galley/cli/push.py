"""`galley push`: records to Label Studio."""

import gc
from pathlib import Path
from typing import Any

import click

from galley.annotations.ranking import By
from galley.annotations.selection import Selection
from galley.annotations.task import Queue
from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace

# New objects after which those that only refer to each other are looked for: tasks never do, and
# to look through them each time took an eighth of a push.
_SELDOM = 200_000


@click.command()
@click.option(
    "--queue",
    type=click.Choice([str(queue) for queue in Queue]),
    help="Only records that wait for this: nobody has looked at them yet (new); their text has "
    "changed and a part of what was marked has no place in it (reanchor); people differ "
    "(adjudicate); a migration split what they chose (split); they may be wrong (suspects). The "
    "last three go to projects of their own: what is left there stands over all else.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Send at most this many tasks.")
@click.option(
    "--by",
    type=click.Choice([str(by) for by in By]),
    help="Which come first: those that suggesters are least sure of, those least like what "
    "people have seen, drawn ones, or the oldest.",
)
@click.option(
    "--seed", help="Draws what nothing else decides; without it, annotations.seed of the settings."
)
@click.option(
    "--only",
    default="",
    metavar="QUERY",
    help="Only records that fit: `field=value` and `field~part`, as many as wanted.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@with_workspace
@with_output
def command(folder: Path, *, output: Output, dry_run: bool, seed: str | None, **limits: Any) -> int:
    """Send records to Label Studio.

    Sends the tasks that the project lacks, each with suggested tags and entities, and brings
    the others up to date. Nothing that a person worked on is deleted. A second push does
    nothing.
    """
    gc.set_threshold(_SELDOM)
    workspace = Workspace.open(folder)
    drawn = workspace.config.annotations.seed if seed is None else seed
    selection = Selection(**limits, seed=drawn)
    with output.progress("tasks") as advance:
        report = workspace.push(advance, selection=selection, dry_run=dry_run)
    for issue in report.issues:
        output.warning(f"withheld: {issue.path}: expected {issue.expected}, got {issue.got}")
    counts = report.to_json()
    said = ", ".join(f"{counts[name]} {name}" for name in list(counts)[1:] if counts[name])
    would = "would be: " if dry_run else ""
    where = [] if dry_run or not report.project_id else [_advise(workspace, report.project_id)]
    output.result(
        counts, f"project {report.project_id}: {would}{said or 'nothing to send'}", *where
    )
    return 1 if counts["withheld"] or counts["failed"] else 0


def _advise(workspace: Workspace, project: int) -> str:
    """Say where people work on what was sent."""
    running = None if workspace.named_server else workspace.studio.status()
    url = workspace.named_server if running is None else running.url
    return f"next: annotate at {url.rstrip('/')}/projects/{project}/data, then galley pull"
