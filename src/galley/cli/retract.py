"""`galley retract`: take a record out for good."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galley.cli.consent import ask
from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace

if TYPE_CHECKING:
    from galley.report.retraction import Retraction


@click.command()
@click.argument("record_id", metavar="ID")
@click.option("--reason", required=True, help="Why; it is committed, so name nobody in it.")
@click.option("--dry-run", "mode", flag_value="dry", help="Say what would be done; change nothing.")
@click.option("--yes", "mode", flag_value="yes", help="Do not ask.")
@with_workspace
@with_output
def command(record_id: str, *, reason: str, mode: str | None, folder: Path, output: Output) -> None:
    """Take a record out for good.

    It leaves the build and every later release, which is a minor change. What people and
    machines said about it is erased from the ledger, whose events keep their names, and from the
    suggestions. The hashes of its address, title and text stay: they block its return.

    What was published or committed before is not undone by that. The report says which releases
    and which history still hold the record, and what can be erased there.
    """
    workspace = Workspace.open(folder)
    if mode is None:
        ask(
            "Take it out?",
            output,
            refusal="what is retracted does not come back: say --yes, or --dry-run",
            lines=lambda: _lines(workspace.retract(record_id, reason, dry_run=True)),
        )
    dry_run = mode == "dry"
    with output.progress("retract"):
        found = workspace.retract(record_id, reason, dry_run=dry_run)
    output.result(found.to_json() | {"dry_run": dry_run}, *_lines(found, dry_run=dry_run))


def _lines(found: "Retraction", *, dry_run: bool = True) -> Iterator[str]:
    if not found.done and not dry_run:
        yield f"{found.id}: was taken out before, nothing is left to do"
    else:
        verb = "would go" if dry_run else "gone"
        yield (
            f"{found.id}: {verb}: records {found.records}, events {found.events}, "
            f"suggestions {found.suggestions}, annotations put aside {found.misfits}"
        )
    yield from (f"  still there: {sentence}" for sentence in found.remains())
