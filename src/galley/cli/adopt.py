"""`galley adopt`: annotations that were made before Galley."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace


@click.command()
@click.argument("source", metavar="PROJECT_ID|FILE.json")
@click.option(
    "--text-field",
    "field",
    default="text",
    show_default=True,
    help="The name of the text in the tasks' data.",
)
@click.option("--dry-run", is_flag=True, help="Say what would come, and write nothing.")
@with_workspace
@with_output
def command(source: str, folder: Path, field: str, *, dry_run: bool, output: Output) -> int:
    """Bring annotations made before Galley into the ledger.

    From a project on the server, by its number, or from a project exported as JSON. Labels and
    tags must be in the vocabularies, under any name that `schema/tags.yaml` knows. What does
    not fit goes to `annotations/quarantine.jsonl` instead. A second time does nothing.
    """
    place = int(source) if source.isdecimal() else Path(source)
    with output.progress("records") as advance:
        workspace = Workspace.open(folder, advance)
        report = workspace.adopt(place, field=field, dry_run=dry_run)
    if report.reasons:
        aside = workspace.layout.annotations_quarantine
        reasons = ", ".join(f"{count} {code}" for code, count in sorted(report.reasons.items()))
        verb = "would go to" if dry_run else "is in"
        output.warning(f"what does not fit {verb} {aside}: {reasons}")
    if report.without_record:
        output.note(f"{report.without_record} annotations wait for a record that has their text")
    output.result(
        report.to_json(),
        f"{'would be: ' if dry_run else ''}{report.events} new events from {report.tasks} tasks: "
        f"{report.annotations} annotations, {report.skipped} skips, {report.repaired} repaired, "
        f"{report.quarantined} quarantined",
    )
    return 1 if report.quarantined else 0
