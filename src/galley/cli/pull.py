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
@click.option("--dry-run", is_flag=True, help="Say what would come, and write nothing.")
@with_workspace
@with_output
def command(folder: Path, watch: bool, *, dry_run: bool, output: Output) -> int:
    """Bring annotations back into the ledger.

    Finds new, changed, skipped and deleted annotations and appends an event for each to
    `annotations/ledger/`. What does not fit its text goes to `annotations/quarantine.jsonl`
    instead. A second pull does nothing.
    """
    if watch and dry_run:
        raise click.UsageError("--watch goes on for ever: leave out --dry-run")
    workspace = Workspace.open(folder)
    place = workspace.layout.annotations_quarantine
    if not watch:
        with output.progress("tasks") as advance:
            report = Workspace.open(folder, advance).pull(dry_run=dry_run)
        return _say(report, output, place, dry_run=dry_run)
    for report in workspace.watch(output.warning):
        _say(report, output, place)
    return 0


def _say(report: "PullReport", output: Output, place: Path, *, dry_run: bool = False) -> int:
    if report.quarantined:
        see = "" if dry_run else f": see {place}"
        output.warning(f"{report.quarantined} annotations do not fit{see}")
    if report.unread:
        numbers = ", ".join(map(str, report.unread))
        output.warning(
            f"the server fails at the tasks {numbers}: what was known of them stays; mend or "
            "delete their last annotations there"
        )
    would = "would be: " if dry_run else ""
    output.result(
        report.to_json(),
        f"{would}{report.events} new events, {report.records_changed} records changed, "
        f"{report.annotations} annotations in all",
    )
    return 1 if report.quarantined or report.unread else 0
