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
@with_workspace
@with_output
def command(source: str, folder: Path, field: str, *, output: Output) -> int:
    """Bring annotations made before Galley into the ledger.

    From a project on the server, by its number, or from a project exported as JSON. Labels and
    tags must be in the vocabularies, under any name that `schema/tags.yaml` knows. What does
    not fit goes to `annotations/quarantine.jsonl` instead. A second time does nothing.
    """
    workspace = Workspace.open(folder)
    report = workspace.adopt(int(source) if source.isdecimal() else Path(source), field=field)
    if report.reasons:
        place = workspace.layout.annotations_quarantine
        reasons = ", ".join(f"{count} {code}" for code, count in sorted(report.reasons.items()))
        output.warning(f"what does not fit is in {place}: {reasons}")
    if report.without_record:
        output.note(f"{report.without_record} annotations wait for a record that has their text")
    output.result(
        report.to_json(),
        f"{report.events} new events from {report.tasks} tasks: {report.annotations} annotations, "
        f"{report.skipped} skips, {report.repaired} repaired, {report.quarantined} quarantined",
    )
    return 1 if report.quarantined else 0
