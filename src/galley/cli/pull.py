"""`galley pull`: annotations from Label Studio."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace

if TYPE_CHECKING:
    from galley.annotations.pull import PullReport


@click.command()
@click.option("--watch", is_flag=True, help="Go on, and bring each change within seconds.")
@with_workspace
@with_output
def command(folder: Path, watch: bool, *, output: Output) -> int:
    """Bring annotations back into the ledger.

    Finds new, changed, skipped and deleted annotations and appends an event for each to
    `annotations/ledger/`. What does not fit its text goes to `annotations/quarantine.jsonl`
    instead. A second pull does nothing.
    """
    workspace = Workspace.open(folder)
    place = workspace.layout.annotations_quarantine
    if not watch:
        return _say(workspace.pull(), output, place)
    for report in workspace.watch(output.warning):
        _say(report, output, place)
    return 0


def _say(report: "PullReport", output: Output, place: Path) -> int:
    if report.quarantined:
        output.warning(f"{report.quarantined} annotations do not fit: see {place}")
    output.result(
        report.to_json(),
        f"{report.events} new events, {report.records_changed} records changed, "
        f"{report.annotations} annotations in all",
    )
    return 1 if report.quarantined else 0
