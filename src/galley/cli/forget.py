"""`galley forget`: forget who an annotator was."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galley.cli.consent import ask
from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace

if TYPE_CHECKING:
    from galley.report.forgetting import Forgetting


@click.command()
@click.argument("annotator", metavar="ANNOTATOR")
@click.option(
    "--keep",
    multiple=True,
    metavar="ADDRESS",
    help="Somebody who stays and is no user of Label Studio any more; may be given again.",
)
@click.option("--dry-run", "mode", flag_value="dry", help="Say what would be done; change nothing.")
@click.option("--yes", "mode", flag_value="yes", help="Do not ask.")
@with_workspace
@with_output
def command(
    annotator: str, *, keep: tuple[str, ...], mode: str | None, folder: Path, output: Output
) -> None:
    """Forget who an annotator was.

    ANNOTATOR is an e-mail address, a pseudonym, or `-` to read one from stdin, so that no history
    of a shell and no list of processes has it. What the person did stays in the ledger under
    another pseudonym, events keep their names, and the key of all pseudonyms is replaced: nobody
    can compute any more which one the address had. Users of Label Studio, as far as it can be
    reached, keep theirs, and so does who is named by --keep.

    What was published or committed before is not undone by that. The report says which files,
    releases and history still hold the old pseudonym.
    """
    workspace = Workspace.open(folder)
    if annotator == "-":
        annotator = sys.stdin.readline().strip()
    if mode is None:
        ask(
            "Forget who it was?",
            output,
            refusal="a key that is replaced does not come back: --yes or --dry-run",
            lines=lambda: _lines(workspace.forget(annotator, keep=keep, dry_run=True)),
        )
    dry_run = mode == "dry"
    found = workspace.forget(annotator, keep=keep, dry_run=dry_run)
    output.result(found.to_json() | {"dry_run": dry_run}, *_lines(found, dry_run=dry_run))


def _lines(found: "Forgetting", *, dry_run: bool = True) -> Iterator[str]:
    if not found.done and not dry_run:
        yield f"{found.pseudonym}: nobody has this pseudonym, nothing is left to do"
    else:
        verb = "would be" if dry_run else "is"
        yield (
            f"{found.pseudonym}: {verb} {found.now} in {found.events} events; "
            f"{found.kept} others keep their pseudonyms under a new key"
        )
    yield from (f"  still there: {sentence}" for sentence in found.remains())
