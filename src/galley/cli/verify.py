"""`galley verify`: check a release."""

import click

from galley.cli.output import Output, with_output
from galley.desk import Workspace


@click.command()
@click.argument("place", metavar="PATH")
@with_output
def command(place: str, *, output: Output) -> int:
    """Check a release against its hashes.

    PATH is the folder of one version, or hf://datasets/ORG/NAME@vVERSION on the Hub, which is
    downloaded anew. Every file is hashed and compared with the manifest, the manifest with the
    changelog beside the folder; then the rows are checked against the index, the schema and the
    dataset card. Exit code 1 if anything differs.
    """
    issues = Workspace.verify(place)
    value = {"ok": not issues, "issues": [issue.to_json() for issue in issues]}
    lines = [f"{i.path}: {i.code}: expected {i.expected}, got {i.got}" for i in issues]
    output.result(value, *(lines or [f"{place}: everything is as it should be"]))
    return 1 if issues else 0
