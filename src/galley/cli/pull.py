"""`galley pull`: annotations from Label Studio."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace


@click.command()
@with_workspace
@with_output
def command(folder: Path, *, output: Output) -> int:
    """Bring annotations back into the ledger.

    Finds new, changed, skipped and deleted annotations and appends an event for each to
    `annotations/ledger/`. What does not fit its text goes to `annotations/quarantine.jsonl`
    instead. A second pull does nothing.
    """
    workspace = Workspace.open(folder)
    report = workspace.pull()
    if report.quarantined:
        place = workspace.layout.annotations_quarantine
        output.warning(f"{report.quarantined} annotations do not fit: see {place}")
    output.result(
        report.to_json(),
        f"{report.events} new events, {report.records_changed} records changed, "
        f"{report.annotations} annotations in all",
    )
    return 1 if report.quarantined else 0
